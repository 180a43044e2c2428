import { DomainError } from '@millrace/kernel';
import type { TopicRequest } from '@millrace/language';
import type { Topics } from '../ports/topics';
import type { Result } from '../execution/effects';

/** Does what a run says of a topic; what is refused is a result. */
export async function manageTopic(topics: Topics, workspaceId: string, request: TopicRequest): Promise<Result> {
  const { op: what, topic, userIds, create = false } = request;
  try {
    const created = await topics.manage({ workspaceId, topic, what, users: userIds, create });
    return { value: what === 'create' ? { topic, created } : { topic, userIds } };
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    const { code, refusal, message } = error;
    return { error: { code: code === 'topics.not_found' ? 'runtime.topic_not_found' : code, refusal, message } };
  }
}
