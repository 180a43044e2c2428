import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DeadLettersService } from '@millrace/contracts';
import type { Platform } from '@millrace/service';
import { serviceBench } from '@millrace/testing';
import { payloadOf, Stage, textOf, workspaceNamed } from '../../../testing/stage';

const { method } = DeadLettersService;
const WORKSPACE = workspaceNamed(1);
const encode = (value: object) => new TextEncoder().encode(JSON.stringify(value));

/** Why the runtime could not handle these events, some time ago. */
const REASONS = [
  'automation pay: "apr_1" in "x" changed 3 times',
  'automation pay: "apr_2" in "y" changed 14 times',
  'automation greet: disk is gone',
  'log.unavailable: The log is away.',
];

/** A runtime that failed at each event, once. */
async function past({ eventLog, clock }: Platform): Promise<void> {
  const events = [...REASONS, 'automation other: elsewhere'].map((reason, index) => ({
    ...{
      id: `evt_${index}`,
      workspaceId: index < REASONS.length ? WORKSPACE : workspaceNamed(2),
      type: 'orders.placed',
      time: clock.now(),
    },
    ...{ payload: encode({ reason, index }), correlationId: 'cor', actor: { kind: 'user', id: 'ada' }, source: {} },
  })) as never[];
  await eventLog.append(events);
  const dead = Promise.withResolvers<undefined>();
  let seen = 0;
  const durable = { name: 'runtime', filter: ['*.>'], order: 'key', parallel: 1, attempts: 1, start: 'first' } as const;
  const consumption = await eventLog.consume(durable, async (event) => {
    if (event.type !== 'orders.placed') return { kind: 'done' };
    seen += 1;
    if (seen === events.length) dead.resolve(undefined);
    throw new Error(textOf(payloadOf(event), 'reason'));
  });
  await dead.promise;
  await consumption.stop(10_000);
}

