import { describe, expect, it } from '@jest/globals';
import { SystemIds } from '@millrace/service';
import { memoryPorts, person, SimulatedWorld } from '@millrace/testing';
import { Workbench, WORKSPACE, type BenchOptions } from '../../testing/workbench';

const OPEN = 'when: { endpoint: { access: public } }\n';
const ACCEPTED = 'when: { endpoint: { access: public, respond: accepted } }\n';
const LATE = 'do:\n  - wait: { oneOf: [{ event: go }], timeout: 1d }\noutput: { done: yes }\n';
const COUNT = 'do:\n  - set: { name: global.n, type: increment }\noutput: "{{global.n}}"\n';

async function alone(automations: Readonly<Record<string, string>>, options?: BenchOptions) {
  const ports = memoryPorts();
  const bench = await Workbench.of({ ...ports, ids: new SystemIds(ports.clock) }, automations, options);
  return { bench, advance: ports.advance };
}

async function two(automations: Readonly<Record<string, string>>) {
  const world = new SimulatedWorld(0, { calm: true });
  const benchOf = (): Promise<Workbench> => {
    const { eventLog, keyValue, clock, alarms } = world.process();
    return Workbench.of({ eventLog, keyValue, clock, alarms, ids: new SystemIds(clock) }, automations);
  };
  return { one: await benchOf(), other: await benchOf(), world };
}

