import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Collection, documentsUnavailable, SqliteDocuments, type PageQuery } from '@millrace/documents';
import { Clock, servicePrincipal, type Principal } from '@millrace/kernel';
import type { CallContext } from '@millrace/messaging';
import { SystemIds } from '@millrace/service';
import { MOST_TOPICS, type Membership, type Topic } from '../../domain/topics/topic';
import { TOPIC_MEMBERS, TOPICS } from '../../infrastructure/topic-collections';
import { ManageTopics, topicTag, type TopicInstruction } from './manage-topics';
import { TopicBook } from './topic-book';
import { TopicFacts } from './topic-facts';

class SetClock extends Clock {
  time = 1_000_000;
  override now(): number {
    return this.time++;
  }
}

/** A collection to which something happens in front of a write or in its place. */
class Meddled<T> extends Collection<T> {
  before: () => Promise<void> = async () => undefined;

  constructor(private readonly inner: Collection<T>) {
    super();
  }

  override find = (id: string) => this.inner.find(id);
  override get = (id: string) => this.inner.get(id);
  override findBy = (...asked: Parameters<Collection<T>['findBy']>) => this.inner.findBy(...asked);
  override count = (where: Record<string, never>) => this.inner.count(where);
  override page = (query: PageQuery) => this.inner.page(query);

  override async insert(...asked: Parameters<Collection<T>['insert']>) {
    await this.meddle();
    return this.inner.insert(...asked);
  }

  override async update(...asked: Parameters<Collection<T>['update']>) {
    await this.meddle();
    return this.inner.update(...asked);
  }

  private meddle(): Promise<void> {
    const { before } = this;
    this.before = async () => undefined;
    return before();
  }
}

const CREW = { workspaceId: 'ws_1', name: 'crew' };
const runtime: CallContext = {
  ...{ principal: servicePrincipal('runtime'), correlationId: 'req_1', causationId: 'evt_1', deadline: 0 },
  traceparent: '00-1-2-01',
};
const ada: CallContext = { principal: { kind: 'user', id: 'ada', roles: [] }, correlationId: 'req_2', deadline: 0 };

let documents: SqliteDocuments;
let topics: Meddled<Topic>;
let memberships: Meddled<Membership>;
let book: TopicBook;
let manage: ManageTopics;

beforeEach(async () => {
  const clock = new SetClock();
  const ids = new SystemIds(clock);
  documents = await SqliteDocuments.open(':memory:');
  topics = new Meddled(await documents.collection(TOPICS));
  memberships = new Meddled(await documents.collection(TOPIC_MEMBERS));
  book = new TopicBook({ topics, memberships, facts: new TopicFacts(clock, ids), clock, ids });
  manage = new ManageTopics(book, { require: async () => ({ id: 'ws_1', slug: 'hotel', roles: [] }) });
});

afterEach(() => documents.close());

const say = (more: Partial<TopicInstruction>): Promise<boolean> =>
  manage.manage(runtime, { topic: CREW, what: 'join', users: [], create: false, ...more });
const told = async () => (await documents.outbox.pending(200)).map(({ event }) => event);
const members = async () => (await manage.members(ada, 'hotel', 'crew', { limit: 50 })).items.map(({ user }) => user);

