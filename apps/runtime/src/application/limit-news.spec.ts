import { describe, expect, it } from '@jest/globals';
import type { Json } from '@millrace/kernel';
import { SystemIds } from '@millrace/service';
import { memoryPorts } from '@millrace/testing';
import { payloadOf, Workbench, WORKSPACE } from './testing/workbench';

const HOUR = 3_600_000;
const RUN_LIMITS = { instructions: 100, effects: 10 };
const AUTOMATIONS = {
  busy: 'when: { events: go }\ndo: [{ repeat: { until: 85, do: [{ set: { name: n, type: increment } }] } }]\n',
  loud: 'when: { events: shout }\ndo: [{ repeat: { until: 9, do: [{ emit: { event: said } }] } }]\nrecord: none\n',
  calm: 'when: { events: rest }\ndo: [{ emit: { event: said } }]\n',
  over: 'when: { events: stop }\ndo: [{ repeat: { until: 120, do: [{ set: { name: n, type: increment } }] } }]\n',
};

async function bench() {
  const ports = memoryPorts();
  const near: string[] = [];
  const settings = { runLimits: RUN_LIMITS, onNear: (limit: string) => near.push(limit) };
  const runtime = await Workbench.of({ ...ports, ids: new SystemIds(ports.clock) }, AUTOMATIONS, { settings });
  const told = async (): Promise<readonly Json[]> => (await runtime.logged('runtime.limits.reached')).map(payloadOf);
  const go = async (type: string) => runtime.deliver(await runtime.emit(type));
  return { runtime, ports, near, told, go };
}

const text = (characters: number) => ({ text: 'x'.repeat(characters) });
const USER = { context: 'user', instance: '', owner: 'ada' } as const;

describe('a limit that is nearly reached', () => {
  it('is told of runs that used up more than four fifths of it, once an hour and automation', async () => {
    const { ports, near, told, go } = await bench();
    for (const type of ['go', 'go', 'rest', 'shout']) await go(type);
    expect(await told()).toEqual([
      { limit: 'instructions', used: 86, most: 100, automation: 'busy' },
      { limit: 'effects', used: 9, most: 10, automation: 'loud' },
    ]);
    expect(near).toEqual(['instructions', 'effects']);
    await ports.advance(HOUR);
    await go('go');
    expect(await told()).toHaveLength(3);
  });

  it('is told of a run that ended at it, too', async () => {
    const { runtime, told, go } = await bench();
    await go('stop');
    expect(await runtime.records()).toMatchObject([{ outcome: 'failed', error: 'runtime.run_limit' }]);
    expect(await told()).toEqual([{ limit: 'instructions', used: 101, most: 100, automation: 'over' }]);
  });

  it('is told of a context each time that it grows over four fifths of it', async () => {
    const { runtime, near, told } = await bench();
    const { contexts } = runtime.engine;
    const most = 128 * 1024;
    for (const size of [0.5, 0.85, 0.9, 0.5]) await contexts.put(WORKSPACE, USER, text(most * size));
    const first = { limit: 'contexts.user', used: Math.floor(most * 0.85) + 11, most, context: 'user', owner: 'ada', instance: '' };
    expect(await told()).toEqual([first]);
    await contexts.patch(WORKSPACE, USER, text(most * 0.95));
    expect([(await told()).length, near]).toEqual([2, ['contexts.user', 'contexts.user']]);
  });

  it('keeps nobody from writing when the log takes nothing', async () => {
    const { runtime, ports } = await bench();
    ports.eventLog.append = () => Promise.reject(new Error('away'));
    await runtime.engine.contexts.put(WORKSPACE, USER, text(120_000));
    await ports.advance(1);
    expect(runtime.log.lines).toEqual(['A workspace was not told of a limit that it has nearly reached.']);
  });
});
