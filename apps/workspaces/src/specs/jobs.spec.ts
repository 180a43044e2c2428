import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { StagedBlobs } from '@millrace/blobs';
import { DraftsService, ExchangeService, JobsService, WorkspacesService } from '@millrace/contracts';
import type { Principal } from '@millrace/kernel';
import type { ServiceDefinition, ServiceParts } from '@millrace/service';
import { person, serviceBench, type ServiceBench } from '@millrace/testing';
import { pack } from 'tar-stream';
import { CROWDED } from '../../testing/crowded';
import { Fuse, fused } from '../../testing/fused';
import { interrupted, Interruptions } from '../../testing/interrupted';
import { ImportJobs } from '../application/exchange/import-jobs';
import { workspacesService } from '../index';

const LEASE = 31_000;
const DAY = 86_400_000;
const FILES = {
  'workspace.yaml': 'name: Hotel\n',
  'automations/a.yaml': 'do: []\n',
  'roles.yaml': 'desk:\n  title: Desk\n  rules: [{ allow: [read], on: [automations] }]\n',
};
const { createWorkspace, getWorkspace, listAutomations } = WorkspacesService.method;

async function archived(files: Readonly<Record<string, string>>): Promise<Uint8Array> {
  const tar = pack();
  for (const [name, text] of Object.entries(files)) tar.entry({ name }, text);
  tar.finalize();
  return gzipSync(Buffer.concat((await Array.fromAsync(tar as AsyncIterable<unknown>)) as Uint8Array[]));
}

