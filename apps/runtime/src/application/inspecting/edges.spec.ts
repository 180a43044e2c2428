import { beforeEach, describe, expect, it } from '@jest/globals';
import { SqliteHistory } from '@millrace/history';
import { DomainError, type Json } from '@millrace/kernel';
import type { CallContext, DeadLetters } from '@millrace/messaging';
import { SystemIds } from '@millrace/service';
import { memoryPorts, person } from '@millrace/testing';
import { ToldRights } from '../testing/told';
import { payloadOf, Workbench, WORKSPACE } from '../testing/workbench';
import type { Driver } from '../execution/driver';
import { Fenced } from '../execution/keeping/run-store';
import type { Rest } from '../execution/put-down';
import { Announcements } from './announcements';
import { ListApprovals } from './approvals/list-approvals';
import { LetterBox } from './dead-letters/letter-box';
import { ReadDeadLetters } from './dead-letters/read-dead-letters';
import { StartAgain } from './replays/start-again';
import { CancelRuns } from './runs/cancel-runs';
import { EndedRuns } from './runs/ended-runs';
import { FindRun } from './runs/find-run';
import { LiveRuns } from './runs/live-runs';

const WAITS = 'when: { events: go }\ndo:\n  - wait: { oneOf: [{ event: stop }], timeout: 1d }\n';

