import type { CollectionSpec } from '@millrace/documents';
import { personKey, topicKey, type Membership, type Topic } from '../domain/topics/topic';

export const TOPICS: CollectionSpec<Topic> = {
  name: 'topics',
  id: ({ id }) => id,
  indexes: [
    { name: 'workspace', of: ({ workspaceId }) => workspaceId },
    { name: 'created', of: ({ createdAt }) => createdAt },
  ],
};

export const TOPIC_MEMBERS: CollectionSpec<Membership> = {
  name: 'topic-members',
  id: ({ id }) => id,
  indexes: [
    { name: 'topic', of: topicKey },
    { name: 'person', of: personKey },
    { name: 'user', of: ({ user }) => user },
  ],
};
