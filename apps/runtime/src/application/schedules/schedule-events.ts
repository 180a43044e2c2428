import { servicePrincipal, type Ids, type Principal } from '@millrace/kernel';
import type { NewEvent } from '@millrace/messaging';
import type { Schedule } from '../../domain/schedules/schedule';

const encoder = new TextEncoder();
const RUNTIME = servicePrincipal('runtime');

/** A tick: the event that starts the automation. Whoever computes it gives it the same id, so that the log keeps one. */
export function ticked(schedule: Schedule, at: number, now: number, ids: Ids): NewEvent {
  const id = ids.derive('evt', 'tick', schedule.workspaceId, schedule.slug, schedule.id, String(at));
  return tickEvent(schedule, { id, at, now, by: RUNTIME });
}

/** A tick that a person asked for, beside those of the clock. */
export function askedFor(schedule: Schedule, now: number, by: Principal, ids: Ids): NewEvent {
  return tickEvent(schedule, { id: ids.mint('evt'), at: now, now, by });
}

/** A tick whose time came while nobody was there, and that is not made up for; `since`: the first of all that it stands for. */
export function missed(schedule: Schedule, at: number, now: number, ids: Ids, since?: number): NewEvent {
  const id = ids.derive('evt', 'missed', schedule.workspaceId, schedule.slug, schedule.id, String(at));
  const payload = { ...who(schedule), at: isoOf(at), ...(since === undefined ? {} : { since: isoOf(since) }) };
  return { ...envelope(schedule, id, now, RUNTIME), type: 'runtime.schedules.missed', payload: encoder.encode(JSON.stringify(payload)) };
}

interface Tick {
  readonly id: string;
  readonly at: number;
  readonly now: number;
  readonly by: Principal;
}

/** Without an ordering key: whether ticks wait for each other is for `overlap` to say. */
function tickEvent(schedule: Schedule, { id, at, now, by }: Tick): NewEvent {
  const payload = { ...who(schedule), at: isoOf(at), late: Math.max(0, now - at), overlap: schedule.trigger.overlap };
  const event = { ...envelope(schedule, id, now, by), type: 'runtime.schedules.ticked', payload: encoder.encode(JSON.stringify(payload)) };
  return { ...event, keep: 'log' };
}

function who({ slug, id, trigger }: Schedule) {
  return { automation: slug, entry: id, value: trigger.value };
}

function envelope({ workspaceId }: Schedule, id: string, time: number, { kind, id: actor, onBehalfOf }: Principal) {
  return {
    id,
    workspaceId,
    time,
    correlationId: id,
    actor: { kind, id: actor, ...(onBehalfOf === undefined ? {} : { onBehalfOf }) },
    source: { service: 'runtime' },
  };
}

function isoOf(time: number): string {
  return new Date(time).toISOString();
}
