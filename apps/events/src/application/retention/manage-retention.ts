import type { History } from '@millrace/history';
import { DomainError, isEventPattern, type Clock } from '@millrace/kernel';
import type { CallContext, EventLog } from '@millrace/messaging';
import type { Deeds } from '../deeds';
import type { KeptRules, Retentions } from '../ports/retentions';
import { expired, type RetentionRule } from './rules';

const MOST_TYPES = 200;

export interface RetentionParts {
  /** With what has expired. */
  readonly history: History;
  readonly retentions: Retentions;
  readonly eventLog: EventLog;
  readonly clock: Clock;
  readonly deeds: Deeds;
  /** Told which workspace keeps less than before. */
  readonly changed: (workspaceId: string) => void;
}

/** How many events of which types would go. */
export interface Preview {
  readonly count: number;
  /** The most first. */
  readonly types: readonly { readonly type: string; readonly count: number }[];
}

/** Says and shows how long a workspace keeps its events. */
export class ManageRetention {
  constructor(private readonly parts: RetentionParts) {}

  get(workspaceId: string): Promise<KeptRules> {
    return this.parts.retentions.read(workspaceId);
  }

  /**
   * Puts rules in force: what they do not keep is hidden when it resolves. `ifMatch`: the revision that they replace, or `*`. Refuses with
   * `events.pattern_invalid`, `retention.precondition_required`, `retention.precondition_failed`.
   */
  async set(context: CallContext, workspaceId: string, rules: readonly RetentionRule[], ifMatch: string): Promise<KeptRules> {
    checkPatterns(rules);
    if (ifMatch === '') throw preconditionRequired();
    const { retentions, clock } = this.parts;
    const author = { by: context.principal.id, at: clock.now() };
    const revision = await retentions
      .write(workspaceId, rules, author, ifMatch === '*' ? undefined : revisionOf(ifMatch))
      .catch((error: unknown) => this.refuse(workspaceId, error));
    this.parts.changed(workspaceId);
    await this.tell(context, workspaceId, rules);
    return { rules, revision, author };
  }

  /** Whoever comes too late is told what is there, and of whom. */
  private async refuse(workspaceId: string, error: unknown): Promise<never> {
    if (!(error instanceof DomainError) || error.code !== 'kv.revision_conflict') throw error;
    throw preconditionFailed(await this.get(workspaceId));
  }

  /** What these rules would remove, if they were in force now. */
  async preview(workspaceId: string, rules: readonly RetentionRule[]): Promise<Preview> {
    checkPatterns(rules);
    const where = expired(rules, this.parts.clock.now());
    const by = { field: 'type', limit: Number.MAX_SAFE_INTEGER };
    const buckets = await this.parts.history.aggregate({ workspaceId, where, by });
    const types = buckets.map(({ value, count }) => ({ type: String(value), count }));
    return { count: types.reduce((sum, { count }) => sum + count, 0), types: types.slice(0, MOST_TYPES) };
  }

  private async tell(context: CallContext, workspaceId: string, rules: readonly RetentionRule[]): Promise<void> {
    const { eventLog, deeds } = this.parts;
    const payload = { rules: rules.map(({ types, days }) => ({ types, days })) };
    await eventLog.append([deeds.of(context, { workspaceId, type: 'events.retention.changed', payload })]);
  }
}

function checkPatterns(rules: readonly RetentionRule[]): void {
  const errors = rules.flatMap(({ types }, rule) =>
    types.flatMap((pattern, index) => {
      if (isEventPattern(pattern)) return [];
      const detail = `"${pattern}" is no pattern of event types: names joined by dots, where * is one token and a final > the rest.`;
      return [{ pointer: `/rules/${rule}/types/${index}`, code: 'events.pattern_invalid', detail }];
    }),
  );
  const [first] = errors;
  if (first !== undefined) throw new DomainError(first.code, 'invalid', first.detail, { errors });
}

/** What is no revision is none that there is. */
function revisionOf(tag: string): number {
  return /^\d{1,15}$/.test(tag) ? Number(tag) : Number.MAX_SAFE_INTEGER;
}

function preconditionRequired(): DomainError {
  return new DomainError(
    'retention.precondition_required',
    'conflict',
    'Say which rules these replace: If-Match with the ETag that GET of the retention answers, or * to replace whatever there is.',
  );
}

function preconditionFailed({ revision, author }: KeptRules): DomainError {
  const who = author === undefined ? {} : { updatedBy: author.by, updatedAt: author.at };
  return new DomainError(
    'retention.precondition_failed',
    'conflict',
    'Somebody else has changed how long events are kept. Read it again, and repeat the change.',
    { facts: { etag: String(revision), ...who } },
  );
}
