import { describe, expect, it } from '@jest/globals';
import { Permission, type Granted, type Rule } from '@millrace/auth';
import { SqliteHistory } from '@millrace/history';
import type { CallContext } from '@millrace/messaging';
import { SystemIds } from '@millrace/service';
import { memoryPorts, person } from '@millrace/testing';
import { ToldRights } from '../../testing/told';
import { Workbench, WORKSPACE } from '../../testing/workbench';
import { EndedRuns } from './ended-runs';
import { FindRun } from './find-run';
import { ListRunEvents } from './list-run-events';
import { LiveRuns } from './live-runs';

const MAIN = 'when: { events: go }\ndo: [{ emit: { event: told.a } }, { emit: { event: told.b } }]\n';
const RUNS: Rule = { allow: ['read'], on: ['runs'] };
const EVENTS: Rule = { allow: ['read'], on: ['events'] };

/** Whoever asks has these rules. */
class Ruled extends ToldRights {
  constructor(private readonly rules: readonly Rule[]) {
    super();
  }

  override async granted({ principal }: CallContext, workspace: string, action: string, subject: string): Promise<Granted> {
    const permission = Permission.of({ principal, workspaceId: workspace, now: 0, rules: this.rules }, action, subject);
    return { id: workspace, slug: workspace, roles: [], permission };
  }
}

/** The types of what a run told, for whoever has these rules. */
async function listed(...rules: readonly Rule[]): Promise<readonly string[]> {
  const ports = memoryPorts();
  const bench = await Workbench.of({ ...ports, ids: new SystemIds(ports.clock) }, { main: MAIN });
  const history = await SqliteHistory.open({ path: ':memory:' });
  await bench.deliver(await bench.emit('go'));
  await history.append(await bench.logged());
  const [record] = await bench.records();
  const { runs, store } = bench.engine;
  const find = new FindRun(new LiveRuns(runs, store), new EndedRuns({ history, eventLog: ports.eventLog }));
  const list = new ListRunEvents({ find, history, rights: new Ruled(rules) });
  const run = typeof record?.['run'] === 'string' ? record['run'] : '';
  const { items } = await list.run(bench.context(person('ada')), WORKSPACE, run, { limit: 10, cursor: '' });
  return items.map(({ type }) => type);
}

describe('the events of a run', () => {
  it('are those it told, in their order, and not the one that started it', async () => {
    expect((await listed(RUNS, EVENTS)).filter((type) => !type.startsWith('runtime.'))).toEqual(['told.a', 'told.b']);
  });

  it('are those of them that the caller may read', async () => {
    expect(await listed(RUNS, { ...EVENTS, where: "type = 'told.b'" })).toEqual(['told.b']);
  });

  it('are for nobody from whom anything of events is hidden, nor for who may not read the run', async () => {
    const hides: Rule = { deny: ['read'], on: ['events'], fields: ['payload.name'] };
    await expect(listed(RUNS, EVENTS, hides)).rejects.toMatchObject({ code: 'events.read_denied' });
    await expect(listed(EVENTS)).rejects.toMatchObject({ code: 'runs.read_denied' });
    await expect(listed({ ...RUNS, where: "automation = 'other'" }, EVENTS)).rejects.toMatchObject({ code: 'runtime.run_not_found' });
  });
});
