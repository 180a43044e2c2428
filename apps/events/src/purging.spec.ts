import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { EventsService, TopicsService } from '@millrace/contracts';
import type { LoggedEvent, NewEvent } from '@millrace/messaging';
import { RuledBench } from '../testing/ruled-bench';

const { createTopic, addTopicMembers, listTopicMembers } = TopicsService.method;
const KINDS = ['orders.paid', 'workspaces.>', 'events.topics.created'];
const decoder = new TextDecoder();
const textOf = ({ payload }: Pick<LoggedEvent, 'payload'>): string => decoder.decode(payload);

type Counts = Readonly<Record<'topics' | 'deadLetters' | 'erased' | 'history', number>>;

let bench: RuledBench;
let counted = 0;

beforeAll(async () => {
  bench = await RuledBench.start();
  await bench.rule([{ allow: ['manage'], on: ['events', 'topics', 'retention', 'audit'] }]);
});

afterAll(async () => {
  await bench[Symbol.asyncDispose]();
});

function event(workspaceId: string, type: string, payload: object = {}): NewEvent {
  return {
    ...{ id: `e${(counted += 1)}`, workspaceId, type, time: bench.parts.platform.clock.now(), correlationId: 'c', source: {} },
    ...{ actor: { kind: 'user', id: 'ada' }, payload: new TextEncoder().encode(JSON.stringify(payload)) },
  };
}

const logged = (pattern: string) => Array.fromAsync(bench.parts.platform.eventLog.read('first', pattern, { live: false }));

async function until(type: string, causationId: string): Promise<LoggedEvent> {
  for await (const found of bench.parts.platform.eventLog.read('first', `platform.${type}`, { live: true })) {
    if (found.causationId === causationId) return found;
  }
  throw new Error('The log ended.');
}

const say = async (workspaceId: string) => {
  await bench.bus.call(createTopic, { workspaceId, name: 'crew' }, bench.context);
  await bench.bus.call(addTopicMembers, { workspaceId, topic: 'crew', users: ['tom', 'eve'] }, bench.context);
};

const members = async (workspaceId: string) =>
  (await bench.bus.call(listTopicMembers, { workspaceId, topic: 'crew' }, bench.context)).items.map(({ user }) => user);

const shown = async (workspaceId: string) => {
  const { items } = await bench.parts.platform.history.search({ workspaceId, types: KINDS, sort: 'oldest', limit: 10 });
  return items.map(({ type }) => type);
};

describe('a workspace that is gone for good', () => {
  it('has its audit and nothing else, in the history and on the log; other workspaces keep theirs', async () => {
    for (const workspace of ['hotel', 'other']) await say(workspace);
    const told = ['ws_1', 'ws_2'].flatMap((id) => [event(id, 'orders.paid', { sum: 7 }), event(id, 'workspaces.deleted', { slug: 'h' })]);
    await bench.said(told);
    const purged = event('ws_1', 'workspaces.purged');
    await bench.said([purged]);
    const { workspace, counts } = JSON.parse(textOf(await until('events.workspaces.purged', purged.id))) as {
      workspace: string;
      counts: Counts;
    };
    expect([workspace, counts.topics, counts.deadLetters]).toEqual(['ws_1', 1, 0]);
    expect(Math.min(counts.history, counts.erased)).toBeGreaterThan(0);
    expect(await shown('ws_1')).toEqual(['workspaces.deleted', 'workspaces.purged']);
    expect(await shown('ws_2')).toEqual(['events.topics.created', 'orders.paid', 'workspaces.deleted']);
    expect((await logged('*.orders.paid')).map((found) => [found.workspaceId, JSON.parse(textOf(found)) as unknown])).toEqual([
      ['ws_1', {}],
      ['ws_2', { sum: 7 }],
    ]);
    expect(await members('other')).toEqual(expect.arrayContaining(['tom', 'eve']));
    await expect(members('hotel')).rejects.toMatchObject({ code: 'topics.not_found' });
    await bench.bus.call(createTopic, { workspaceId: 'hotel', name: 'crew' }, bench.context);
    expect(await members('hotel')).toEqual([]);
  });

  it('shows nothing of what comes into the history late, and nobody is told that it goes', async () => {
    await bench.said([event('ws_1', 'workspaces.purged')]);
    await bench.said([event('ws_1', 'orders.late')]);
    const { items } = await bench.bus.call(
      EventsService.method.searchEvents,
      { workspaceId: 'hotel', types: ['orders.late'] },
      bench.context,
    );
    expect(items).toEqual([]);
  });
});
