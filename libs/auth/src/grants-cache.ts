import { timestampMs } from '@bufbuild/protobuf/wkt';
import type { GetGrantsResponse } from '@millrace/contracts';
import type { Clock, Principal } from '@millrace/kernel';
import type { Bucket, Watch } from '@millrace/messaging';
import { Recent } from './recent';

/** A watch can fall behind: nothing is believed longer, in milliseconds. */
const LONGEST = 30_000;
const CAPACITY = 20_000;

/** Who knows, or finds out, what callers have in workspaces. */
export interface Grants {
  /** What a caller has in a workspace, by id or slug; asked for by `find` unless it is known. */
  of(principal: Principal, workspace: string, find: () => Promise<GetGrantsResponse>): Promise<GetGrantsResponse>;
}

interface Held {
  readonly grants: GetGrantsResponse;
  readonly version: number;
  readonly until: number;
}

/**
 * What was found out about the rights of callers, until something changes in their workspace: `workspaces` writes the bucket `rights`
 * whenever it does, each process follows it.
 */
export class GrantsCache implements Grants {
  private readonly held = new Recent<string, Held>(CAPACITY);
  /** By workspace, the place of its last change among all changes. */
  private readonly versions = new Map<string, number>();
  private changes = 0;
  private watch?: Watch;

  private constructor(private readonly clock: Clock) {}

  /** `rights`: the bucket of that name. */
  static async open(rights: Bucket, clock: Clock): Promise<GrantsCache> {
    const cache = new GrantsCache(clock);
    cache.watch = await rights.watch('', ({ key }) => cache.forget(key));
    return cache;
  }

  /** What a caller has in a workspace, by id or slug; asked for by `find` unless it is known. */
  async of(principal: Principal, workspace: string, find: () => Promise<GetGrantsResponse>): Promise<GetGrantsResponse> {
    const name = nameOf(principal, workspace);
    const known = this.held.get(name);
    if (known !== undefined && this.isFresh(known)) return known.grants;
    const asked = this.changes;
    const grants = await find();
    // What changed while the answer was on its way may not be in it.
    if (asked === this.changes) this.held.set(name, { grants, version: this.versionOf(grants), until: this.endOf(grants) });
    return grants;
  }

  /** Stops following changes. */
  async onApplicationShutdown(): Promise<void> {
    await this.watch?.stop();
  }

  private isFresh({ grants, version, until }: Held): boolean {
    return version === this.versionOf(grants) && until > this.clock.now();
  }

  /** What ends by itself is asked for again then. */
  private endOf({ until }: GetGrantsResponse): number {
    return Math.min(this.clock.now() + LONGEST, until === undefined ? Infinity : timestampMs(until));
  }

  private versionOf({ workspaceId }: GetGrantsResponse): number {
    return this.versions.get(workspaceId) ?? 0;
  }

  private forget(workspaceId: string): void {
    this.changes += 1;
    this.versions.set(workspaceId, this.changes);
  }
}

/** The same for questions that have the same answer. */
export function nameOf(principal: Principal, workspace: string): string {
  return `${workspace} ${JSON.stringify(principal)}`;
}
