import { DomainError, type Json, type JsonMap } from '@millrace/kernel';
import type { TopicInstruction, Topics } from '../ports/topics';
import type { Result } from '../execution/effects';

/** Does what a run says of a topic; what is refused is a result. */
export async function manageTopic(topics: Topics, workspaceId: string, request: JsonMap): Promise<Result> {
  const instruction = instructionOf(workspaceId, request);
  const { topic, what, users } = instruction;
  try {
    const created = await topics.manage(instruction);
    return { value: what === 'create' ? { topic, created } : { topic, userIds: [...users] } };
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    const { code, refusal, message } = error;
    return { error: { code: code === 'topics.not_found' ? 'runtime.topic_not_found' : code, refusal, message } };
  }
}

function instructionOf(workspaceId: string, { op, topic, userIds, create }: JsonMap): TopicInstruction {
  return {
    workspaceId,
    topic: textOf(topic),
    what: op as TopicInstruction['what'],
    users: Array.isArray(userIds) ? userIds.map(textOf) : [],
    create: create === true,
  };
}

function textOf(value: Json | undefined): string {
  return typeof value === 'string' ? value : JSON.stringify(value ?? '');
}
