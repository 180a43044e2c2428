import { setImmediate } from 'node:timers/promises';
import type { GetGrantsResponse } from '@millrace/contracts';
import type { Principal } from '@millrace/kernel';
import { nameOf, type Grants } from './grants-cache';

/**
 * What callers have, never found out before they asked. Who asks while the same question is under way waits for the next one, and one answer
 * is for all who wait: many who come at once cost a few questions.
 */
export class GatheredGrants implements Grants {
  /** Questions that have not begun yet: who joins one is answered by what is true from now on. */
  private readonly gathering = new Map<string, Promise<GetGrantsResponse>>();
  private readonly underWay = new Map<string, Promise<unknown>>();

  of(principal: Principal, workspace: string, find: () => Promise<GetGrantsResponse>): Promise<GetGrantsResponse> {
    const name = nameOf(principal, workspace);
    const asked = this.gathering.get(name) ?? this.ask(name, find);
    this.gathering.set(name, asked);
    return asked;
  }

  private async ask(name: string, find: () => Promise<GetGrantsResponse>): Promise<GetGrantsResponse> {
    await this.underWay.get(name);
    await setImmediate();
    this.gathering.delete(name);
    const asking = find();
    const ended = asking.then(
      () => this.underWay.delete(name),
      () => this.underWay.delete(name),
    );
    this.underWay.set(name, ended);
    return asking;
  }
}
