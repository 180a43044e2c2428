import { DomainError, type Clock, type Ids, type JsonMap } from '@millrace/kernel';
import type { Effect } from '@millrace/language';
import type { Bucket, EventLog } from '@millrace/messaging';
import { approvalOf, type Approval, type ApprovalAnswer } from '../../domain/approval';
import type { Run } from '../../domain/run';
import type { Timers } from '../timers/timers';

type ApproveEffect = Extract<Effect, { kind: 'approve' }>;

export interface ApprovalsParts {
  /** The bucket `approvals`. */
  readonly bucket: Bucket;
  readonly eventLog: EventLog;
  readonly timers: Timers;
  readonly clock: Clock;
  readonly ids: Ids;
}

/** An approval as it was found. */
export interface StoredApproval {
  readonly approval: Approval;
  readonly revision: number;
}

/** What is told, and by whom it was done. */
interface News {
  readonly workspaceId: string;
  readonly run: string;
  /** What the event is told once for. */
  readonly names: readonly string[];
  /** Undefined: the runtime itself. */
  readonly actor: Approval['answerer'];
}

const RUNTIME = { kind: 'service', id: 'runtime' } as const;

/** Milliseconds an approval is kept after its deadline. */
const KEPT = 30 * 86_400_000;
const TIMER = 'approval/';
/** Approvals in memory while all of a workspace are looked at. */
const AT_ONCE = 100;

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** What runs have asked people, with their answers. What is told of them is told once, however often it is done. */
export class Approvals {
  constructor(private readonly parts: ApprovalsParts) {}

  /** Whether a timer is one of these; the rest of its name is the key of an approval. */
  static owns(timer: string): boolean {
    return timer.startsWith(TIMER);
  }

  /**
   * Asks: `runtime.approvals.asked` tells the people. Asked again, it is the same approval; the answer, if somebody has decided meanwhile and
   * the process that was told so is gone.
   */
  async ask(run: Run, effect: ApproveEffect): Promise<ApprovalAnswer | undefined> {
    const { ids, clock } = this.parts;
    const { id: runId, workspaceId } = run;
    const id = ids.derive('apr', runId, effect.id);
    const names = { id, workspaceId, run: runId, automation: effect.place.automation, effect: effect.id, askedAt: clock.now() };
    const known = await this.find(workspaceId, id);
    const approval = known?.approval ?? approvalOf(effect.request, names);
    if (known === undefined) await this.put(approval, 0);
    await this.tellAsked(approval);
    if (approval.remind !== undefined) await this.parts.timers.set(timerOf(approval), approval.askedAt + approval.remind);
    return approval.answer;
  }

  /** Nobody need answer any more. */
  async withdraw(run: Run, effect: string): Promise<void> {
    await this.parts.bucket.delete(keyOf(run.workspaceId, this.parts.ids.derive('apr', run.id, effect)));
  }

  async find(workspaceId: string, id: string): Promise<StoredApproval | undefined> {
    const entry = await this.parts.bucket.get(keyOf(workspaceId, id));
    return entry === undefined ? undefined : { approval: JSON.parse(decoder.decode(entry.value)) as Approval, revision: entry.revision };
  }

  /** Those of a workspace, in no order and a few at a time in memory; one that is answered meanwhile may come twice. */
  async *each(workspaceId: string): AsyncGenerator<Approval> {
    for await (const entries of this.parts.bucket.pages(`${workspaceId}/`, AT_ONCE)) {
      for (const { value } of entries) yield JSON.parse(decoder.decode(value)) as Approval;
    }
  }

  /** Writes if it still has this revision (0: is new). False: somebody else was faster. */
  async put(approval: Approval, revision: number): Promise<boolean> {
    const ttl = Math.max(approval.until - this.parts.clock.now(), 0) + KEPT;
    try {
      await this.parts.bucket.putIf(keyOf(approval.workspaceId, approval.id), encoder.encode(JSON.stringify(approval)), revision, { ttl });
      return true;
    } catch (error) {
      if (error instanceof DomainError && error.code === 'kv.revision_conflict') return false;
      throw error;
    }
  }

  /** Reminds of an approval whose time has come, and comes back until it is answered or over. */
  async remind({ approval, revision }: StoredApproval): Promise<void> {
    const { remind, reminded, askedAt, until } = approval;
    if (remind === undefined) return;
    const next = { ...approval, reminded: reminded + 1 };
    if (await this.put(next, revision)) await this.tellAsked(next);
    const due = askedAt + remind * (reminded + 2);
    if (due < until) await this.parts.timers.set(timerOf(approval), due);
  }

  /** Tells who decided what, as their deed. */
  async tellAnswered({ id, workspaceId, run, automation, title, answer, answerer }: Approval): Promise<void> {
    const told = { approval: id, run, automation, title, ...answer };
    await this.tell({ workspaceId, run, names: [id], actor: answerer }, 'answered', told);
  }

  private async tellAsked({ id, workspaceId, run, automation, title, message, to, choices, until, reminded }: Approval): Promise<void> {
    const asked = { approval: id, run, automation, title, to: { ...to }, choices, until: new Date(until).toISOString() };
    const more = { ...(message === undefined ? {} : { message }), ...(reminded === 0 ? {} : { reminder: reminded }) };
    await this.tell({ workspaceId, run, names: [id, String(reminded)], actor: undefined }, 'asked', { ...asked, ...more });
  }

  private async tell({ workspaceId, run, names, actor = RUNTIME }: News, what: 'asked' | 'answered', payload: JsonMap): Promise<void> {
    const { ids, eventLog, clock } = this.parts;
    const type = `runtime.approvals.${what}`;
    const event = {
      id: ids.derive('evt', type, ...names),
      workspaceId,
      type,
      time: clock.now(),
      payload: encoder.encode(JSON.stringify(payload)),
      correlationId: run,
      actor,
      source: { service: 'runtime', run },
    };
    await eventLog.append([event]);
  }
}

/** The name of the timer that looks after an approval. */
export function timerOf({ workspaceId, id }: Pick<Approval, 'workspaceId' | 'id'>): string {
  return `${TIMER}${keyOf(workspaceId, id)}`;
}

/** Workspace and id of the approval a timer looks after. */
export function approvalNamed(timer: string): { readonly workspaceId: string; readonly id: string } {
  const [workspaceId = '', id = ''] = timer.slice(TIMER.length).split('/');
  return { workspaceId, id };
}

function keyOf(workspaceId: string, id: string): string {
  return `${workspaceId}/${id}`;
}
