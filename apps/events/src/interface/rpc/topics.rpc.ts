import type { MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import type { TopicSchema } from '@millrace/contracts';
import {
  TopicsService,
  type AddTopicMembersRequest,
  type CreateTopicRequest,
  type DeleteTopicRequest,
  type GetTopicRequest,
  type ListTopicMembersRequest,
  type ListTopicsRequest,
  type ManageTopicRequest,
  type RemoveTopicMemberRequest,
} from '@millrace/contracts';
import type { AskedPage } from '@millrace/kernel';
import { Listing } from '@millrace/lists';
import { Rpc, type CallContext } from '@millrace/messaging';
import { Controller, Inject } from '@nestjs/common';
import { ManageTopics, topicTag, type Section, type TopicInstruction } from '../../application/topics/manage-topics';

const { method } = TopicsService;
const TOPICS = new Listing(method.listTopics);
const MEMBERS = new Listing(method.listTopicMembers);

type Topic = Awaited<ReturnType<ManageTopics['get']>>;

/** The calls on topics. */
@Controller()
export class TopicsRpc {
  constructor(@Inject(ManageTopics) private readonly topics: ManageTopics) {}

  @Rpc(method.listTopics)
  list(request: ListTopicsRequest, context: CallContext) {
    return TOPICS.answer(request, (page) => this.topics.list(context, request.workspaceId, sectionOf(page)), topicMessage);
  }

  @Rpc(method.createTopic)
  async create({ workspaceId, name, description }: CreateTopicRequest, context: CallContext) {
    return { topic: topicMessage(await this.topics.create(context, workspaceId, name, description)) };
  }

  @Rpc(method.getTopic)
  async get({ workspaceId, topic }: GetTopicRequest, context: CallContext) {
    return { topic: topicMessage(await this.topics.get(context, workspaceId, topic)) };
  }

  @Rpc(method.deleteTopic)
  async delete({ workspaceId, topic, ifMatch }: DeleteTopicRequest, context: CallContext) {
    await this.topics.delete(context, workspaceId, topic, ifMatch);
    return {};
  }

  @Rpc(method.listTopicMembers)
  members(request: ListTopicMembersRequest, context: CallContext) {
    return MEMBERS.answer(
      request,
      (page) => this.topics.members(context, request.workspaceId, request.topic, sectionOf(page)),
      ({ user, since }) => ({ user, since: timestampFromMs(since) }),
    );
  }

  @Rpc(method.addTopicMembers)
  async add({ workspaceId, topic, users }: AddTopicMembersRequest, context: CallContext) {
    return { added: [...(await this.topics.add(context, workspaceId, topic, users))] };
  }

  @Rpc(method.removeTopicMember)
  async remove({ workspaceId, topic, user }: RemoveTopicMemberRequest, context: CallContext) {
    await this.topics.remove(context, workspaceId, topic, user);
    return {};
  }

  @Rpc(method.manageTopic)
  async manage({ workspaceId, topic: name, instruction, users, create }: ManageTopicRequest, context: CallContext) {
    const what = instruction as TopicInstruction['what'];
    return { created: await this.topics.manage(context, { topic: { workspaceId, name }, what, users, create }) };
  }
}

function sectionOf({ limit, cursor }: AskedPage): Section {
  return { limit, ...(cursor === '' ? {} : { cursor }) };
}

function topicMessage(topic: Topic): MessageInitShape<typeof TopicSchema> {
  const { name, description, createdAt, createdBy } = topic;
  return { name, description, createdBy, createdAt: timestampFromMs(createdAt), etag: topicTag(topic) };
}
