import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { EventKeep, EventsService, LiveService, type Event } from '@millrace/contracts';
import type { NewEvent } from '@millrace/messaging';
import { person, serviceBench, type ServiceBench } from '@millrace/testing';
import { neighbours } from '../testing/neighbours';
import { eventsService } from './index';

const { pollEvents, pollOwnEvents } = LiveService.method;
const encoder = new TextEncoder();

let bench: ServiceBench;

beforeAll(async () => {
  bench = await serviceBench(neighbours, eventsService({}));
});

afterAll(async () => {
  await bench[Symbol.asyncDispose]();
});

let counted = 0;
const freshType = (): string => `polls.kind${++counted}`;
const idsOf = (events: readonly Event[]): string[] => events.map(({ id }) => id);

interface Said {
  readonly type: string;
  readonly payload?: string;
  readonly user?: string;
  readonly keep?: EventKeep;
}

async function emit(...said: readonly Said[]): Promise<readonly string[]> {
  const events = said.map(({ type, payload = '{}', user = '', keep = EventKeep.HISTORY }) => ({
    ...{ type, keep, payload: encoder.encode(payload) },
    ...(user === '' ? {} : { target: { user } }),
  }));
  const answer = await bench.bus.call(EventsService.method.emitEvents, { workspaceId: 'hotel', events }, bench.as(person('ada')));
  return answer.events.map(({ id }) => id);
}

interface Asked {
  readonly types?: string[];
  readonly where?: string;
  readonly since?: string;
  readonly wait?: number;
  readonly limit?: number;
}

const poll = (asked: Asked, who = 'vera') => bench.bus.call(pollEvents, { workspaceId: 'hotel', ...asked }, bench.as(person(who)));
const pollOwn = (asked: Asked, who: string) => bench.bus.call(pollOwnEvents, asked, bench.as(person(who)));

/** Says something that only the log of the platform can say. */
async function tell(event: Partial<NewEvent> & { readonly type: string }): Promise<void> {
  const { eventLog, clock, ids } = bench.platform;
  await eventLog.append([
    {
      ...{ id: ids.mint('evt'), workspaceId: 'ws_1', time: clock.now(), correlationId: 'req_1', payload: encoder.encode('{}') },
      ...{ actor: { kind: 'service', id: 'workspaces' }, source: { service: 'workspaces' } },
      ...event,
    },
  ]);
}

describe('long polls', () => {
  it('say where they begin when there is nothing, and are answered from there on', async () => {
    const types = [freshType()];
    const { next, events, recovered, more } = await poll({ types, wait: 0 });
    expect({ events, recovered, more }).toEqual({ events: [], recovered: true, more: false });
    const ids = await emit({ type: types[0] ?? '', payload: '{"total":2}' }, { type: freshType() });
    const answer = await poll({ types, since: next });
    expect(idsOf(answer.events)).toEqual(ids.slice(0, 1));
    expect((await poll({ types, since: answer.next, wait: 0 })).events).toEqual([]);
  });

  it('wait, and are answered as soon as one event fits', async () => {
    const type = freshType();
    const { next } = await poll({ types: [type], wait: 0 });
    const waiting = poll({ types: [type], where: 'payload.total > 1', since: next });
    const [, wanted] = await emit({ type, payload: '{"total":1}' }, { type, payload: '{"total":2}' });
    expect(idsOf((await waiting).events)).toEqual([wanted]);
  });

  it('bring everything once, however little an answer holds', async () => {
    const type = freshType();
    const { next } = await poll({ types: [type], wait: 0 });
    const ids = await emit(...Array.from({ length: 25 }, () => ({ type })));
    const seen: string[] = [];
    let since = next;
    let more = true;
    while (more) {
      const answer = await poll({ types: [type], since, limit: 10, wait: 0 });
      expect(answer.events.length).toBeLessThanOrEqual(10);
      seen.push(...idsOf(answer.events));
      ({ next: since, more } = answer);
    }
    expect(seen).toEqual(ids);
  });

  it('bring those who wait what is on no log', async () => {
    const type = freshType();
    const { next } = await poll({ types: [type], wait: 0 });
    const waiting = poll({ types: [type], since: next });
    // The answer to another call says that the question has come in: both go the same way.
    await poll({ types: [type], wait: 0 });
    const ids = await emit({ type, keep: EventKeep.LIVE });
    const { events } = await waiting;
    expect(idsOf(events)).toEqual(ids);
    expect(events[0]).toMatchObject({ offset: 0n, epoch: '' });
  });

  it('say that something is missing where nobody can lead them on', async () => {
    expect(await poll({ since: 'otherlog-7' })).toMatchObject({ events: [], recovered: false, reason: 'epoch', more: false });
    await expect(poll({ since: 'yesterday' })).rejects.toThrow(expect.objectContaining({ code: 'events.position_invalid' }));
    await expect(poll({ where: '=' })).rejects.toThrow(expect.objectContaining({ code: 'events.filter_invalid' }));
    await expect(poll({}, 'eve')).rejects.toThrow(expect.objectContaining({ code: 'workspaces.not_found' }));
  });

  it('end with what whoever asks has in the workspace when that ends by itself', async () => {
    await expect(poll({ types: [freshType()] }, 'uma')).rejects.toMatchObject({ code: 'events.rights_changed' });
  });

  it('end for whoever has other rights all at once', async () => {
    const type = freshType();
    const waiting = poll({ types: [type] });
    await poll({ types: [type], wait: 0 });
    const refused = expect(waiting).rejects.toThrow(expect.objectContaining({ code: 'events.rights_changed' }));
    await tell({ type: 'workspaces.members.left', payload: encoder.encode('{"user":"vera"}') });
    await refused;
  });
});

describe('what is addressed to somebody', () => {
  it('reaches them from every workspace, even one they have no part in, and nobody else', async () => {
    const type = freshType();
    const { next } = await pollOwn({ types: [type], wait: 0 }, 'eve');
    const [, hers] = await emit({ type }, { type, user: 'eve' }, { type, user: 'vera' });
    await tell({ type, id: `${type}-platform`, workspaceId: 'platform', target: { user: 'eve' } });
    const first = await pollOwn({ types: [type], since: next }, 'eve');
    const rest = first.events.length > 1 ? [] : (await pollOwn({ types: [type], since: first.next }, 'eve')).events;
    expect(idsOf([...first.events, ...rest])).toEqual([hers, `${type}-platform`]);
  });

  it('is for people: keys and services have nothing of their own', async () => {
    const asked = bench.bus.call(pollOwnEvents, {}, bench.as({ kind: 'key', id: 'key_1', roles: [], workspace: 'ws_1' }));
    await expect(asked).rejects.toThrow(expect.objectContaining({ code: 'events.own_denied' }));
  });

  it('is judged anew when they come to belong to another workspace', async () => {
    const waiting = pollOwn({ types: [freshType()] }, 'eve');
    await pollOwn({ wait: 0 }, 'eve');
    const refused = expect(waiting).rejects.toThrow(expect.objectContaining({ code: 'events.rights_changed' }));
    await tell({ type: 'workspaces.members.joined', workspaceId: 'ws_2', payload: encoder.encode('{"user":"eve"}') });
    await refused;
  });
});