describe('topics', () => {
  it('are told of in the story and the trace in which they were changed, by who did it for whom', async () => {
    const principal: Principal = { kind: 'automation', id: 'ws_1/staff', roles: [], onBehalfOf: 'ada' };
    await manage.create({ ...runtime, principal }, 'hotel', 'crew', '');
    await manage.create(ada, 'hotel', 'other', '');
    expect(await told()).toMatchObject([
      { causationId: 'evt_1', traceparent: '00-1-2-01', actor: { kind: 'automation', id: 'ws_1/staff', onBehalfOf: 'ada' } },
      { causationId: 'req_2', actor: { kind: 'user', id: 'ada' } },
    ]);
    expect((await told())[1]).not.toHaveProperty('traceparent');
  });

  it('are listed page by page, the newest first', async () => {
    for (const name of ['a', 'b', 'c']) await manage.create(ada, 'hotel', name, '');
    const first = await manage.list(ada, 'hotel', { limit: 2 });
    const rest = await manage.list(ada, 'hotel', { limit: 2, cursor: first.nextCursor ?? '' });
    expect([first, rest].map(({ items }) => items.map(({ name }) => name))).toEqual([['c', 'b'], ['a']]);
    expect(rest).not.toHaveProperty('nextCursor');
  });

  it('are as many as one may be in, and not one more', async () => {
    await say({ what: 'create' });
    for (let index = 0; index < MOST_TOPICS; index++) {
      await memberships.insert({ id: `m${index}`, workspaceId: 'ws_1', topic: `t${index}`, user: 'tom', since: 1 });
    }
    expect(await book.of('ws_1', 'tom')).toHaveLength(MOST_TOPICS);
    const refusal = { code: 'topics.too_many', refusal: 'exhausted', facts: { user: 'tom', limit: MOST_TOPICS } };
    await expect(say({ users: ['tom'] })).rejects.toMatchObject(refusal);
    await manage.add(ada, 'hotel', 'crew', ['eve']);
    expect(await members()).toEqual(['eve']);
  });

  it('have somebody once who comes in by two ways at once', async () => {
    await say({ what: 'create' });
    memberships.before = async () => {
      await manage.add(ada, 'hotel', 'crew', ['tom']);
    };
    expect(await manage.add(ada, 'hotel', 'crew', ['tom'])).toEqual([]);
    expect((await told()).map(({ type }) => type)).toEqual(['events.topics.created', 'events.topics.joined']);
  });

  it('are deleted by who knows them: one of that name that was made since stays', async () => {
    const { etag } = await manage.create(ada, 'hotel', 'crew', '').then((topic) => ({ etag: topicTag(topic) }));
    await expect(manage.delete(ada, 'hotel', 'crew', '')).rejects.toMatchObject({ code: 'topics.precondition_required' });
    await manage.delete(ada, 'hotel', 'crew', etag);
    const anew = await manage.create({ ...ada, principal: { kind: 'user', id: 'eve', roles: [] } }, 'hotel', 'crew', '');
    await expect(manage.delete(ada, 'hotel', 'crew', etag)).rejects.toMatchObject({
      code: 'topics.precondition_failed',
      facts: { etag: topicTag(anew), updatedBy: 'eve', updatedAt: anew.createdAt },
    });
    await expect(manage.delete(ada, 'hotel', 'crew', '*')).resolves.toBeUndefined();
    await expect(manage.delete(ada, 'hotel', 'crew', '*')).rejects.toMatchObject({ code: 'topics.not_found' });
  });

  it('have nobody who came in while they were deleted', async () => {
    await say({ what: 'create' });
    memberships.before = () => manage.delete(ada, 'hotel', 'crew', '*');
    await expect(say({ users: ['tom'] })).rejects.toMatchObject({ code: 'topics.not_found' });
    expect(await book.of('ws_1', 'tom')).toEqual([]);
    expect((await told()).map(({ type }) => type.split('.').at(-1))).toEqual(['created', 'deleted', 'joined', 'left']);
  });
});

describe('what is asked of topics while their store is away', () => {
  const away = documentsUnavailable('gone');
  const fail = async (): Promise<void> => {
    throw away;
  };

  it('is refused as what it is, and can be asked again', async () => {
    topics.before = fail;
    await expect(say({ what: 'create' })).rejects.toBe(away);
    expect(await say({ what: 'create' })).toBe(true);
    memberships.before = fail;
    await expect(say({ users: ['tom'] })).rejects.toBe(away);
    await say({ users: ['tom'] });
    memberships.before = fail;
    await expect(say({ what: 'leave', users: ['tom'] })).rejects.toBe(away);
    expect(await members()).toEqual(['tom']);
  });
});
