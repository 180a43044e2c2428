import { DomainError } from '@millrace/kernel';

/** A named set of people in a workspace. */
export interface Topic {
  readonly id: string;
  readonly workspaceId: string;
  readonly name: string;
  readonly description: string;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  readonly createdBy: string;
}

/** That somebody is in a topic. */
export interface Membership {
  readonly id: string;
  readonly workspaceId: string;
  /** Name of the topic. */
  readonly topic: string;
  readonly user: string;
  /** Milliseconds since 1970. */
  readonly since: number;
}

/** In how many topics of a workspace somebody may be. */
export const MOST_TOPICS = 1_000;

/** A text that is the same for all members of one topic. */
export function topicKey({ workspaceId, topic }: Pick<Membership, 'workspaceId' | 'topic'>): string {
  return `${workspaceId}/${topic}`;
}

/** A text that is the same for all memberships of one person in a workspace. */
export function personKey({ workspaceId, user }: Pick<Membership, 'workspaceId' | 'user'>): string {
  return `${workspaceId}/${user}`;
}

/** The tag of a topic. It never changes, so the moment it was made tells it from one of the same name that was made later. */
export function topicTag({ createdAt }: Topic): string {
  return String(createdAt);
}

/** Refuses a topic that was made after its caller read the one of that name. `ifMatch`: its tag, or `*`. */
export function demandTopic(topic: Topic, ifMatch: string): void {
  const etag = topicTag(topic);
  if (ifMatch === '*' || ifMatch === etag) return;
  const { name, createdBy: updatedBy, createdAt: updatedAt } = topic;
  const made = `${updatedBy} made it at ${new Date(updatedAt).toISOString()}`;
  throw new DomainError(
    'topics.precondition_failed',
    'conflict',
    `The topic "${name}" is not the one you read: ${made}. Read it again and repeat the change.`,
    { facts: { topic: name, etag, updatedBy, updatedAt } },
  );
}

/** Who deletes a topic has to know it. */
export function topicUnnamed(): DomainError {
  const message = 'Send If-Match with the ETag of the topic you delete, or If-Match: * to delete whatever is there.';
  return new DomainError('topics.precondition_required', 'conflict', message);
}

export function topicMissing(name: string): DomainError {
  return new DomainError('topics.not_found', 'not-found', `There is no topic "${name}" in this workspace.`, { facts: { topic: name } });
}

export function topicTaken(name: string): DomainError {
  return new DomainError('topics.taken', 'conflict', `There is a topic "${name}" in this workspace already.`, { facts: { topic: name } });
}

export function memberMissing(name: string, user: string): DomainError {
  return new DomainError('topics.member_not_found', 'not-found', `${user} is not in the topic "${name}".`, {
    facts: { topic: name, user },
  });
}

export function tooManyTopics(user: string): DomainError {
  return new DomainError(
    'topics.too_many',
    'exhausted',
    `${user} is in ${MOST_TOPICS} topics of this workspace: that is as many as one may be in. Take them out of one first.`,
    { facts: { user, limit: MOST_TOPICS } },
  );
}