describe('a call of an endpoint', () => {
  it('is answered with what the automation says', async () => {
    const { bench } = await alone({
      main: `${OPEN}do: [{ set: { name: $http, value: { status: 201, headers: { X-A: b } } } }]\noutput: { a: 1 }\n`,
    });
    expect(await bench.call('main')).toEqual({
      status: 201,
      headers: { 'content-type': 'application/json', 'x-a': 'b' },
      chunks: ['{"a":1}'],
    });
  });

  it('is refused where nothing answers, and to who may not call', async () => {
    const { bench } = await alone({
      known: 'when: { endpoint: { access: signed-in } }\ndo: []\noutput: in\n',
      members: 'when: { endpoint: { access: members } }\ndo: []\noutput: member\n',
      role: 'when: { endpoint: { access: sales } }\ndo: []\noutput: role\n',
    });
    bench.rights.rights.set('ada', ['execute automations', 'execute:sales automations']);
    await expect(bench.call('nowhere')).rejects.toMatchObject({ code: 'runtime.endpoint_not_found' });
    await expect(bench.call('known')).rejects.toMatchObject({ code: 'runtime.sign_in_needed' });
    expect((await bench.call('known', {}, person('bob'))).chunks).toEqual(['in']);
    await expect(bench.call('members', {}, person('bob'))).rejects.toMatchObject({ refusal: 'forbidden' });
    expect((await bench.call('members', {}, person('ada'))).chunks).toEqual(['member']);
    expect((await bench.call('role', {}, person('ada'))).chunks).toEqual(['role']);
  });

  it('is refused while endpoints stand still in the workspace, and only then', async () => {
    const { bench } = await alone({ main: `${OPEN}do: []\noutput: hi\n` });
    bench.versions.freeze('endpoints');
    await expect(bench.call('main')).rejects.toMatchObject({ code: 'runtime.workspace_suspended', refusal: 'conflict' });
    bench.versions.freeze('events', 'schedules');
    expect((await bench.call('main')).chunks).toEqual(['hi']);
  });

  it('runs every automation of its path; the first one answers', async () => {
    const path = 'when: { endpoint: { path: both, access: public } }\n';
    const { bench } = await alone({ a: `${path}do: []\noutput: a\n`, b: `${path}do: [{ emit: { event: beside } }]\noutput: b\n` });
    expect((await bench.call('both')).chunks).toEqual(['a']);
    expect(await bench.logged('beside')).toHaveLength(1);
  });

  it('fails as the run does', async () => {
    const { bench } = await alone({ main: `${OPEN}do: [{ repeat: { on: text, do: [] } }]\n` });
    await expect(bench.call('main')).rejects.toMatchObject({ code: 'language.type' });
  });

  it('is answered in parts, as the automation gives them', async () => {
    const chunk = (text: string): string => `{ set: { name: $http, value: { chunk: ${text} } } }`;
    const { bench } = await alone({ main: `${OPEN}do: [${chunk('one')}, ${chunk('two')}]\n` });
    const { headers, chunks } = await bench.call('main');
    expect([headers['content-type'], chunks]).toEqual(['text/event-stream', ['data: one\n\n', 'data: two\n\n']]);
  });

  it('is held for as long as the endpoint says, then told where the answer will be', async () => {
    const { bench, advance } = await alone({ main: `when: { endpoint: { access: public, wait: 10s } }\n${LATE}` });
    const called = bench.call('main');
    await advance(10_000);
    const { status, headers } = await called;
    expect([status, headers['retry-after']]).toEqual([202, '1']);
    const location = headers['location'] ?? '';
    expect(await bench.comeBack(location)).toMatchObject({ status: 202, headers: { location } });
    await bench.deliver(await bench.emit('go'));
    expect(await bench.comeBack(location)).toMatchObject({ status: 200, chunks: ['{"done":"yes"}'] });
  });

  it('is held for as long as the server says where the endpoint does not', async () => {
    const { bench, advance } = await alone({ main: `${OPEN}${LATE}` }, { settings: { runLimits: { defaultHold: 4_000 } } });
    const called = bench.call('main');
    await advance(4_000);
    expect((await called).status).toBe(202);
  });

  it('is held for no longer than the caller prefers', async () => {
    const { bench } = await alone({ main: `${OPEN}${LATE}` });
    expect((await bench.call('main', { prefer: 'respond-async, wait=100' })).status).toBe(202);
    const { bench: slow, advance } = await alone({ main: `${OPEN}${LATE}` });
    const called = slow.call('main', { prefer: 'wait=2' });
    await advance(2_000);
    expect((await called).status).toBe(202);
  });

  it('is answered while it is held, though the run was parked meanwhile', async () => {
    const { bench, advance } = await alone({ main: `${OPEN}${LATE}` });
    const called = bench.call('main');
    await advance(1);
    await bench.deliver(await bench.emit('go'));
    expect((await called).chunks).toEqual(['{"done":"yes"}']);
  });

  it('is answered at once when the run it was promised has ended meanwhile', async () => {
    const { bench } = await alone({ main: `${ACCEPTED}do: []\noutput: quick\n` });
    const { status, headers, chunks } = await bench.call('main');
    if (status === 202) expect((await bench.comeBack(headers['location'] ?? '')).chunks).toEqual(['quick']);
    else expect(chunks).toEqual(['quick']);
  });

  it('gives the answer of a failed run to who comes back, as invalid', async () => {
    const { bench } = await alone({ main: `${ACCEPTED}do: [{ sleep: { for: 1s } }, { repeat: { on: text, do: [] } }]\n` });
    const { headers } = await bench.call('main');
    const [left] = await bench.engine.store.list(WORKSPACE);
    if (left === undefined) throw new Error('the run is kept');
    await bench.engine.runs.cancel(left.run, 'nobody wants it');
    await bench.engine.runs.find(left.run.id)?.rest;
    await expect(bench.comeBack(headers['location'] ?? '')).rejects.toMatchObject({ code: 'runtime.cancelled', refusal: 'invalid' });
  });

  it('keeps its answer for the one it was promised to', async () => {
    const { bench } = await alone({ main: `${ACCEPTED}${LATE}` });
    const { headers } = await bench.call('main', {}, person('ada'));
    const location = headers['location'] ?? '';
    await expect(bench.comeBack(location, 0, person('bob'))).rejects.toMatchObject({ code: 'runtime.result_gone' });
    await expect(bench.comeBack('/v1/results/res_never')).rejects.toMatchObject({ code: 'runtime.result_gone' });
    expect((await bench.comeBack(location, 0, person('ada'))).status).toBe(202);
  });

  it('gives the answer to who waits for it, and 202 again when it does not come', async () => {
    const { bench, advance } = await alone({ main: `${ACCEPTED}${LATE}` });
    const { headers } = await bench.call('main');
    const location = headers['location'] ?? '';
    const inVain = bench.comeBack(location, 5_000);
    await advance(5_000);
    expect((await inVain).status).toBe(202);
    const waiting = bench.comeBack(location, 5_000);
    await bench.deliver(await bench.emit('go'));
    expect((await waiting).status).toBe(200);
  });
});

