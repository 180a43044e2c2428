import { DomainError } from '@millrace/kernel';
import { compileWait, type Effect, type Outcome, type Plan, type WaitRequest } from '@millrace/language';
import { formatPosition, parsePosition, type EventLog, type LoggedEvent } from '@millrace/messaging';
import type { Run } from '../../domain/run';
import { eventLocals } from '../starting/event-locals';
import type { WaitIndex } from './wait-index';

type WaitEffect = Extract<Effect, { kind: 'wait' }>;

/** A run, where its last release was, and the events its waits took since. */
interface Since {
  readonly run: Run;
  readonly from: string;
  readonly taken: readonly string[];
}

/** Registers the waits of runs: no event that comes after a run's last release slips by. */
export class Waiting {
  constructor(
    private readonly index: WaitIndex,
    private readonly eventLog: EventLog,
  ) {}

  /**
   * Makes a wait known, then looks at what the log has had since the run's last release: the first event it accepts there is its outcome.
   * Undefined: none yet; the index tells of later ones.
   */
  async register(plan: Plan, { run, from, taken }: Since, effect: WaitEffect): Promise<Outcome | undefined> {
    const { id, workspaceId, digest, region } = run;
    const { epoch, last } = await this.eventLog.range();
    const known = formatPosition({ epoch, offset: last });
    const meant = { run: id, workspaceId, digest, ...(region === undefined ? {} : { region }) };
    await this.index.put({ ...meant, effect: effect.id, request: effect.request, from, known, taken });
    const test = compileWait(plan, effect.request);
    const accept = (event: LoggedEvent) => (isOwn(event, id) || taken.includes(event.id) ? undefined : test(eventLocals(event))?.value);
    const found = await this.earliest(workspaceId, effect.request, from, accept);
    return found === undefined ? undefined : { effect: effect.id, at: found.event.recordedAt, value: found.value };
  }

  /** Nobody waits any more. */
  async forget({ id, workspaceId }: Run, effect: string): Promise<void> {
    await this.index.remove({ run: id, workspaceId, effect });
  }

  private async earliest<T>(workspaceId: string, { oneOf }: WaitRequest, from: string, accept: (event: LoggedEvent) => T | undefined) {
    let best: { readonly event: LoggedEvent; readonly value: T } | undefined;
    for (const pattern of new Set(oneOf.map(({ event }) => event))) {
      for await (const event of this.since(workspaceId, from, pattern)) {
        if (best !== undefined && event.position.offset >= best.event.position.offset) break;
        const value = accept(event);
        if (value !== undefined) best = { event, value };
      }
    }
    return best;
  }

  /** What the log has of a pattern from a position on; from its beginning when the position is not there any more. */
  private async *since(workspaceId: string, from: string, pattern: string): AsyncGenerator<LoggedEvent> {
    const filter = `${workspaceId}.${pattern}`;
    try {
      yield* this.eventLog.read(parsePosition(from) ?? 'now', filter, { live: false });
    } catch (error) {
      if (!(error instanceof DomainError) || !['log.expired', 'log.epoch_changed'].includes(error.code)) throw error;
      yield* this.eventLog.read('first', filter, { live: false });
    }
  }
}

function isOwn({ source }: LoggedEvent, run: string): boolean {
  return source.run === run;
}
