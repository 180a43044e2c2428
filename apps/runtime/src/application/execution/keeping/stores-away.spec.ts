import { describe, expect, it } from '@jest/globals';
import { DomainError } from '@millrace/kernel';
import { SystemIds } from '@millrace/service';
import { memoryPorts, person } from '@millrace/testing';
import { Workbench, WORKSPACE } from '../../testing/workbench';

const AWAY = { code: 'kv.unavailable' };

/** A runtime whose buckets can be away for those who write by compare-and-set, and as `<bucket>!` for those who just write. */
async function bench(automations: Readonly<Record<string, string>>) {
  const ports = memoryPorts();
  const away = new Set<string>();
  const open = ports.keyValue.bucket.bind(ports.keyValue);
  ports.keyValue.bucket = async (name) => {
    const bucket = await open(name);
    const [put, putIf] = [bucket.put.bind(bucket), bucket.putIf.bind(bucket)];
    const gone = new DomainError('kv.unavailable', 'unavailable', `The bucket ${name} is away.`);
    bucket.put = (...written) => (away.has(`${name}!`) ? Promise.reject(gone) : put(...written));
    bucket.putIf = (...written) => (away.has(name) ? Promise.reject(gone) : putIf(...written));
    return bucket;
  };
  const runtime = await Workbench.of({ ...ports, ids: new SystemIds(ports.clock) }, automations);
  for (const who of ['ada', 'bob']) runtime.rights.rights.set(who, ['read workspaces']);
  return { runtime, away, advance: ports.advance };
}

const HEARD = 'when: { events: go }\n';

describe('a run whose stores are away', () => {
  it('is put down, and comes to its end when its event is delivered again', async () => {
    const { runtime, away } = await bench({
      main: `${HEARD}do: [{ set: { name: global.n, type: increment } }, { emit: { event: told } }]`,
    });
    const go = await runtime.emit('go');
    for (const bucket of ['runs', 'contexts']) {
      away.add(bucket);
      await expect(runtime.deliver(go)).rejects.toThrow('away');
      away.clear();
    }
    await runtime.deliver(go, 3);
    expect(await runtime.global()).toEqual({ n: 1 });
    expect(await runtime.logged('told')).toHaveLength(1);
  });

  it('has written once, though it could not be cleared away at its end and others have written since', async () => {
    const { runtime, away } = await bench({
      main: `${HEARD}do: [{ set: { name: before, value: '{{global.n}}' } }, { set: { name: global.n, type: increment } }]`,
    });
    const [first, second] = [await runtime.emit('go'), await runtime.emit('go')];
    away.add('runs!');
    await expect(runtime.deliver(first)).rejects.toThrow('away');
    away.clear();
    await runtime.deliver(second);
    await runtime.deliver(first, 2);
    expect(await runtime.global()).toEqual({ n: 2 });
  });

  it('promises nobody an answer that would not be kept', async () => {
    const { runtime, away } = await bench({
      main: 'when: { endpoint: { access: public, respond: accepted } }\ndo: [{ sleep: { for: 1s } }]',
    });
    away.add('results');
    await expect(runtime.call('main')).rejects.toMatchObject(AWAY);
  });

  it('does not take for answered what was not kept', async () => {
    const { runtime, away } = await bench({ main: 'do: [{ approve: { title: t, to: { users: [ada] }, deadline: 1d } }]' });
    await (
      await runtime.begin('main')
    ).rest;
    const [approval] = await Array.fromAsync(runtime.engine.approvals.each(WORKSPACE));
    const answer = () =>
      runtime.approval.run(runtime.context(person('ada')), WORKSPACE, approval?.id ?? '', { decision: 'approved', form: {} });
    away.add('approvals');
    await expect(answer()).rejects.toMatchObject(AWAY);
    away.clear();
    expect(await answer()).toMatchObject({ answer: { decision: 'approved' } });
  });

  it('is not cancelled by a process that has put it down already', async () => {
    const { runtime } = await bench({
      main: 'do: [{ emit: { event: told } }]',
      waits: 'do: [{ wait: { oneOf: [{ event: never }], timeout: 1d } }]',
    });
    const ending = await runtime.begin('main');
    await runtime.engine.runs.cancel(ending.run, 'ada');
    expect(await ending.rest).toMatchObject({ kind: 'ended' });
    const parking = await runtime.begin('waits');
    while (!parking.isResting) await runtime.logged();
    expect(await runtime.engine.runs.cancel(parking.run, 'ada')).toBeDefined();
    await runtime.engine.runs.find(parking.run.id)?.rest;
    expect((await runtime.records()).map(({ outcome }) => outcome)).toContain('cancelled');
  });

  it('ends once where two timers ring for it', async () => {
    const { runtime, advance } = await bench({ main: 'do: [{ sleep: { for: 5s } }, { emit: { event: told } }]' });
    const { run, rest } = await runtime.begin('main');
    await rest;
    await runtime.engine.runs.onTimer(run);
    await advance(5_000);
    const { runs } = runtime.engine;
    await Promise.all([runs.onTimer(run), runs.onTimer(run), runs.onTimer({ ...run, id: 'run_unknown' })]);
    expect(await runtime.logged('told')).toHaveLength(1);
  });
});

describe('a tick that says little', () => {
  it('starts its automation all the same', async () => {
    const { runtime } = await bench({ main: 'when: { schedules: ["0 * * * *"] }\ndo: []\noutput: "{{schedule.late}}"\n' });
    await runtime.deliver(await runtime.emit('runtime.schedules.ticked', { automation: 'main' }));
    expect(await runtime.records()).toEqual([expect.objectContaining({ output: 0 })]);
  });
});