describe('two calls with one key', () => {
  it('are one run, and have its answer both', async () => {
    const { bench } = await alone({ main: `${OPEN}${COUNT}` });
    const key = { 'idempotency-key': 'k' };
    const answers = await Promise.all([bench.call('main', key), bench.call('main', key)]);
    expect([...answers, await bench.call('main', key)].map(({ chunks }) => chunks)).toEqual([['1'], ['1'], ['1']]);
    expect((await bench.call('main')).chunks).toEqual(['2']);
    expect((await bench.call('main', key, person('bob'))).chunks).toEqual(['3']);
  });

  it('are one by what the endpoint says, too', async () => {
    const { bench } = await alone({
      main: `when: { endpoint: { access: public, dedupe: "{{headers.x-order}}" } }\n${COUNT}`,
    });
    const order = { 'x-order': '7' };
    expect([(await bench.call('main', order)).chunks, (await bench.call('main', order)).chunks]).toEqual([['1'], ['1']]);
  });

  it('are one run in whichever processes they arrive', async () => {
    const { one, other, world } = await two({ main: `${OPEN}${LATE}` });
    const key = { 'webhook-id': 'k' };
    const first = one.call('main', key);
    await world.runFor(1);
    const second = other.call('main', key);
    await world.runFor(1);
    await other.deliver(await one.emit('go'));
    expect([(await first).chunks, (await second).chunks]).toEqual([['{"done":"yes"}'], ['{"done":"yes"}']]);
    expect(await one.records()).toHaveLength(1);
    expect((await other.call('main', key)).chunks).toEqual(['{"done":"yes"}']);
  });
});

describe('an automation that somebody runs', () => {
  const RUN = { workspace: 'ws_1', slug: 'main', payload: { n: 21 }, idempotencyKey: '' };

  it('gives its output to who may run it', async () => {
    const { bench } = await alone({ main: 'do: []\noutput: "{% {{n}} * 2 %}"\n' });
    bench.rights.rights.set('ada', ['execute automations']);
    const ada = bench.context({ ...person('ada'), session: 'ses_1' });
    expect(await bench.automation.run({ ...ada, traceparent: '00-t' }, RUN)).toMatchObject({ output: 42 });
    await expect(bench.automation.run(bench.context(person('bob')), RUN)).rejects.toMatchObject({ refusal: 'forbidden' });
  });

  it('is one run for one key, and its output is had again', async () => {
    const { bench } = await alone({ main: COUNT });
    bench.rights.rights.set('ada', ['execute automations']);
    const keyed = { ...RUN, idempotencyKey: 'k' };
    const first = await bench.automation.run(bench.context(person('ada')), keyed);
    expect(await bench.automation.run(bench.context(person('ada')), keyed)).toEqual(first);
    expect(await bench.global()).toEqual({ n: 1 });
  });

  it('says where its output will be when it takes longer', async () => {
    const { one, other, world } = await two({ main: LATE });
    const ada = person('ada');
    for (const bench of [one, other]) bench.rights.rights.set('ada', ['execute automations']);
    const keyed = { ...RUN, idempotencyKey: 'k' };
    const first = one.automation.run(one.context(ada), keyed);
    await world.runFor(1);
    const second = other.automation.run(other.context(ada), keyed);
    await world.runFor(25_000);
    const { result, output } = await first;
    expect([output, (await second).result]).toEqual([null, result]);
    await one.deliver(await one.emit('go'));
    expect((await one.comeBack(result ?? '', 0, ada)).chunks).toEqual(['{"done":"yes"}']);
  });

  it('may be tested as a draft', async () => {
    const { bench } = await alone({ main: 'do: []\noutput: published\n' });
    bench.publish('draft', { main: 'do: []\noutput: drafted\n' });
    bench.rights.rights.set('ada', ['test automations']);
    expect(await bench.automation.test(bench.context(person('ada')), RUN)).toMatchObject({ output: 'drafted' });
  });
});