describe('dead letters over the bus', () => {
  let stage: Stage;

  beforeAll(async () => {
    stage = await Stage.open(serviceBench, past);
    const sources = {
      pay: 'when: { events: orders.placed }\ndo: [{ emit: { event: orders.paid, payload: { index: "{{payload.index}}" } } }]\n',
    };
    await stage.workspace(sources);
    await stage.workspace(sources);
  });

  afterAll(() => stage[Symbol.asyncDispose]());

  const letters = async (request: object = {}) => (await stage.call(method.listDeadLetters, { workspaceId: WORKSPACE, ...request })).items;

  it('are listed, and by what they have in common', async () => {
    const all = await letters();
    expect(all.map(({ eventId, automation, attempts }) => [eventId, automation, attempts])).toEqual([
      ['evt_0', 'pay', 1],
      ['evt_1', 'pay', 1],
      ['evt_2', 'greet', 1],
      ['evt_3', '', 1],
    ]);
    expect(all[0]).toMatchObject({ eventType: 'orders.placed', reason: REASONS[0] });
    const [first] = (await stage.call(method.listDeadLetterGroups, { workspaceId: WORKSPACE }, 'vera')).items;
    expect(first).toMatchObject({ automation: 'pay', count: 2, reason: REASONS[1] });
    expect((await letters({ fingerprint: first?.fingerprint ?? '' })).map(({ eventId }) => eventId)).toEqual(['evt_0', 'evt_1']);
  });

  it('come in pages', async () => {
    const first = await stage.call(method.listDeadLetters, { workspaceId: WORKSPACE, limit: 3 });
    const second = await stage.call(method.listDeadLetters, { workspaceId: WORKSPACE, limit: 3, cursor: first.nextCursor });
    expect([...first.items, ...second.items]).toEqual(await letters());
    const groups = await stage.call(method.listDeadLetterGroups, { workspaceId: WORKSPACE, limit: 1 });
    expect(groups.nextCursor).not.toBe('');
  });

  it('are shown with their event', async () => {
    const letterId = (await letters())[0]?.id ?? '';
    const { letter } = await stage.call(method.getDeadLetter, { workspaceId: WORKSPACE, letterId }, 'vera');
    expect(payloadOf({ payload: letter?.payload ?? encode({}) })).toEqual({ reason: REASONS[0], index: 0 });
  });

  it('are shown without what their event said to who may not read events', async () => {
    stage.grant('olaf', [{ allow: ['manage'], on: ['dead-letters'] }]);
    const letterId = (await letters())[0]?.id ?? '';
    const { letter } = await stage.call(method.getDeadLetter, { workspaceId: WORKSPACE, letterId }, 'olaf');
    expect(letter?.eventType).not.toBe('');
    expect(payloadOf({ payload: letter?.payload ?? encode({ a: 1 }) })).toEqual({});
  });

  it('are nothing to strangers, to other workspaces, and to who may only look', async () => {
    const letterId = (await letters())[0]?.id ?? '';
    const chosen = { workspaceId: WORKSPACE, letters: [letterId] };
    const refused = { code: 'workspaces.not_found' };
    await expect(stage.call(method.listDeadLetters, { workspaceId: WORKSPACE }, 'bob')).rejects.toMatchObject(refused);
    await expect(stage.call(method.listDeadLetterGroups, { workspaceId: WORKSPACE }, 'bob')).rejects.toMatchObject(refused);
    await expect(stage.call(method.getDeadLetter, { workspaceId: WORKSPACE, letterId }, 'bob')).rejects.toMatchObject(refused);
    await expect(stage.call(method.redriveDeadLetters, chosen, 'bob')).rejects.toMatchObject(refused);
    await expect(stage.call(method.discardDeadLetters, chosen, 'bob')).rejects.toMatchObject(refused);
    const denied = { code: 'dead-letters.manage_denied' };
    await expect(stage.call(method.redriveDeadLetters, chosen, 'vera')).rejects.toMatchObject(denied);
    await expect(stage.call(method.discardDeadLetters, chosen, 'vera')).rejects.toMatchObject(denied);
    const missing = { code: 'runtime.dead_letter_not_found' };
    const elsewhere = { workspaceId: workspaceNamed(2), letters: [letterId] };
    await expect(stage.call(method.getDeadLetter, { workspaceId: workspaceNamed(2), letterId })).rejects.toMatchObject(missing);
    await expect(stage.call(method.discardDeadLetters, elsewhere)).rejects.toMatchObject(missing);
    await expect(stage.call(method.getDeadLetter, { workspaceId: WORKSPACE, letterId: 'x' })).rejects.toMatchObject(missing);
  });

  it('are not emptied without saying which', async () => {
    for (const wrong of [{}, { all: true, fingerprint: 'flt_1' }, { letters: ['1'], all: true }]) {
      const request = { workspaceId: WORKSPACE, ...wrong };
      await expect(stage.call(method.redriveDeadLetters, request)).rejects.toMatchObject({ refusal: 'invalid' });
      await expect(stage.call(method.discardDeadLetters, request)).rejects.toMatchObject({ refusal: 'invalid' });
    }
    const fast = { workspaceId: WORKSPACE, all: true, rate: 5000 };
    await expect(stage.call(method.redriveDeadLetters, fast)).rejects.toMatchObject({ refusal: 'invalid' });
  });

  it('are handed out again by fingerprint, at a rate, and leave when their events are done', async () => {
    const fingerprint = (await letters())[0]?.fingerprint ?? '';
    expect(await stage.call(method.redriveDeadLetters, { workspaceId: WORKSPACE, fingerprint, rate: 500 }, 'olga')).toMatchObject({
      count: 2,
    });
    await stage.until(WORKSPACE, 'orders.paid', { index: 1 });
    await stage.eventually(async () => (await letters()).length === 2);
    const told = await stage.until(WORKSPACE, 'runtime.dead-letters.redriven', { event: 'evt_1' });
    expect([told.actor, payloadOf(told)]).toMatchObject([{ id: 'olga' }, { fingerprint, automation: 'pay' }]);
  });

  it('are discarded, each by its id, and that is told', async () => {
    const id = (await letters())[0]?.id ?? '';
    expect(await stage.call(method.discardDeadLetters, { workspaceId: WORKSPACE, letters: [id, id] })).toMatchObject({ count: 1 });
    await stage.until(WORKSPACE, 'runtime.dead-letters.discarded', { letter: id });
    expect(await stage.call(method.discardDeadLetters, { workspaceId: WORKSPACE, all: true })).toMatchObject({ count: 1 });
    expect(await letters()).toEqual([]);
    expect((await stage.call(method.listDeadLetters, { workspaceId: workspaceNamed(2) })).items).toHaveLength(1);
  });
});
