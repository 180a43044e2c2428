import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { EventsService, LiveService, TopicsService, type Event } from '@millrace/contracts';
import { servicePrincipal } from '@millrace/kernel';
import { person, serviceBench, type ServiceBench } from '@millrace/testing';
import { neighbours } from '../testing/neighbours';
import { eventsService } from './index';

const { createTopic, getTopic, listTopics, deleteTopic, listTopicMembers, addTopicMembers, removeTopicMember, manageTopic } =
  TopicsService.method;
const encoder = new TextEncoder();
const decoder = new TextDecoder();
const workspaceId = 'hotel';

let bench: ServiceBench;

beforeAll(async () => {
  bench = await serviceBench(neighbours, eventsService({}));
});

afterAll(async () => {
  await bench[Symbol.asyncDispose]();
});

const as = (who: string) => bench.as(person(who));
const refusing = (code: string) => expect.objectContaining({ code });

let counted = 0;

async function newTopic(...members: readonly string[]): Promise<string> {
  const name = `room-${++counted}`;
  await bench.bus.call(createTopic, { workspaceId, name, description: 'Who cleans.' }, as('ada'));
  if (members.length > 0) await bench.bus.call(addTopicMembers, { workspaceId, topic: name, users: [...members] }, as('ada'));
  return name;
}

async function say(type: string, topic: string): Promise<string> {
  const events = [{ type, payload: encoder.encode('{}'), target: { topic } }];
  const answer = await bench.bus.call(EventsService.method.emitEvents, { workspaceId, events }, as('ada'));
  return answer.events[0]?.id ?? '';
}

const poll = (who: string, types: string[], since = '', wait = 0) =>
  bench.bus.call(LiveService.method.pollEvents, { workspaceId, types, since, wait }, as(who));
const idsOf = (events: readonly Event[]): string[] => events.map(({ id }) => id);

/** The facts about a topic, as soon as there are that many. */
async function factsOf(topic: string, count: number): Promise<readonly (readonly [string, unknown])[]> {
  const facts: (readonly [string, unknown])[] = [];
  for await (const { type, subject, payload } of bench.platform.eventLog.read('first', 'ws_1.events.topics.>', { live: true })) {
    if (subject === `topic/${topic}`) facts.push([type, (JSON.parse(decoder.decode(payload)) as { user?: string }).user]);
    if (facts.length === count) break;
  }
  return facts;
}

describe('topics', () => {
  it('are made, shown, listed, left and deleted, and every change is told', async () => {
    const topic = await newTopic('tom', 'eve');
    expect(await bench.bus.call(getTopic, { workspaceId, topic }, as('tom'))).toMatchObject({
      topic: { name: topic, description: 'Who cleans.', createdBy: 'ada' },
    });
    const { items } = await bench.bus.call(listTopics, { workspaceId }, as('tom'));
    expect(items.map(({ name }) => name)).toContain(topic);
    const members = await bench.bus.call(listTopicMembers, { workspaceId, topic }, as('ada'));
    expect(members.items.map(({ user }) => user).sort()).toEqual(['eve', 'tom']);
    await bench.bus.call(removeTopicMember, { workspaceId, topic, user: 'tom' }, as('tom'));
    await bench.bus.call(deleteTopic, { workspaceId, topic, ifMatch: '*' }, as('ada'));
    await expect(bench.bus.call(getTopic, { workspaceId, topic }, as('tom'))).rejects.toThrow(refusing('topics.not_found'));
    expect(await factsOf(topic, 6)).toEqual([
      ['events.topics.created', undefined],
      ['events.topics.joined', 'tom'],
      ['events.topics.joined', 'eve'],
      ['events.topics.left', 'tom'],
      ['events.topics.left', 'eve'],
      ['events.topics.deleted', undefined],
    ]);
  });

  it('have each name once, and nobody twice', async () => {
    const topic = await newTopic('tom');
    const again = bench.bus.call(createTopic, { workspaceId, name: topic }, as('ada'));
    await expect(again).rejects.toThrow(refusing('topics.taken'));
    const { added } = await bench.bus.call(addTopicMembers, { workspaceId, topic, users: ['tom', 'eve', 'eve'] }, as('ada'));
    expect(added).toEqual(['eve']);
    const gone = bench.bus.call(removeTopicMember, { workspaceId, topic, user: 'nobody' }, as('ada'));
    await expect(gone).rejects.toThrow(refusing('topics.member_not_found'));
  });

  it('are empty when they are made anew', async () => {
    const topic = await newTopic('tom');
    await bench.bus.call(deleteTopic, { workspaceId, topic, ifMatch: '*' }, as('ada'));
    await bench.bus.call(createTopic, { workspaceId, name: topic }, as('ada'));
    expect((await bench.bus.call(listTopicMembers, { workspaceId, topic }, as('ada'))).items).toEqual([]);
  });

  it('let everybody in who may join, and others only by who may change them', async () => {
    const topic = await newTopic();
    expect((await bench.bus.call(addTopicMembers, { workspaceId, topic, users: ['tom'] }, as('tom'))).added).toEqual(['tom']);
    const others = bench.bus.call(addTopicMembers, { workspaceId, topic, users: ['tom', 'eve'] }, as('tom'));
    await expect(others).rejects.toThrow(refusing('topics.update_denied'));
    const made = bench.bus.call(createTopic, { workspaceId, name: 'mine' }, as('tom'));
    await expect(made).rejects.toThrow(refusing('topics.create_denied'));
    await expect(bench.bus.call(listTopics, { workspaceId }, as('vera'))).rejects.toThrow(refusing('topics.read_denied'));
  });
});

