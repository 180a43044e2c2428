import { describe, expect, it } from '@jest/globals';
import { DomainError } from '@millrace/kernel';
import { SystemIds } from '@millrace/service';
import { memoryPorts } from '@millrace/testing';
import { payloadOf, Workbench } from '../testing/workbench';

/** What a run that does this tells of the outcome. */
async function told(instruction: string, topics?: Readonly<Record<string, readonly string[]>>, refusal?: Error) {
  const ports = memoryPorts();
  const main = `do: [{ ${instruction} }]\n`;
  const runtime = await Workbench.of({ ...ports, ids: new SystemIds(ports.clock) }, { main });
  for (const [name, members] of Object.entries(topics ?? {})) runtime.topics.members.set(name, new Set(members));
  if (refusal !== undefined) runtime.topics.manage = () => Promise.reject(refusal);
  await (
    await runtime.begin('main')
  ).rest;
  const [failure] = await runtime.logged('error');
  return { topics: Object.fromEntries([...runtime.topics.members].map(([name, members]) => [name, [...members]])), failure };
}

describe('what a run says of topics', () => {
  it('is done: they are made, joined and left', async () => {
    expect((await told('createUserTopic: { topic: crew }')).topics).toEqual({ crew: [] });
    expect((await told('joinUserTopic: { topic: crew, userIds: [ada, eve] }')).topics).toEqual({ crew: ['ada', 'eve'] });
    const { topics } = await told('leaveUserTopic: { topic: crew, userIds: [ada] }', { crew: ['ada', 'eve'] });
    expect(topics).toEqual({ crew: ['eve'] });
  });

  it('fails the step, not the runtime, when there is no such topic', async () => {
    const { topics, failure } = await told('joinUserTopic: { topic: crew, userIds: [ada], create: false }');
    expect(topics).toEqual({});
    expect(failure === undefined ? undefined : payloadOf(failure)).toMatchObject({ code: 'runtime.topic_not_found' });
  });

  it('fails the step with the word of the service that refuses anything else', async () => {
    const full = new DomainError('topics.too_many', 'exhausted', 'There are too many topics.');
    const { failure } = await told('createUserTopic: { topic: crew }', {}, full);
    expect(failure === undefined ? undefined : payloadOf(failure)).toMatchObject({ code: 'topics.too_many', message: full.message });
  });

  it('is no failure of its own when something is broken here: the run goes on elsewhere', async () => {
    await expect(told('createUserTopic: { topic: crew }', {}, new TypeError('a fault'))).rejects.toThrow('a fault');
  });
});
