import type { WorkspaceRights } from '@millrace/auth';
import { DomainError, type Page } from '@millrace/kernel';
import type { CallContext } from '@millrace/messaging';
import { demandTopic, topicUnnamed, type Membership, type Topic } from '../../domain/topics/topic';
import type { TopicBook, TopicName } from './topic-book';

export { topicTag } from '../../domain/topics/topic';

/** A page of a list. */
export interface Section {
  readonly limit: number;
  readonly cursor?: string;
}

/** What an automation says of a topic. */
export interface TopicInstruction {
  readonly topic: TopicName;
  readonly what: 'create' | 'join' | 'leave';
  readonly users: readonly string[];
  /** Whether to join makes a topic that is not there. */
  readonly create: boolean;
}

/** Topics for those who have the right to them. */
export class ManageTopics {
  constructor(
    private readonly book: TopicBook,
    private readonly rights: Pick<WorkspaceRights, 'require'>,
  ) {}

  async list(context: CallContext, workspace: string, section: Section): Promise<Page<Topic>> {
    const { id } = await this.rights.require(context, workspace, 'read', 'topics');
    return this.book.list(id, section);
  }

  async get(context: CallContext, workspace: string, name: string): Promise<Topic> {
    const { id } = await this.rights.require(context, workspace, 'read', 'topics');
    return this.book.get({ workspaceId: id, name });
  }

  async create(context: CallContext, workspace: string, name: string, description: string): Promise<Topic> {
    const { id } = await this.rights.require(context, workspace, 'create', 'topics');
    return this.book.create(context, { workspaceId: id, name }, description);
  }

  /** `ifMatch`: the tag of the topic that is meant, or `*`. */
  async delete(context: CallContext, workspace: string, name: string, ifMatch: string): Promise<void> {
    const { id } = await this.rights.require(context, workspace, 'delete', 'topics');
    if (ifMatch === '') throw topicUnnamed();
    await this.book.delete(context, { workspaceId: id, name }, (topic) => demandTopic(topic, ifMatch));
  }

  async members(context: CallContext, workspace: string, name: string, section: Section): Promise<Page<Membership>> {
    const { id } = await this.rights.require(context, workspace, 'read', 'topics');
    await this.book.get({ workspaceId: id, name });
    return this.book.members({ workspaceId: id, name }, section);
  }

  /** Answers who was not in it before. */
  async add(context: CallContext, workspace: string, name: string, users: readonly string[]): Promise<readonly string[]> {
    const action = users.every((user) => isSelf(context, user)) ? 'join' : 'update';
    const { id } = await this.rights.require(context, workspace, action, 'topics');
    const added: string[] = [];
    for (const user of new Set(users)) if (await this.book.join(context, { workspaceId: id, name }, user)) added.push(user);
    return added;
  }

  /** Everybody may leave what they are in. */
  async remove(context: CallContext, workspace: string, name: string, user: string): Promise<void> {
    const { id } = await this.rights.require(context, workspace, isSelf(context, user) ? 'join' : 'update', 'topics');
    await this.book.leave(context, { workspaceId: id, name }, user);
  }

  /** Does what an automation says; what is so already stays. Answers whether the topic was made by it. */
  async manage(context: CallContext, { topic, what, users, create }: TopicInstruction): Promise<boolean> {
    if (context.principal.kind !== 'service') throw onlyServices();
    const created = what === 'create' || (what === 'join' && create) ? await this.ensure(context, topic) : false;
    for (const user of users) {
      if (what === 'leave') await this.book.leave(context, topic, user).catch(unless('topics.member_not_found'));
      else await this.book.join(context, topic, user);
    }
    return created;
  }

  private async ensure(context: CallContext, topic: TopicName): Promise<boolean> {
    return this.book.create(context, topic).then(
      () => true,
      (error: unknown) => {
        unless('topics.taken')(error);
        return false;
      },
    );
  }
}

function isSelf({ principal: { kind, id } }: CallContext, user: string): boolean {
  return kind === 'user' && id === user;
}

/** Lets everything through but the refusal of this code. */
function unless(code: string): (error: unknown) => void {
  return (error) => {
    if (!(error instanceof DomainError) || error.code !== code) throw error;
  };
}

function onlyServices(): DomainError {
  return new DomainError('topics.manage_denied', 'forbidden', 'Only automations say this of topics. Use /v1/workspaces/<id>/topics.');
}
