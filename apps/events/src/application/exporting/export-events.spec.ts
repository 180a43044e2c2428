import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Clock, type Principal } from '@millrace/kernel';
import { SqliteEventLog, type CallContext, type LoggedEvent } from '@millrace/messaging';
import { SystemIds } from '@millrace/service';
import { permitted } from '../../../testing/permitted';
import { ProtobufEnvelopeJson } from '../../infrastructure/protobuf-envelope-json';
import { Deeds } from '../deeds';
import { Readable } from '../reading/readable';
import type { Found } from '../search-history';
import { ExportEvents, type Export } from './export-events';

class SetClock extends Clock {
  override now(): number {
    return 1_900_000_000_000;
  }
}

const robot: Principal = { kind: 'automation', id: 'ws_1/backup', roles: [], onBehalfOf: 'ada' };
const context: CallContext = { principal: robot, correlationId: 'req_1', deadline: 0 };
const readable = new Readable(permitted(robot, 'read'));
const asked = (workspaceId: string): Export => ({ workspaceId, types: [], where: '', text: '', cursor: '', readable });

function event(payload: string): LoggedEvent {
  return {
    ...{ id: 'a', workspaceId: 'ws_1', type: 'orders.paid', time: 1, payload: new TextEncoder().encode(payload), correlationId: 'c' },
    ...{ actor: { kind: 'user', id: 'ada' }, source: {}, position: { epoch: 'e', offset: 7n }, recordedAt: 5 },
  };
}

let eventLog: SqliteEventLog;

beforeEach(() => {
  eventLog = new SqliteEventLog({ file: ':memory:', clock: new SetClock() });
});

afterEach(() => eventLog.close());

/** Exports from a history that has always the same events, and always more of them. */
function exporting(...items: readonly LoggedEvent[]): ExportEvents {
  const search = async (): Promise<Found> => ({ items, nextCursor: 'next', endCursor: 'end' });
  const clock = new SetClock();
  const deeds = new Deeds(clock, new SystemIds(clock));
  return new ExportEvents({ history: { search }, eventLog, envelopes: new ProtobufEnvelopeJson(), deeds });
}

const told = (): Promise<LoggedEvent[]> => Array.fromAsync(eventLog.read('first', '*.>', { live: false }));

describe('an export', () => {
  const heavy = event(JSON.stringify({ text: 'x'.repeat(200_000) }));

  it('is one of two that a workspace may have under way', async () => {
    const use = exporting(heavy);
    const [first, second, other] = ['ws_1', 'ws_1', 'ws_2'].map((workspaceId) => use.run(context, asked(workspaceId)));
    for (const each of [first, second, other]) expect(await each?.next()).toMatchObject({ done: false });
    const third = use.run(context, asked('ws_1')).next();
    await expect(third).rejects.toMatchObject({ code: 'events.exports_running', refusal: 'exhausted', facts: { limit: 2 } });
    await first?.return();
    const next = use.run(context, asked('ws_1'));
    expect(await next.next()).toMatchObject({ done: false });
    for (const each of [second, other, next]) await each?.return();
  });

  it('is told to the log by who asked for it and for whom, when it is broken off too', async () => {
    const use = exporting(heavy).run(context, asked('ws_1'));
    await use.next();
    await use.return();
    const [event] = await told();
    expect(event).toMatchObject({ type: 'events.exports.finished', workspaceId: 'ws_1', causationId: 'req_1' });
    expect(event?.actor).toEqual({ kind: 'automation', id: 'ws_1/backup', onBehalfOf: 'ada' });
  });

  it('is told of by nothing when nothing was read for it', async () => {
    const search = async (): Promise<never> => {
      throw new Error('gone');
    };
    const clock = new SetClock();
    const parts = { eventLog, envelopes: new ProtobufEnvelopeJson(), deeds: new Deeds(clock, new SystemIds(clock)) };
    const use = new ExportEvents({ history: { search }, ...parts }).run(context, asked('ws_1'));
    await expect(use.next()).rejects.toThrow('gone');
    expect(await told()).toEqual([]);
  });

  it('has a line of JSON for an event whose payload was erased', async () => {
    const use = exporting(event(''), heavy).run(context, asked('ws_1'));
    const { value } = await use.next();
    await use.return();
    const [line = ''] = new TextDecoder().decode(value?.lines).split('\n');
    expect(JSON.parse(line)).toMatchObject({ id: 'a', payload: {} });
  });
});