describe('what is addressed to a topic', () => {
  it('is read by who is in it, live and later, and by nobody else', async () => {
    const [topic, other] = [await newTopic('tom'), await newTopic()];
    const type = `said.in${counted}`;
    const { next } = await poll('tom', [type]);
    await say(type, other);
    const id = await say(type, topic);
    expect(idsOf((await poll('tom', [type], next, 25)).events)).toEqual([id]);
    for (;;) {
      const { items } = await bench.bus.call(EventsService.method.listEvents, { workspaceId, types: [type] }, as('ada'));
      if (items.length === 2) break;
    }
    const { items } = await bench.bus.call(EventsService.method.listEvents, { workspaceId, types: [type] }, as('tom'));
    expect(idsOf(items)).toEqual([id]);
  });

  it('reaches who comes in while they wait, and no longer who has left', async () => {
    const topic = await newTopic();
    const type = `said.in${counted}`;
    const { next } = await poll('tom', [type]);
    const waiting = poll('tom', [type], next, 25);
    // The answer to another call says that the question has come in: both go the same way.
    await poll('tom', [type]);
    await say(type, topic);
    await bench.bus.call(addTopicMembers, { workspaceId, topic, users: ['tom'] }, as('ada'));
    await factsOf(topic, 2);
    const id = await say(type, topic);
    const { events, next: after } = await waiting;
    expect(idsOf(events)).toEqual([id]);
    const still = poll('tom', [type, 'closing.time'], after, 25);
    await poll('tom', [type]);
    await bench.bus.call(removeTopicMember, { workspaceId, topic, user: 'tom' }, as('ada'));
    await factsOf(topic, 3);
    await say(type, topic);
    const events2 = [{ type: 'closing.time', payload: encoder.encode('{}'), target: { user: 'tom' } }];
    const { events: last } = await bench.bus.call(EventsService.method.emitEvents, { workspaceId, events: events2 }, as('ada'));
    expect(idsOf((await still).events)).toEqual(idsOf(last as unknown as Event[]));
  });
});

describe('what automations say of topics', () => {
  const manage = (asked: object) =>
    bench.bus.call(manageTopic, { workspaceId: 'ws_1', topic: 'crew', ...asked }, bench.as(servicePrincipal('gateway')));

  it('is done once, however often it is said', async () => {
    await expect(manage({ instruction: 'join', users: ['tom'] })).rejects.toThrow(refusing('topics.not_found'));
    expect(await manage({ instruction: 'join', users: ['tom'], create: true })).toMatchObject({ created: true });
    expect(await manage({ instruction: 'join', users: ['tom'], create: true })).toMatchObject({ created: false });
    expect(await manage({ instruction: 'create' })).toMatchObject({ created: false });
    for (let times = 0; times < 2; times++) await manage({ instruction: 'leave', users: ['tom'] });
    expect((await bench.bus.call(listTopicMembers, { workspaceId, topic: 'crew' }, as('ada'))).items).toEqual([]);
  });

  it('is for services alone', async () => {
    const asked = bench.bus.call(manageTopic, { workspaceId, topic: 'crew', instruction: 'create' }, as('ada'));
    await expect(asked).rejects.toThrow(refusing('topics.manage_denied'));
  });
});

describe('a person who leaves the platform', () => {
  it('is in no topic any more', async () => {
    const topic = await newTopic('eve');
    const { eventLog, clock, ids } = bench.platform;
    await eventLog.append([
      {
        ...{ id: ids.mint('evt'), workspaceId: 'platform', type: 'gateway.users.deleted', time: clock.now(), correlationId: 'req_1' },
        ...{ payload: encoder.encode('{"user":"eve"}'), actor: { kind: 'service', id: 'gateway' }, source: { service: 'gateway' } },
      },
    ]);
    expect(await factsOf(topic, 3)).toContainEqual(['events.topics.left', 'eve']);
    expect((await bench.bus.call(listTopicMembers, { workspaceId, topic }, as('ada'))).items).toEqual([]);
  });
});
