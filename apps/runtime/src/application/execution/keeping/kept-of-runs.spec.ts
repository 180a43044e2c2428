import { describe, expect, it } from '@jest/globals';
import type { JsonMap } from '@millrace/kernel';
import { SystemIds } from '@millrace/service';
import { memoryPorts } from '@millrace/testing';
import type { Run } from '../../../domain/run';
import { overlapGate, termsOf, filled } from '../../starting/terms';
import { Workbench, WORKSPACE } from '../../testing/workbench';
import { endedBy } from '../early-ends';
import { RunFault } from '../run-fault';
import { Fenced } from './run-store';

const GOOD = 'do: []';
const BAD = 'do: [{ repeat: { on: text, do: [] } }]';
const WRITES = 'do: [{ set: { name: global.n, value: 1 } }]';

interface Circumstances {
  readonly others?: Readonly<Record<string, string>>;
  readonly tellsExecutions?: boolean;
}

async function ended(
  text: string,
  more: Partial<Run>,
  { others, tellsExecutions = false }: Circumstances = {},
): Promise<readonly string[]> {
  const ports = memoryPorts();
  const bench = await Workbench.of(
    { ...ports, ids: new SystemIds(ports.clock) },
    { ...others, main: text },
    { settings: { tellsExecutions } },
  );
  await (
    await bench.begin('main', more)
  ).rest;
  return (await bench.logged()).map(({ type, keep = 'history' }) => `${type} ${keep}`);
}

describe('what is kept of a run', () => {
  const all = ['runtime.runs.finished history'];
  const executed = 'runtime.automations.executed log';

  it('is what its automation says', async () => {
    expect(await ended(GOOD, { record: 'full' })).toEqual(all);
    expect(await ended(GOOD, { record: 'summary' })).toEqual(all);
    expect(await ended(GOOD, { record: 'errors' })).toEqual([]);
    expect(await ended(GOOD, { record: 'none' })).toEqual([]);
    expect(await ended(BAD, { record: 'errors' })).toEqual(['error history', ...all]);
    expect(await ended(BAD, { record: 'none' })).toEqual(['error history']);
  });

  it('is told as the seed system did when an automation may wait for that, or somebody wants it', async () => {
    const others = { other: 'do: [{ all: [{ wait: { oneOf: [{ event: a }] } }] }]' };
    expect(await ended(GOOD, { record: 'full' }, { others })).toEqual([...all, executed]);
    expect(await ended(GOOD, { record: 'full' }, { tellsExecutions: true })).toEqual([...all, executed]);
    expect(await ended(GOOD, { record: 'none' }, { others, tellsExecutions: true })).toEqual([]);
  });

  it('is at least that it has ended, when a repeat would change something', async () => {
    expect(await ended(WRITES, { record: 'none' })).toEqual(['runtime.runs.finished log']);
  });

  it('has no steps when a summary is enough', async () => {
    const ports = memoryPorts();
    const bench = await Workbench.of({ ...ports, ids: new SystemIds(ports.clock) }, { main: 'do: [{ emit: { event: a } }]' });
    await (
      await bench.begin('main', { record: 'full' })
    ).rest;
    await (
      await bench.begin('main', { record: 'summary' })
    ).rest;
    expect((await bench.records()).map(({ steps }) => (steps as readonly JsonMap[] | undefined)?.length)).toEqual([1, undefined]);
  });
});

describe('the terms of a run', () => {
  it('are what its automation says, or the usual ones', async () => {
    const ports = memoryPorts();
    const text =
      'timeout: 1m\npriority: high\nrecord: none\nretry: { attempts: 2 }\nconcurrency: { limit: 3, key: "{{payload.k}}" }\ndo: []';
    const bench = await Workbench.of(
      { ...ports, ids: new SystemIds(ports.clock) },
      { main: text, bare: 'do: []', once: 'retry: { attempts: 1 }\ndo: []' },
    );
    const { plan } = await bench.engine.models.get(WORKSPACE);
    expect(termsOf({ plan }, 'main', { payload: { k: { a: 1 } } }, 0)).toMatchObject({
      ...{ deadline: 60_000, priority: 'high', record: 'none', retry: { attempt: 1 }, gate: { limit: 3, key: '{"a":1}', policy: 'queue' } },
    });
    const usual = { deadline: 30 * 86_400_000, priority: 'normal', record: 'full' };
    for (const slug of ['bare', 'once', 'unknown']) expect(termsOf({ plan }, slug, {}, 0)).toEqual(usual);
    expect(termsOf({ plan, unknownEvents: 'refuse' }, 'bare', {}, 0)).toEqual({ ...usual, unknownEvents: 'refuse' });
    expect([filled(plan, undefined, {}), filled(plan, '{{x}}', {}), filled(plan, '{% 1 + %}', {})]).toEqual(['', '', '']);
  });

  it('of a schedule are one at a time, unless they may overlap', () => {
    expect(overlapGate('e', 'skip')).toEqual({ key: 'schedule:e', limit: 1, policy: 'skip' });
    expect([overlapGate('e', 'allow'), overlapGate('e', undefined)]).toEqual([undefined, undefined]);
  });
});

describe('a run that ends without a step', () => {
  it('is cancelled or has failed, as the signal says', () => {
    expect(endedBy({ signal: 'cancel', at: 0, error: { code: 'c', message: 'ada' } })).toEqual({ cancelled: true, reason: 'ada' });
    expect(endedBy({ signal: 'fail', at: 0 })).toEqual({ error: { code: 'runtime.run_timeout', refusal: 'unavailable', message: '' } });
  });

  it('or cannot be taken on says whose it is', () => {
    expect(new RunFault('main', 'torn').message).toContain('torn');
    expect(new RunFault('main', new Error('torn')).message).toContain('main');
    expect([new Fenced('run_1'), new Error('torn')].map((cause) => new RunFault('main', cause).isElsewhere)).toEqual([true, false]);
  });
});
