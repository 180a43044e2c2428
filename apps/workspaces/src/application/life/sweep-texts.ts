import type { Collection } from '@millrace/documents';
import type { Clock } from '@millrace/kernel';
import type { Workspace } from '../../domain/workspace';
import type { UnnamedTexts } from '../ports/unnamed-texts';
import type { NamedTexts } from './named-texts';

export interface SweepTextsParts {
  readonly workspaces: Collection<Workspace>;
  readonly named: NamedTexts;
  readonly texts: UnnamedTexts;
  readonly clock: Clock;
}

/** Milliseconds for which a text that nothing names is still there: longer than any run may wait (400 days), for one goes on with what it began with. */
const KEPT = 401 * 86_400_000;

/**
 * Puts aside the texts that nothing names – of imports that a crash cut off, of versions that are gone – and removes them when no run can need them any more. No
 * writer waits for it: what is named meanwhile is found where it was put, and comes back. Any number of instances may do so at once.
 */
export class SweepTexts {
  constructor(private readonly parts: SweepTextsParts) {}

  async run(): Promise<void> {
    const { clock, texts, workspaces } = this.parts;
    for await (const { document } of workspaces.each()) await this.retire(document.id);
    await texts.expire(clock.now() - KEPT, this.isNamed());
  }

  /** First what there is, then what is named: whatever was written in between is named by then, or new and not looked at. */
  private async retire(workspaceId: string): Promise<void> {
    const { clock, named, texts } = this.parts;
    const digests = await Array.fromAsync(texts.digests(workspaceId));
    if (digests.length === 0) return;
    const wanted = await named.of(workspaceId);
    for (const digest of digests) if (!wanted.has(digest)) await texts.retire(workspaceId, digest, clock.now());
  }

  /** Looks once at what each workspace names. */
  private isNamed(): (workspaceId: string, digest: string) => Promise<boolean> {
    const seen = new Map<string, Promise<ReadonlySet<string>>>();
    return async (workspaceId, digest) => {
      const named = seen.get(workspaceId) ?? this.parts.named.of(workspaceId);
      seen.set(workspaceId, named);
      return (await named).has(digest);
    };
  }
}
