import type { Json, JsonMap } from '@millrace/kernel';
import type { Instruction } from '../plan/instruction';
import { LanguageError } from '../problems/language-error';
import { boolean, list, text } from '../shapes/shape';
import type { Fields } from '../shapes/shape';
import type { TopicRequest } from '../step/effects';
import type { Branch } from '../step/threads/branch';
import { demandTopic } from '../step/world/permissions';
import { isList, textOf } from '../values/value';
import { defineStep } from './step';

const TOPIC: Fields = {
  topic: { shape: text, is: 'The name of the topic', required: true },
  userIds: { shape: list(text), is: 'Users by id', default: 'the current user' },
};

/** Refuses an app that nobody lets manage the topic. */
function requestFor(branch: Branch, parameters: JsonMap, op: TopicRequest['op'], needsUser: boolean): TopicRequest {
  const topic = textOf(parameters['topic']);
  demandTopic(branch, topic);
  const { userId } = branch.machine.state.identity;
  const given = isList(parameters['userIds']) ? parameters['userIds'] : undefined;
  const userIds: readonly Json[] = given ?? (userId === undefined || !needsUser ? [] : [userId]);
  if (needsUser && userIds.length === 0)
    throw new LanguageError('language.argument_missing', `There is no user to ${op} the topic; give \`userIds\`.`);
  return { op, topic, userIds: userIds.map(textOf), instance: branch.automation.instance };
}

/** Makes a topic. */
export const createUserTopic: Instruction = defineStep({
  name: 'createUserTopic',
  summary: 'Makes a topic that events can be sent to',
  fields: TOPIC,
  perform: (branch, parameters) => ({ effect: { kind: 'topic', request: requestFor(branch, parameters, 'create', false) } }),
});

/** Adds users to a topic. */
export const joinUserTopic: Instruction = defineStep({
  name: 'joinUserTopic',
  summary: 'Adds users to a topic',
  fields: { ...TOPIC, create: { shape: boolean, is: 'Whether an unknown topic is made', default: true } },
  perform: (branch, parameters) => {
    const request = { ...requestFor(branch, parameters, 'join', true), create: parameters['create'] !== false };
    return { effect: { kind: 'topic', request } };
  },
});

/** Takes users out of a topic. */
export const leaveUserTopic: Instruction = defineStep({
  name: 'leaveUserTopic',
  summary: 'Takes users out of a topic',
  addition: true,
  fields: TOPIC,
  perform: (branch, parameters) => ({ effect: { kind: 'topic', request: requestFor(branch, parameters, 'leave', true) } }),
});
