import { describe, expect, it } from '@jest/globals';
import { formatPosition, type EventLog, type LoggedEvent, type Position } from '@millrace/messaging';
import { memoryPorts } from '@millrace/testing';
import type { Run } from '../../domain/run';
import { FinishedRuns } from './finished-runs';

const WORKSPACE = 'ws_1';
const runOf = (id: string): Run => ({ id, workspaceId: WORKSPACE }) as Run;

async function emit(eventLog: EventLog, id: string, type: string, run?: string): Promise<LoggedEvent> {
  const source = run === undefined ? {} : { run };
  const actor = { kind: 'user', id: 'ada' } as const;
  const event = { id, workspaceId: WORKSPACE, type, time: 0, payload: new Uint8Array(), correlationId: 'cor_1', actor, source };
  const [appended] = await eventLog.append([event]);
  if (appended === undefined) throw new Error('nothing was appended');
  return { ...event, position: appended.position, recordedAt: appended.recordedAt };
}

const end = (eventLog: EventLog, run: string) => emit(eventLog, `end-${run}`, 'runtime.runs.finished', run);

/** The log, read in another way. */
function readBy(eventLog: EventLog, read: EventLog['read']): EventLog {
  return Object.assign(Object.create(eventLog) as EventLog, { range: () => eventLog.range(), read });
}

/** The log, and where each of its readers began. */
function watched(eventLog: EventLog): { readonly log: EventLog; readonly reads: (bigint | string)[] } {
  const reads: (bigint | string)[] = [];
  const read: EventLog['read'] = (from: Position | 'first' | 'now', ...rest) => {
    reads.push(typeof from === 'string' ? from : from.offset);
    return eventLog.read(from, ...rest);
  };
  return { log: readBy(eventLog, read), reads };
}

describe('the runs that have ended', () => {
  it('are found when they ended before this process began, and when they ended since', async () => {
    const { eventLog, clock } = memoryPorts();
    const event = await emit(eventLog, 'evt_1', 'orders.paid');
    await end(eventLog, 'run_before');
    const finished = new FinishedRuns(eventLog, clock);
    await finished.start();
    await end(eventLog, 'run_since');
    expect(await finished.has('run_before', event, 1)).toBe(true);
    expect(await finished.has('run_since', event, 2)).toBe(true);
    expect(await finished.has('run_other', event, 2)).toBe(false);
  });

  it('are looked for after the event, when it came after this process began', async () => {
    const { eventLog, clock } = memoryPorts();
    const finished = new FinishedRuns(eventLog, clock);
    await finished.start();
    const event = await emit(eventLog, 'evt_1', 'orders.paid');
    await end(eventLog, 'run_1');
    expect([finished.mayBeAgain(event, 1), finished.mayBeAgain(event, 2)]).toEqual([false, true]);
    expect(await finished.has('run_1', event, 2)).toBe(true);
  });

  it('are looked through once for all events that are delivered again, however many there are and whoever asks', async () => {
    const { eventLog, clock } = memoryPorts();
    const early = [await emit(eventLog, 'evt_1', 'orders.paid'), await emit(eventLog, 'evt_2', 'orders.paid')];
    await end(eventLog, 'run_1');
    const { log, reads } = watched(eventLog);
    const finished = new FinishedRuns(log, clock);
    await finished.start();
    const late = await emit(eventLog, 'evt_3', 'orders.paid');
    for (const event of early) await finished.has('run_2', event, 1);
    expect(await finished.has('run_2', late, 2)).toBe(false);
    const since = await end(eventLog, 'run_2');
    const asked = [...early, late, late].map((event) => finished.has('run_2', event, 2));
    expect(await Promise.all([...asked, finished.isOnLog(runOf('run_2'), formatPosition(late.position))])).toEqual(Array(5).fill(true));
    expect(reads).toEqual([early[0]?.position.offset, since.position.offset]);
  });

  it('are looked through anew after a while, so that what is known of them does not grow for ever', async () => {
    const { eventLog, clock, advance } = memoryPorts();
    const early = await emit(eventLog, 'evt_1', 'orders.paid');
    const { log, reads } = watched(eventLog);
    const finished = new FinishedRuns(log, clock);
    const ended = await end(eventLog, 'run_1');
    expect(await finished.has('run_1', early, 2)).toBe(true);
    await advance(600_000);
    expect(await finished.has('run_1', early, 2)).toBe(true);
    expect(await finished.has('run_1', ended, 2)).toBe(true);
    expect(reads).toEqual([early.position.offset, early.position.offset]);
  });

  it('are found when they ended after the log was looked through', async () => {
    const { eventLog, clock } = memoryPorts();
    const event = await emit(eventLog, 'evt_1', 'orders.paid');
    const finished = new FinishedRuns(eventLog, clock);
    await finished.start();
    expect(await finished.has('run_1', event, 1)).toBe(false);
    await end(eventLog, 'run_1');
    expect(await finished.has('run_1', event, 1)).toBe(true);
  });

  it('are looked through from further back for an earlier event', async () => {
    const { eventLog, clock } = memoryPorts();
    const early = await emit(eventLog, 'evt_1', 'orders.paid');
    await end(eventLog, 'run_1');
    const late = await emit(eventLog, 'evt_2', 'orders.paid');
    const { log, reads } = watched(eventLog);
    const finished = new FinishedRuns(log, clock);
    await finished.start();
    expect(await finished.has('run_2', late, 1)).toBe(false);
    expect(await finished.has('run_2', early, 1)).toBe(false);
    expect(await finished.has('run_1', early, 1)).toBe(true);
    expect(reads).toEqual([late.position.offset, early.position.offset]);
  });

  it('are looked for from the beginning of the log when it has let go of the event', async () => {
    const { eventLog, clock } = memoryPorts();
    const event = await emit(eventLog, 'evt_1', 'orders.paid');
    const ended = await end(eventLog, 'run_1');
    const finished = new FinishedRuns(eventLog, clock);
    await finished.start();
    await eventLog.trim(ended.position);
    expect(await finished.has('run_1', event, 2)).toBe(true);
  });

  it('are looked for from the beginning of a log that was restored from a copy', async () => {
    const { eventLog, clock } = memoryPorts();
    const { position } = await emit(eventLog, 'evt_1', 'orders.paid');
    await end(eventLog, 'run_1');
    const finished = new FinishedRuns(eventLog, clock);
    await finished.start();
    const before = `another_1-${position.offset}`;
    expect(await finished.isOnLog(runOf('run_1'), before)).toBe(true);
    expect(await finished.isOnLog(runOf('run_2'), before)).toBe(false);
  });

  it('are looked for again when the log could not be read', async () => {
    const { eventLog, clock } = memoryPorts();
    const event = await emit(eventLog, 'evt_1', 'orders.paid');
    await end(eventLog, 'run_1');
    let broken = true;
    const read: EventLog['read'] = (...asked) => {
      if (broken) throw new Error('the log is away');
      return eventLog.read(...asked);
    };
    const finished = new FinishedRuns(readBy(eventLog, read), clock);
    await finished.start();
    await expect(finished.has('run_1', event, 1)).rejects.toThrow('the log is away');
    broken = false;
    expect(await finished.has('run_1', event, 1)).toBe(true);
  });
});
