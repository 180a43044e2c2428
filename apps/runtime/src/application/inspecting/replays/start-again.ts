import type { History } from '@millrace/history';
import { DomainError, type JsonMap, type Principal } from '@millrace/kernel';
import { matchEvents, type Plan } from '@millrace/language';
import { parsePosition, type EventLog, type LoggedEvent } from '@millrace/messaging';
import type { RunRecord } from '../../../domain/records/run-record';
import type { Run } from '../../../domain/run';
import { eventLocals } from '../../starting/event-locals';
import type { EndedRun } from '../runs/ended-runs';

/** What a run began with: enough to begin another one in the same way. */
export interface Beginning extends Pick<Run, 'slug' | 'trigger' | 'depth' | 'causedBy' | 'session' | 'key'> {
  readonly locals: JsonMap;
  readonly replayOf: string;
}

/** Finds out what a run that has ended began with. */
export class StartAgain {
  constructor(
    private readonly eventLog: Pick<EventLog, 'read'>,
    private readonly history: Pick<History, 'get'>,
  ) {}

  /** `plan`: what it is to run on. Refuses with `runtime.start_unknown` when nothing tells any more. */
  async of({ record, event }: EndedRun, plan: Plan): Promise<Beginning> {
    const { run, automation: slug, trigger, begin } = record;
    const { actor, source, hops = 1 } = event;
    const by = actor.onBehalfOf;
    const first = begin === undefined || trigger.type === 'event' ? await this.first(record, event.workspaceId) : undefined;
    return {
      ...{ slug, trigger, depth: hops, replayOf: run, locals: begin ?? localsOf(first, plan, record) },
      ...(by === undefined ? {} : { causedBy: personOf(by) }),
      ...(source.session === undefined ? {} : { session: source.session }),
      ...(first?.key === undefined ? {} : { key: first.key }),
    };
  }

  /** The event, wherever it still is. */
  async event(workspaceId: string, id: string): Promise<LoggedEvent> {
    const event = await this.history.get(workspaceId, id);
    if (event !== undefined) return event;
    throw new DomainError('runtime.event_not_found', 'not-found', `History has no event "${id}" here. A new one can take a moment.`, {
      facts: { event: id },
    });
  }

  /** The event that a run began with, if it is still anywhere. */
  private async first({ startedBy, trigger: { id } }: RunRecord, workspaceId: string): Promise<LoggedEvent | undefined> {
    return (await this.onLog(startedBy, workspaceId, id)) ?? (await this.history.get(workspaceId, id));
  }

  private async onLog(startedBy: string | undefined, workspaceId: string, id: string): Promise<LoggedEvent | undefined> {
    const position = parsePosition(startedBy ?? '');
    if (position === undefined) return undefined;
    try {
      for await (const event of this.eventLog.read(position, `${workspaceId}.>`, { live: false })) {
        return event.id === id ? event : undefined;
      }
      return undefined;
    } catch (error) {
      if (error instanceof DomainError && ['log.expired', 'log.epoch_changed'].includes(error.code)) return undefined;
      throw error;
    }
  }
}

function localsOf(event: LoggedEvent | undefined, plan: Plan, { automation, trigger }: RunRecord): JsonMap {
  if (event === undefined) throw startUnknown(trigger.id);
  const locals = eventLocals(event);
  return matchEvents(plan, locals).find(({ slug }) => slug === automation)?.locals ?? definedOf(locals);
}

function personOf(id: string): Principal {
  return { kind: 'user', id, roles: [] };
}

function definedOf(locals: Readonly<Record<string, unknown>>): JsonMap {
  return Object.fromEntries(Object.entries(locals).filter(([, value]) => value !== undefined)) as JsonMap;
}

function startUnknown(id: string): DomainError {
  const message = 'What the run began with is not known any more: it was too large to keep, or its event is gone. Start it anew.';
  return new DomainError('runtime.start_unknown', 'conflict', message, { facts: { trigger: id } });
}
