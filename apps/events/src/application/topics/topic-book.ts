import type { Collection, PageQuery } from '@millrace/documents';
import { DomainError, type Clock, type Ids, type Page } from '@millrace/kernel';
import type { CallContext } from '@millrace/messaging';
import {
  memberMissing,
  MOST_TOPICS,
  personKey,
  tooManyTopics,
  topicKey,
  topicMissing,
  topicTaken,
  type Membership,
  type Topic,
} from '../../domain/topics/topic';
import type { TopicFacts } from './topic-facts';

/** A topic by its workspace and name. */
export interface TopicName {
  readonly workspaceId: string;
  readonly name: string;
}

export interface TopicBookParts {
  readonly topics: Collection<Topic>;
  readonly memberships: Collection<Membership>;
  readonly facts: TopicFacts;
  readonly clock: Clock;
  readonly ids: Ids;
}

type Section = Pick<PageQuery, 'limit' | 'cursor'>;

const AT_ONCE = 200;

/** All topics and who is in them. Each change is told on the log in the order in which it was made; it asks for nobody's rights. */
export class TopicBook {
  constructor(private readonly parts: TopicBookParts) {}

  async list(workspaceId: string, section: Section): Promise<Page<Topic>> {
    return documentsOf(
      await this.parts.topics.page({ where: { workspace: workspaceId }, by: 'created', direction: 'descending', ...section }),
    );
  }

  /** Throws `topics.not_found`. */
  async get(name: TopicName): Promise<Topic> {
    const stored = await this.parts.topics.find(this.idOf(name));
    if (stored === undefined) throw topicMissing(name.name);
    return stored.document;
  }

  /** Throws `topics.taken`. */
  async create(context: CallContext, { workspaceId, name }: TopicName, description = ''): Promise<Topic> {
    const { topics, facts, clock } = this.parts;
    const topic = {
      ...{ id: this.idOf({ workspaceId, name }), workspaceId, name, description },
      ...{ createdAt: clock.now(), createdBy: context.principal.id },
    };
    return topics.insert(topic, [facts.of(context, { workspaceId, what: 'created', topic: name })]).then(
      ({ document }) => document,
      (error: unknown) => {
        throw isTaken(error) ? topicTaken(name) : error;
      },
    );
  }

  /**
   * Everybody leaves it first, and is told so. Nobody is in it any more when it resolves; who comes in meanwhile is not either. `demand`
   * refuses a topic that is not the one that was meant.
   */
  async delete(context: CallContext, name: TopicName, demand: (topic: Topic) => void): Promise<void> {
    const { workspaceId, name: topic } = name;
    demand(await this.get(name));
    await this.empty(context, name);
    const event = this.parts.facts.of(context, { workspaceId, what: 'deleted', topic });
    await this.parts.topics.update(this.idOf(name), () => ({ document: null, events: [event] }));
    await this.empty(context, name);
  }

  async members({ workspaceId, name: topic }: TopicName, section: Section): Promise<Page<Membership>> {
    return documentsOf(await this.parts.memberships.page({ where: { topic: topicKey({ workspaceId, topic }) }, ...section }));
  }

  /** Answers whether the person was not in it before. Throws `topics.not_found`, `topics.too_many`. */
  async join(context: CallContext, name: TopicName, user: string): Promise<boolean> {
    const { memberships, facts, clock } = this.parts;
    const { workspaceId, name: topic } = name;
    await this.get(name);
    const id = this.membershipId(name, user);
    if ((await memberships.find(id)) !== undefined) return false;
    if ((await this.of(workspaceId, user)).length >= MOST_TOPICS) throw tooManyTopics(user);
    const told = [facts.of(context, { workspaceId, what: 'joined', topic, user })];
    try {
      await memberships.insert({ id, workspaceId, topic, user, since: clock.now() }, told);
    } catch (error) {
      if (isTaken(error)) return false;
      throw error;
    }
    await this.get(name).catch(async (error: unknown) => {
      await this.leave(context, name, user);
      throw error;
    });
    return true;
  }

  /** Throws `topics.member_not_found`. */
  async leave(context: CallContext, name: TopicName, user: string): Promise<void> {
    const { memberships, facts } = this.parts;
    const { workspaceId, name: topic } = name;
    const id = this.membershipId(name, user);
    if ((await memberships.find(id)) === undefined) throw memberMissing(topic, user);
    const events = [facts.of(context, { workspaceId, what: 'left', topic, user })];
    await memberships.update(id, () => ({ document: null, events }));
  }

  /** The names of the topics of a workspace that somebody is in. */
  async of(workspaceId: string, user: string): Promise<readonly string[]> {
    const { memberships } = this.parts;
    const where = { person: personKey({ workspaceId, user }) };
    const names: string[] = [];
    for await (const { document } of memberships.each({ where })) names.push(document.topic);
    return names;
  }

  /** Takes a person out of every topic there is; answers out of how many. */
  async forget(context: CallContext, user: string): Promise<number> {
    let count = 0;
    for (;;) {
      const { items } = await this.parts.memberships.page({ where: { user }, limit: AT_ONCE });
      if (items.length === 0) return count;
      for (const { document } of items) await this.leave(context, { workspaceId: document.workspaceId, name: document.topic }, user);
      count += items.length;
    }
  }

  /** Removes all topics of a workspace that is gone for good; answers how many. Nobody is told: there is nobody left to read it. */
  async removeAll(workspaceId: string): Promise<number> {
    const { topics } = this.parts;
    for (let count = 0; ;) {
      const { items } = await topics.page({ where: { workspace: workspaceId }, limit: AT_ONCE });
      if (items.length === 0) return count;
      for (const { document } of items) {
        await this.takeOut({ workspaceId, name: document.name }, () => []);
        await topics.update(document.id, () => ({ document: null, events: [] }));
      }
      count += items.length;
    }
  }

  /** Each is told that they are out: should it stop half-way, those who are know. */
  private async empty(context: CallContext, name: TopicName): Promise<void> {
    const { workspaceId, name: topic } = name;
    await this.takeOut(name, (user) => [this.parts.facts.of(context, { workspaceId, what: 'left', topic, user })]);
  }

  /** Takes everybody out, each with what is to be told of it. */
  private async takeOut({ workspaceId, name: topic }: TopicName, told: (user: string) => ReturnType<TopicFacts['of']>[]): Promise<void> {
    const { memberships } = this.parts;
    for (;;) {
      const { items } = await memberships.page({ where: { topic: topicKey({ workspaceId, topic }) }, limit: AT_ONCE });
      if (items.length === 0) return;
      for (const { document } of items) await memberships.update(document.id, () => ({ document: null, events: told(document.user) }));
    }
  }

  private idOf({ workspaceId, name }: TopicName): string {
    return this.parts.ids.derive('tpc', workspaceId, name);
  }

  private membershipId({ workspaceId, name }: TopicName, user: string): string {
    return this.parts.ids.derive('tpm', workspaceId, name, user);
  }
}

function documentsOf<T>({ items, nextCursor }: Page<{ readonly document: T }>): Page<T> {
  return { items: items.map(({ document }) => document), ...(nextCursor === undefined ? {} : { nextCursor }) };
}

function isTaken(error: unknown): boolean {
  return error instanceof DomainError && error.code === 'documents.taken';
}
