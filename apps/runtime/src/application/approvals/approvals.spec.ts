import { describe, expect, it } from '@jest/globals';
import type { JsonMap } from '@millrace/kernel';
import { SystemIds } from '@millrace/service';
import { memoryPorts, person, SimulatedWorld } from '@millrace/testing';
import { approvalNamed } from './approvals';
import { Workbench, WORKSPACE } from '../testing/workbench';

const HOUR = 3_600_000;
const ASK = [
  'do:',
  '  - approve:',
  '      title: May I?',
  '      message: It is a lot.',
  '      to: { users: [ada, eve] }',
  '      except: { users: [eve] }',
  '      deadline: 1d',
  '      remind: 10h',
  '      form: { type: object, properties: { why: { type: string } }, required: [why] }',
  '      output: a',
  '  - emit: { event: told, payload: { decision: "{{a.decision}}", by: "{{a.by}}", why: "{{a.form.why}}" } }',
].join('\n');
const YES = { decision: 'approved', form: { why: 'because' } };
const READ = ['read workspaces'];

function giveRights(bench: Workbench): Workbench {
  for (const who of ['ada', 'bob', 'eve']) bench.rights.rights.set(who, READ);
  bench.rights.rights.set('chief', [...READ, 'approve runs']);
  return bench;
}

async function alone(text = ASK) {
  const ports = memoryPorts();
  const bench = giveRights(await Workbench.of({ ...ports, ids: new SystemIds(ports.clock) }, { main: text }));
  await bench.follow();
  const { run, rest } = await bench.begin('main');
  await rest;
  const [approval] = await Array.fromAsync(bench.engine.approvals.each(WORKSPACE));
  return { bench, advance: ports.advance, run, approval: approval?.id ?? '' };
}

/** An approval asked for by one of two processes, the other of which looks after timers and the log. */
async function two() {
  const world = new SimulatedWorld(0, { calm: true });
  const [one, other] = await Promise.all(
    ['one', 'other'].map(async (name) => {
      const { eventLog, keyValue, clock, alarms } = world.process(name);
      return giveRights(await Workbench.of({ eventLog, keyValue, clock, alarms, ids: new SystemIds(clock) }, { main: ASK }));
    }),
  );
  if (one === undefined || other === undefined) throw new Error('there are two');
  await (
    await one.begin('main')
  ).rest;
  await other.follow();
  const [approval] = await Array.fromAsync(other.engine.approvals.each(WORKSPACE));
  return { world, one, other, approval: approval?.id ?? '' };
}

const answer = (bench: Workbench, who: string, id: string, decision = YES) =>
  bench.approval.run(bench.context(person(who)), WORKSPACE, id, decision);
const told = async (bench: Workbench, type = 'told') =>
  (await bench.told()).filter(([of]) => of === type).map(([, payload]) => payload as JsonMap);

