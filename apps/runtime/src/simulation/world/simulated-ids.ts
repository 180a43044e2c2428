import { createHash } from 'node:crypto';
import { formatId, Ids } from '@millrace/kernel';

/** Ids that are the same ones in each playing of a scenario: minted ones count, from a name that no other process has. */
export class SimulatedIds extends Ids {
  private minted = 0;

  constructor(private readonly process: string) {
    super();
  }

  override mint(prefix: string): string {
    return this.derive(prefix, 'minted', this.process, String(++this.minted));
  }

  override derive(prefix: string, ...names: readonly string[]): string {
    return formatId(prefix, createHash('sha1').update(JSON.stringify(names)).digest());
  }
}
