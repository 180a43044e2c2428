import type { LookupAddress } from 'node:dns';
import { isIPv6 } from 'node:net';
import { NameResolver } from '../egress/name-resolver';

/** Name servers that change their mind: each question takes the next answer, the last one stays. Remembers what it was asked. */
export class ScriptedResolver extends NameResolver {
  readonly asked: string[] = [];
  private next = 0;

  constructor(private readonly answers: readonly (readonly string[])[]) {
    super();
  }

  override async resolve(name: string): Promise<readonly LookupAddress[]> {
    this.asked.push(name);
    const answer = this.answers[Math.min(this.next, this.answers.length - 1)] ?? [];
    this.next += 1;
    return answer.map((address) => ({ address, family: isIPv6(address) ? 6 : 4 }));
  }
}