describe('an approval', () => {
  it('tells whom it asks, and gives the run who decided what', async () => {
    const { bench, approval, run } = await alone();
    const asked = {
      approval,
      run: run.id,
      automation: 'main',
      title: 'May I?',
      message: 'It is a lot.',
      choices: ['approved', 'rejected'],
    };
    expect(await told(bench, 'runtime.approvals.asked')).toEqual([expect.objectContaining(asked)]);
    expect(await answer(bench, 'ada', approval)).toMatchObject({ answer: { decision: 'approved', by: 'ada' } });
    await bench.engine.runs.find(run.id)?.rest;
    expect(await told(bench)).toEqual([{ decision: 'approved', by: 'ada', why: 'because' }]);
    expect(await told(bench, 'runtime.approvals.answered')).toEqual([
      expect.objectContaining({ approval, decision: 'approved', by: 'ada' }),
    ]);
  });

  it('is decided by who was asked or has the right to, and by nobody who is excepted', async () => {
    const { bench, approval } = await alone();
    await expect(answer(bench, 'bob', approval)).rejects.toMatchObject({ refusal: 'forbidden' });
    await expect(answer(bench, 'eve', approval)).rejects.toMatchObject({ code: 'runs.approve_denied' });
    await expect(answer(bench, 'stranger', approval)).rejects.toMatchObject({ refusal: 'forbidden' });
    expect(await answer(bench, 'chief', approval)).toMatchObject({ answer: { by: 'chief' } });
  });

  it('is on record as the deed of who decided, for whomever they act', async () => {
    const { bench, approval } = await alone();
    await bench.approval.run(bench.context({ ...person('chief'), onBehalfOf: 'ada' }), WORKSPACE, approval, YES);
    const actors = async (type: string) => (await bench.logged(type)).map(({ actor }) => actor);
    expect([await actors('runtime.approvals.asked'), await actors('runtime.approvals.answered')]).toEqual([
      [{ kind: 'service', id: 'runtime' }],
      [{ kind: 'user', id: 'chief', onBehalfOf: 'ada' }],
    ]);
  });

  it('is decided once, also by two at the same time', async () => {
    const { bench, approval } = await alone();
    const both = await Promise.allSettled([answer(bench, 'ada', approval), answer(bench, 'chief', approval)]);
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    await expect(answer(bench, 'ada', approval)).rejects.toMatchObject({ code: 'runtime.approval_answered', refusal: 'conflict' });
    expect(await told(bench)).toHaveLength(1);
  });

  it('takes only what can be decided, in the form that was asked for', async () => {
    const { bench, approval } = await alone();
    await expect(answer(bench, 'ada', approval, { ...YES, decision: 'perhaps' })).rejects.toMatchObject({
      ...{ code: 'runtime.decision_unknown', refusal: 'invalid', errors: [expect.objectContaining({ pointer: '/decision' })] },
    });
    await expect(answer(bench, 'ada', approval, { decision: 'approved', form: { why: 1 } as never })).rejects.toMatchObject({
      ...{ code: 'runtime.form_invalid', errors: [expect.objectContaining({ pointer: '/form/why' })] },
    });
    await expect(answer(bench, 'ada', 'apr_other')).rejects.toMatchObject({ code: 'runtime.approval_not_found' });
  });

  it('expires, and the run goes on', async () => {
    const { bench, approval, advance } = await alone();
    await advance(24 * HOUR);
    expect(await told(bench)).toEqual([{ decision: 'expired', by: null }]);
    await expect(answer(bench, 'ada', approval)).rejects.toMatchObject({ code: 'runtime.approval_expired' });
    await bench.approval.onTimer(`approval/${WORKSPACE}/${approval}`);
  });

  it('reminds until it is answered or over', async () => {
    const { bench, advance } = await alone();
    const reminders = async () => (await told(bench, 'runtime.approvals.asked')).map(({ reminder }) => reminder);
    await advance(10 * HOUR);
    expect(await reminders()).toEqual([undefined, 1]);
    await advance(10 * HOUR);
    expect(await reminders()).toEqual([undefined, 1, 2]);
    await advance(10 * HOUR);
    expect(await reminders()).toEqual([undefined, 1, 2]);
  });

  it('is not reminded of when somebody has decided in between', async () => {
    const { bench, approval } = await alone();
    const stored = await bench.engine.approvals.find(WORKSPACE, approval);
    if (stored === undefined) throw new Error('it was asked for');
    await answer(bench, 'ada', approval);
    await bench.engine.approvals.remind(stored);
    expect(await told(bench, 'runtime.approvals.asked')).toHaveLength(1);
    expect(approvalNamed('approval/')).toEqual({ workspaceId: '', id: '' });
  });

  it('that is bare reminds of nothing, and takes any form', async () => {
    const { bench, approval, advance } = await alone('do: [{ approve: { title: t, to: { users: [ada] }, deadline: 1d } }]');
    await advance(10 * HOUR);
    await bench.approval.onTimer(`approval/${WORKSPACE}/${approval}`);
    expect(await told(bench, 'runtime.approvals.asked')).toHaveLength(1);
    await answer(bench, 'ada', approval, { decision: 'rejected', form: { why: 'no' } });
    expect(await bench.records()).toEqual([expect.objectContaining({ outcome: 'succeeded' })]);
  });

  it('is withdrawn when its run ends otherwise', async () => {
    const { bench, approval, run } = await alone();
    await bench.engine.runs.cancel(run, 'ada');
    await bench.engine.runs.find(run.id)?.rest;
    await expect(answer(bench, 'ada', approval)).rejects.toMatchObject({ code: 'runtime.approval_not_found' });
  });

  it('asked again by who takes the run on is the same one', async () => {
    const { bench, run, advance } = await alone();
    const [asked] = await Array.fromAsync(bench.engine.approvals.each(WORKSPACE));
    await advance(HOUR);
    const stored = await bench.engine.store.read(run);
    if (stored === undefined) throw new Error('the run is kept');
    await bench.engine.store.write({ ...stored.checkpoint, status: 'running' }, stored.revision);
    await (
      await bench.engine.runs.recover(run)
    )?.rest;
    expect(await Array.fromAsync(bench.engine.approvals.each(WORKSPACE))).toEqual([asked]);
    await advance(9 * HOUR);
    expect(await told(bench, 'runtime.approvals.asked')).toHaveLength(2);
  });

  it.each([
    ['that took its answer', 'kv.put approvals'],
    ['that has handed over its answer', 'kv.put runs'],
  ])('is not lost with the process %s', async (_which, write) => {
    const { world, one, other, approval } = await two();
    world.onDurable((name, _n, moment, by) => {
      if (name === write && moment === 'after' && by.name === 'one') by.crash();
    });
    void answer(one, 'ada', approval);
    await world.runFor(60_000);
    expect(await told(other)).toEqual([{ decision: 'approved', by: 'ada', why: 'because' }]);
  });
});