describe('what people do to runs', () => {
  let bench: Workbench;
  let ports: ReturnType<typeof memoryPorts>;
  let ids: SystemIds;
  let history: SqliteHistory;
  let context: CallContext;

  beforeEach(async () => {
    ports = memoryPorts();
    ids = new SystemIds(ports.clock);
    bench = await Workbench.of({ ...ports, ids }, { waits: WAITS, quick: 'when: { events: go }\ndo: [{ emit: { event: went } }]\n' });
    history = await SqliteHistory.open({ path: ':memory:' });
    bench.rights.rights.set('ada', ['cancel runs', 'manage dead-letters']);
    context = bench.context(person('ada'));
  });

  const ended = () => new EndedRuns({ history, eventLog: ports.eventLog });

  it('says who did it when no reason is given, also on behalf of somebody', async () => {
    await bench.deliver(await bench.emit('go'));
    const live = new LiveRuns(bench.engine.runs, bench.engine.store);
    const announcements = new Announcements({ ...ports, ids });
    const { runs } = bench.engine;
    const cancel = new CancelRuns({
      find: new FindRun(live, ended()),
      live,
      runs,
      clock: ports.clock,
      rights: bench.rights,
      announcements,
    });
    const automation = { ...context, principal: { kind: 'automation', id: 'ada', roles: [], onBehalfOf: 'eve' } } as const;
    expect(await cancel.all(automation, WORKSPACE, { states: ['parked'] }, { reason: '', dryRun: false })).toEqual({
      matched: 1,
      cancelled: 1,
    });
    const [told] = await bench.logged('runtime.runs.cancelled');
    expect(told?.actor).toEqual({ kind: 'automation', id: 'ada', onBehalfOf: 'eve' });
    expect(told === undefined ? {} : payloadOf(told)).toMatchObject({ automation: 'waits', reason: 'Cancelled by automation ada.' });
  });

  it('calls cancelled what ended so, and takes on once more what was given up in between', async () => {
    await bench.deliver(await bench.emit('go'));
    const { runs, store } = bench.engine;
    const live = new LiveRuns(runs, store);
    const rests: Promise<Rest>[] = [];
    const cancel = new CancelRuns({
      find: new FindRun(live, ended()),
      live,
      runs: { cancel: async () => ({ rest: rests.shift() }) as unknown as Driver },
      clock: ports.clock,
      rights: bench.rights,
      announcements: new Announcements({ ...ports, ids }),
    });
    const all = () => cancel.all(context, WORKSPACE, { states: [] }, { reason: '', dryRun: false });
    const told = async () => (await bench.logged('runtime.runs.cancelled')).length;
    rests.push(Promise.resolve({ kind: 'ended', ended: { output: 1 } }));
    expect([await all(), await told()]).toEqual([{ matched: 1, cancelled: 0 }, 0]);
    rests.push(Promise.reject(new Fenced('run')), Promise.resolve({ kind: 'ended', ended: { cancelled: true, reason: 'ada' } }));
    expect([await all(), await told()]).toEqual([{ matched: 1, cancelled: 1 }, 1]);
    rests.push(Promise.reject(new DomainError('log.full', 'exhausted', 'The log is full.')));
    await expect(all()).rejects.toMatchObject({ code: 'log.full' });
    expect(await told()).toBe(1);
  });

  it('cancels only what had begun when that was asked for, however many come meanwhile', async () => {
    await bench.deliver(await bench.emit('go'));
    const { runs, store } = bench.engine;
    const [kept] = await store.list(WORKSPACE);
    if (kept === undefined) throw new Error('The run has not parked.');
    const later = { ...kept.run, id: 'run_later', startedAt: ports.clock.now() + 1 };
    const live = {
      each: async function* () {
        for (const run of [kept.run, later, kept.run]) yield { run, state: 'parked', outstanding: [], steps: [], resting: false } as const;
      },
    };
    const announcements = new Announcements({ ...ports, ids });
    const find = new FindRun(new LiveRuns(runs, store), ended());
    const cancel = new CancelRuns({ find, live, runs, clock: ports.clock, rights: bench.rights, announcements });
    const asked = (dryRun: boolean) => cancel.all(context, WORKSPACE, { states: [] }, { reason: '', dryRun });
    expect(await asked(true)).toEqual({ matched: 1, cancelled: 0 });
    expect(await asked(false)).toEqual({ matched: 1, cancelled: 1 });
  });

  it('finds what a run began with on the log, in history, or nowhere', async () => {
    const event = await bench.emit('go', { n: 1 });
    await bench.deliver(event);
    const [record] = await bench.records();
    const run = await ended().find(WORKSPACE, typeof record?.['run'] === 'string' ? record['run'] : '');
    if (run === undefined) throw new Error('The run has not ended.');
    const again = new StartAgain(ports.eventLog, history);
    const { plan } = await bench.engine.models.get(WORKSPACE);
    const locals = async (startedBy: string): Promise<Json | undefined> =>
      (await again.of({ ...run, record: { ...run.record, startedBy } }, plan)).locals['payload'];
    expect(await locals(run.record.startedBy ?? '')).toEqual({ n: 1 });
    for (const lost of ['other-1', 'odd']) await expect(locals(lost)).rejects.toMatchObject({ code: 'runtime.start_unknown' });
    await history.append([event]);
    expect(await locals('other-1')).toEqual({ n: 1 });
    bench.publish('e', { other: 'do: []' });
    const { plan: changed } = await bench.engine.models.get(WORKSPACE);
    expect((await again.of(run, changed)).locals).toMatchObject({ type: 'go', payload: { n: 1 } });
  });

  it('asks history for what the log has let go of, and does not take a failure for that', async () => {
    const event = await bench.emit('go', { n: 1 });
    await bench.deliver(event);
    await history.append([event]);
    const [record] = await bench.records();
    const run = await ended().find(WORKSPACE, typeof record?.['run'] === 'string' ? record['run'] : '');
    if (run === undefined) throw new Error('The run has not ended.');
    const { plan } = await bench.engine.models.get(WORKSPACE);
    const failing = (code: string) => ({
      read: () => {
        throw new DomainError(code, 'unavailable', 'Gone or away.');
      },
    });
    for (const code of ['log.expired', 'log.epoch_changed']) {
      expect((await new StartAgain(failing(code), history).of(run, plan)).locals).toMatchObject({ payload: { n: 1 } });
    }
    const away = new StartAgain(failing('log.unavailable'), history).of(run, plan);
    await expect(away).rejects.toMatchObject({ code: 'log.unavailable' });
    const beyond = { ...run, record: { ...run.record, startedBy: run.record.startedBy?.replace(/\d+$/, '999999') ?? '' } };
    expect((await new StartAgain(ports.eventLog, history).of(beyond, plan)).locals).toMatchObject({ payload: { n: 1 } });
  });

  it('does not take a failure for a missing right', async () => {
    class Away extends ToldRights {
      override granted(call: CallContext, workspace: string, action: string, subject: string) {
        if (action === 'approve') return Promise.reject(new DomainError('wire.timeout', 'unavailable', 'Away.'));
        return super.granted(call, workspace, action, subject);
      }
    }
    const rights = new Away();
    rights.rights.set('ada', ['read workspaces']);
    const list = new ListApprovals({
      approvals: bench.engine.approvals,
      rights,
      clock: ports.clock,
    });
    await expect(list.run(context, { workspace: WORKSPACE, limit: 1, cursor: '' })).rejects.toMatchObject({ code: 'wire.timeout' });
  });

  it('says of dead letters that failed alike why the latest did', async () => {
    const event = await bench.emit('orders.placed');
    const failedAt = [3, 5, 4];
    const letters = failedAt.map((at) => ({
      ...{ id: String(at), durable: 'runtime', event, reason: `gone ${at}`, attempts: 5, firstFailedAt: at, lastFailedAt: at },
    }));
    const kept: DeadLetters = {
      list: async () => letters,
      get: async () => undefined,
      redrive: async () => true,
      discard: async () => true,
    };
    const rights = new ToldRights();
    rights.rights.set('ada', ['read dead-letters']);
    const read = new ReadDeadLetters({ box: new LetterBox(kept, ids), rights });
    expect((await read.groups(context, WORKSPACE, { limit: 5, cursor: '' })).items).toMatchObject([
      { count: 3, reason: 'gone 5', firstFailedAt: 3, lastFailedAt: 5 },
    ]);
  });
});
