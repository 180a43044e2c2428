import { describe, expect, it } from '@jest/globals';
import { SystemIds } from '@millrace/service';
import { memoryPorts } from '@millrace/testing';
import { PromisedTurns } from '../../testing/told';
import { Workbench } from '../../testing/workbench';

describe('a turn that takes more CPU than it may', () => {
  const FETCH = "{ fetch: { url: 'http://a/', output: r } }";
  const LIMIT = { code: 'runtime.run_limit', refusal: 'exhausted', message: 'A turn of the run took more than 40 ms of CPU.' };

  /** A run whose turns take so many milliseconds, from the first on and after its first fetch. */
  const run = async (text: string, [first, later]: readonly [number, number], limits = {}) => {
    const ports = memoryPorts();
    const turns = new PromisedTurns();
    const settings = { runLimits: { turnCpu: 40, ...limits } };
    const bench = await Workbench.of({ ...ports, ids: new SystemIds(ports.clock) }, { main: text }, { settings, turns });
    bench.fetcher.outcomes.set('http://a/', { value: { status: 200, headers: {}, body: 1 } });
    bench.fetcher.onFetch = () => void (turns.cpu = later);
    turns.cpu = first;
    const rest = await (await bench.begin('main')).rest;
    return { rest, bench };
  };

  it('ends its run, at the first turn as at any other', async () => {
    expect((await run('do: []', [41, 0])).rest).toEqual({ kind: 'ended', ended: { error: LIMIT } });
    expect((await run(`do: [${FETCH}]`, [0, 41])).rest).toEqual({ kind: 'ended', ended: { error: LIMIT } });
    expect((await run(`do: [${FETCH}]`, [40, 40])).rest).toMatchObject({ kind: 'ended', ended: { output: {} } });
  });

  it('does nothing of what it came to, and is seen by no `catch`', async () => {
    const text = `do: [{ try: { do: [${FETCH}, { emit: { event: told } }], catch: [{ emit: { event: caught } }] } }]`;
    const { bench } = await run(text, [0, 41]);
    expect((await bench.logged()).map(({ type }) => type)).toEqual(['error', 'runtime.runs.finished']);
  });
});
