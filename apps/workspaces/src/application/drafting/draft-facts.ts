import type { CallContext, NewEvent } from '@millrace/messaging';
import { automationSlug, type Draft } from '../../domain/draft';
import type { FileChange } from '../../domain/tree/compare';
import type { Facts } from '../facts';
import type { Checker, Described, SourceFile } from '../ports/checker';

/** What is told of an automation. */
type Spoken = Pick<Described, 'listens' | 'emits'>;

/** What many changes at once are told of. */
export interface ManyChanges {
  readonly changes: readonly FileChange[];
  /** What the automations among them say of themselves, by path. */
  readonly described: ReadonlyMap<string, Spoken>;
  /** Digest of the draft after them. */
  readonly digest: string;
}

/** An event names no more: its payload is bounded. */
const NAMED = 1_000;
const VERBS = { created: 'created', changed: 'updated', removed: 'deleted', extra: undefined } as const;

/** Tells of many files of a draft that changed in one write. */
export class DraftFacts {
  constructor(
    private readonly facts: Facts,
    private readonly checker: Checker,
  ) {}

  /** What the automations that will be there say of themselves. */
  describe(changes: readonly FileChange[], texts: readonly SourceFile[]): ReadonlyMap<string, Spoken> {
    const changed = new Set(changes.map(({ path }) => path));
    const automations = texts.filter(({ path }) => changed.has(path) && automationSlug(path) !== undefined);
    return new Map(
      automations.map((file) => {
        const { listens, emits } = this.checker.describe(file);
        return [file.path, { listens, emits }];
      }),
    );
  }

  /** One fact of each automation, and one of the whole; none when nothing changed. */
  applied(context: CallContext, draft: Draft, { changes, described, digest }: ManyChanges): readonly NewEvent[] {
    if (changes.length === 0) return [];
    const { workspaceId } = draft;
    const paths = changes.slice(0, NAMED).map(({ path }) => path);
    const payload = { paths, digest, ...(changes.length > NAMED ? { more: changes.length - NAMED } : {}) };
    const whole = this.facts.of(context, { workspaceId, type: 'workspaces.drafts.changed', payload, subject: 'draft' });
    return [...changes.flatMap((change) => this.automation(context, draft, change, described.get(change.path))), whole];
  }

  private automation(context: CallContext, draft: Draft, { path, change }: FileChange, described?: Spoken): readonly NewEvent[] {
    const slug = automationSlug(path);
    const verb = VERBS[change];
    if (slug === undefined || verb === undefined) return [];
    const file = draft.files[path];
    const payload = { slug, ...(file === undefined ? {} : { digest: file.digest, ...described }) };
    const fact = { workspaceId: draft.workspaceId, type: `workspaces.automations.${verb}`, payload, subject: `automation/${slug}` };
    return [this.facts.of(context, { ...fact, ...(file === undefined ? {} : { revision: file.revision }) })];
  }
}
