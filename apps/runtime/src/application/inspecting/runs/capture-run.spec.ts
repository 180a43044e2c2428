import { describe, expect, it } from '@jest/globals';
import { SqliteHistory } from '@millrace/history';
import { SystemIds } from '@millrace/service';
import { memoryPorts, person } from '@millrace/testing';
import { Workbench, WORKSPACE } from '../../testing/workbench';
import { StartAgain } from '../replays/start-again';
import { CaptureRun } from './capture-run';
import { EndedRuns } from './ended-runs';
import { FindRun } from './find-run';
import { LiveRuns } from './live-runs';

const HEARD = [
  'when: { events: told }',
  'arguments: { payload: { type: object, properties: { pin: { type: string, secret: true } } } }',
  'do: [{ emit: { event: heard } }]',
].join('\n');

describe('a run that an event started', () => {
  it('becomes a test with its session, without what is secret, for whoever may read events', async () => {
    const ports = memoryPorts();
    const bench = await Workbench.of({ ...ports, ids: new SystemIds(ports.clock) }, { heard: HEARD });
    const history = await SqliteHistory.open({ path: ':memory:' });
    const { runs, store, models } = bench.engine;
    const find = new FindRun(new LiveRuns(runs, store), new EndedRuns({ history, eventLog: ports.eventLog }));
    const capture = new CaptureRun({ find, startAgain: new StartAgain(ports.eventLog, history), models, rights: bench.rights });
    await bench.deliver(await bench.emit('told', { n: 1, pin: '12345' }, { source: { session: 'ses_1' } }));
    const [record] = await bench.records();
    const run = typeof record?.['run'] === 'string' ? record['run'] : '';

    bench.rights.rights.set('ada', ['read runs']);
    const captured = () => capture.run(bench.context(person('ada')), WORKSPACE, run);
    await expect(captured()).rejects.toMatchObject({ code: 'events.read_denied' });
    bench.rights.rights.set('ada', ['read runs', 'read events']);
    const { content } = await captured();
    expect(content).toContain("    session: 'ses_1'\n");
    expect(content).toContain("payload: { n: 1, pin: 'REDACTED' }");
    expect(content).not.toContain('12345');
  });
});