describe('imports that go on as jobs', () => {
  const [ada, bob] = [person('ada'), person('bob')];
  const fuse = new Fuse();
  const interruptions = new Interruptions();
  let bench: ServiceBench;
  let parts: ServiceParts;
  let staged: StagedBlobs;
  let jobs: ImportJobs;
  let count = 0;

  /** The service, and what it does about jobs. */
  const watched = (definition: ServiceDefinition): ServiceDefinition => ({
    ...definition,
    module: async (given) => {
      const module = await definition.module(given);
      const provider = { provide: 'watch', inject: [ImportJobs], useFactory: (found: ImportJobs) => (jobs = found) };
      return { ...module, providers: [...(module.providers ?? []), provider] };
    },
  });

  beforeAll(async () => {
    bench = await serviceBench(watched(interrupted(fused(workspacesService(CROWDED), fuse), interruptions)));
    const [service] = bench.services;
    if (service === undefined) throw new Error('The service does not run.');
    parts = service.parts;
    staged = new StagedBlobs(bench.platform.blobs, parts.clock, parts.ids);
  });

  afterAll(async () => {
    await bench[Symbol.asyncDispose]();
  });

  const begin = async (fields: object, files: Readonly<Record<string, string>> = FILES, who = ada): Promise<string> => {
    const { ref } = await staged.put(await archived(files));
    return (await bench.bus.call(ExchangeService.method.importWorkspace, { ref, wait: 0, ...fields }, bench.as(who))).job;
  };
  const shown = (jobId: string, who: Principal = ada) => bench.bus.call(JobsService.method.getJob, { jobId }, bench.as(who));
  const told = async (workspaceId: string, type: string): Promise<number> => {
    await parts.outbox?.drain();
    return (await Array.fromAsync(parts.platform.eventLog.read('first', `${workspaceId}.${type}`, { live: false }))).length;
  };

  /** All of it is there, once. */
  const isDone = async (id: string, slug: string): Promise<void> => {
    const { job } = await shown(id);
    expect(job).toMatchObject({ state: 'done', result: { created: Object.keys(FILES).sort(), applied: true } });
    const { workspace } = await bench.bus.call(getWorkspace, { workspaceId: slug }, bench.as(ada));
    const workspaceId = workspace?.id ?? '';
    expect(job?.result?.workspace?.id).toBe(workspaceId);
    const { items } = await bench.bus.call(listAutomations, { workspaceId }, bench.as(ada));
    expect(items.map((each) => each.slug)).toEqual(['a']);
    for (const type of ['workspaces.created', 'workspaces.imported', 'workspaces.roles.changed']) {
      expect([type, await told(workspaceId, type)]).toEqual([type, 1]);
    }
  };

  /** Whether the process died; another one begins, when nobody has anything in hand. */
  const buried = async (): Promise<boolean> => {
    await jobs.settled();
    const died = fuse.isBlown();
    await fuse.quiet();
    fuse.mend();
    interruptions.ahead += LEASE;
    return died;
  };

  it('are shown to whoever began them, running and done, with what the call would have answered', async () => {
    const id = await begin({ slug: 'shown' });
    await jobs.settled();
    const { job, elsewhere } = await shown(id);
    expect(job).toMatchObject({ id, kind: 'import', state: 'done', progress: { done: 3, total: 3 } });
    expect(job?.result).toMatchObject({ applied: true, created: Object.keys(FILES).sort(), workspace: { slug: 'shown', role: 'owner' } });
    expect(elsewhere).toBe(`/v1/workspaces/${job?.result?.workspace?.id}`);
    expect(Number(job?.expiresAt?.seconds) - Number(job?.endedAt?.seconds)).toBe(DAY / 1_000);
    await expect(shown(id, bob)).rejects.toMatchObject({ code: 'workspaces.job_not_found', refusal: 'not-found' });
    await expect(shown('job_1')).rejects.toMatchObject({ code: 'workspaces.job_not_found' });
    expect(await bench.platform.blobs.list('uploads/', 10)).toEqual([]);
  });

  it('say why nothing came of them, as their caller would have been refused', async () => {
    const id = await begin({ slug: 'refused' }, { '../elsewhere': 'x' });
    await jobs.settled();
    const { job, elsewhere } = await shown(id);
    expect(job).toMatchObject({
      state: 'failed',
      problem: { code: 'workspaces.archive_refused', errors: [{ pointer: '/files/..~1elsewhere' }] },
    });
    expect([elsewhere, job?.result]).toEqual(['', undefined]);
    await bench.bus.call(createWorkspace, { name: 'Free', slug: 'refused' }, bench.as(ada));
  });

  it('that only tell what would be done lead nowhere', async () => {
    const id = await begin({ slug: 'tried', dryRun: true });
    await jobs.settled();
    expect(await shown(id)).toMatchObject({
      elsewhere: '',
      job: { state: 'done', result: { applied: false, created: Object.keys(FILES).sort() } },
    });
  });

  it('are forgotten a day after they ended', async () => {
    const id = await begin({ slug: 'forgotten' });
    await jobs.settled();
    interruptions.ahead += DAY - 1_000;
    await jobs.sweep();
    expect((await shown(id)).job?.state).toBe('done');
    interruptions.ahead += 2_000;
    await jobs.sweep();
    await expect(shown(id)).rejects.toMatchObject({ code: 'workspaces.job_not_found' });
  });

  it.each([
    ['a new workspace', false],
    ['one there is', true],
  ])(
    'into %s are ended by whoever takes them over, whatever write their process dies of: once, and whole',
    async (_what, isInto) => {
      let [deaths, isOver] = [0, false];
      for (; !isOver && deaths < 120; deaths += 1) {
        const slug = `job-${(count += 1)}`;
        const made = isInto ? (await bench.bus.call(createWorkspace, { name: 'There', slug }, bench.as(ada))).workspace?.id : undefined;
        const { ref } = await staged.put(await archived(FILES));
        fuse.set(1 + (deaths >> 1), deaths % 2 === 1);
        const target = made === undefined ? { slug } : { workspaceId: made };
        const [begun] = await Promise.allSettled([
          bench.bus.call(ExchangeService.method.importWorkspace, { ref, wait: 0, ...target }, bench.as(ada)),
        ]);
        isOver = !(await buried());
        // Every third dies once more of what it does next.
        if (deaths % 3 === 0) fuse.set(1 + (deaths % 7), true);
        await jobs.takeOver().catch(() => undefined);
        await buried();
        await jobs.takeOver();
        if (begun.status === 'fulfilled') await isDone(begun.value.job, slug);
      }
      expect(isOver).toBe(true);
      expect(deaths).toBeGreaterThan(10);
    },
    180_000,
  );

  it('do not undo what was changed after their files came, when only their end was cut off', async () => {
    const slug = 'changed-since';
    const { workspace } = await bench.bus.call(createWorkspace, { name: 'There', slug }, bench.as(ada));
    const workspaceId = workspace?.id ?? '';
    const { promise: cut, resolve } = Promise.withResolvers<void>();
    interruptions.before('roles', 'update', () => {
      fuse.set(1, false);
      resolve();
      return Promise.resolve();
    });
    const id = await begin({ workspaceId });
    await cut;
    await jobs.settled();
    await fuse.quiet();
    fuse.mend();
    const source = Buffer.from('do: []\noutput: mine\n');
    await bench.bus.call(WorkspacesService.method.putAutomation, { workspaceId, slug: 'a', source, ifMatch: '*' }, bench.as(ada));
    const digest = async () => (await bench.bus.call(DraftsService.method.getDraft, { workspaceId }, bench.as(ada))).draft?.digest;
    const before = await digest();
    interruptions.ahead += LEASE;
    await jobs.takeOver();
    expect((await shown(id)).job).toMatchObject({ state: 'done', result: { created: Object.keys(FILES).sort() } });
    expect(await digest()).toBe(before);
  });
});
