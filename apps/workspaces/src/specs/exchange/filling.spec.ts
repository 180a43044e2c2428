import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { StagedBlobs } from '@millrace/blobs';
import {
  DraftsService,
  ExchangeService,
  FilesService,
  LifeService,
  MembersService,
  RightsService,
  WorkspacesService,
} from '@millrace/contracts';
import type { ServiceParts } from '@millrace/service';
import { person, serviceBench, type ServiceBench } from '@millrace/testing';
import { pack } from 'tar-stream';
import { CROWDED } from '../../../testing/crowded';
import { Fuse, fused } from '../../../testing/fused';
import { leftIn, purgeIn } from '../../../testing/leftovers';
import { WORKSPACES } from '../../infrastructure/collections';
import { workspacesService } from '../../index';

const HOUR = 3_600_000;
const ROLES_FILE = 'desk:\n  title: Desk\n  rules: [{ allow: [read], on: [automations] }]\n';
const FILES = {
  'workspace.yaml': 'name: Hotel\n',
  'automations/a.yaml': 'do: []\n',
  'automations/b.yaml': 'do: []\noutput: 1\n',
  'roles.yaml': ROLES_FILE,
};
const { method } = WorkspacesService;

describe('a workspace that is filled by processes that die', () => {
  const ada = person('ada');
  const fuse = new Fuse();
  let bench: ServiceBench;
  let parts: ServiceParts;
  let staged: StagedBlobs;
  let count = 0;

  beforeAll(async () => {
    bench = await serviceBench(fused(workspacesService(CROWDED), fuse));
    const [service] = bench.services;
    if (service === undefined) throw new Error('The service does not run.');
    parts = service.parts;
    staged = new StagedBlobs(bench.platform.blobs, parts.clock, parts.ids);
  });

  afterAll(async () => {
    await bench[Symbol.asyncDispose]();
  });

  const archived = async (): Promise<Uint8Array> => {
    const tar = pack();
    for (const [name, text] of Object.entries(FILES)) tar.entry({ name }, text);
    tar.finalize();
    return gzipSync(Buffer.concat((await Array.fromAsync(tar as AsyncIterable<unknown>)) as Uint8Array[]));
  };

  const imported = async (slug: string): Promise<unknown> => {
    const { ref } = await staged.put(await archived());
    return () => bench.bus.call(ExchangeService.method.importWorkspace, { ref, slug }, bench.as(ada));
  };

  /** A workspace with files, written and uploaded, a role and a member. */
  const original = async (): Promise<string> => {
    const name = `Original ${(count += 1)} here`;
    const workspaceId = (await bench.bus.call(method.createWorkspace, { name }, bench.as(ada))).workspace?.id ?? '';
    await bench.bus.call(DraftsService.method.applyDraft, { workspaceId, files: FILES, ifMatch: '*' }, bench.as(ada));
    const rules = [{ allow: ['read'], on: ['automations'] }];
    await bench.bus.call(RightsService.method.putRole, { workspaceId, role: 'desk', rules, ifNoneMatch: '*' }, bench.as(ada));
    await bench.bus.call(MembersService.method.inviteMember, { workspaceId, userId: 'bob', roles: ['desk'] }, bench.as(ada));
    const { ref } = await staged.put(Buffer.from('a'));
    await bench.bus.call(FilesService.method.commitFile, { workspaceId, ref, name: 'a.txt' }, bench.as(ada));
    return workspaceId;
  };

  const copied = async (slug: string): Promise<unknown> => {
    const workspaceId = await original();
    const asked = { workspaceId, name: 'Copy', slug, with: ['members', 'files'] };
    return () => bench.bus.call(LifeService.method.duplicateWorkspace, asked, bench.as(ada));
  };

  const idsOf = async (slug: string): Promise<readonly string[]> => {
    const { items } = await (await parts.documents.collection(WORKSPACES)).page({ limit: 200 });
    return items.filter(({ document }) => document.slug === slug).map(({ document }) => document.id);
  };

  const isListed = async (slug: string): Promise<boolean> =>
    (await bench.bus.call(method.listWorkspaces, { limit: 200 }, bench.as(ada))).items.some((each) => each.slug === slug);

  const told = async (id: string): Promise<number> => {
    await parts.outbox?.drain();
    return (await Array.fromAsync(parts.platform.eventLog.read('first', `${id}.>`, { live: false }))).length;
  };

  /** Whether everybody finds it; then all of it is there. */
  const isWhole = async (slug: string): Promise<boolean> => {
    if (!(await isListed(slug))) return false;
    const { draft } = await bench.bus.call(DraftsService.method.getDraft, { workspaceId: slug }, bench.as(ada));
    expect(draft?.files.map(({ path }) => path).sort()).toEqual(Object.keys(FILES).sort());
    const { items } = await bench.bus.call(RightsService.method.listRoles, { workspaceId: slug }, bench.as(ada));
    expect(items.map(({ name }) => name)).toContain('desk');
    return true;
  };

  it.each([
    ['an import', imported],
    ['a copy', copied],
  ])(
    'is there whole, or not at all, whatever write of %s they die of; nothing is left of what is not there',
    async (what, begin) => {
      let [deaths, isOver] = [0, false];
      for (; !isOver && deaths < 100; deaths += 1) {
        const slug = `${what.replace(' ', '-')}-${deaths}`;
        const fill = (await begin(slug)) as () => Promise<unknown>;
        fuse.set(1 + (deaths >> 1), deaths % 2 === 1);
        const [outcome] = await Promise.allSettled([fill()]);
        isOver = outcome.status === 'fulfilled' && !fuse.isBlown();
        await fuse.quiet();
        fuse.mend();
        const ids = await idsOf(slug);
        if (await isWhole(slug)) continue;
        expect(isOver).toBe(false);
        for (const id of ids) expect(await told(id)).toBe(0);
        expect((await bench.bus.call(method.createWorkspace, { name: 'Other', slug }, bench.as(ada))).workspace?.slug).toBe(slug);
        await (await purgeIn(parts, HOUR)).run();
        for (const id of ids) expect(await leftIn(parts, id)).toEqual([]);
        for (const id of ids) expect(await told(id)).toBe(0);
      }
      expect(isOver).toBe(true);
      expect(deaths).toBeGreaterThan(10);
    },
    120_000,
  );

  it('stays for its filler as long as it takes, and goes when that one is gone for an hour', async () => {
    const fill = (await imported('too-late')) as () => Promise<unknown>;
    fuse.set(4, true);
    await Promise.allSettled([fill()]);
    await fuse.quiet();
    fuse.mend();
    const [id = ''] = await idsOf('too-late');
    await (await purgeIn(parts, HOUR - 1_000)).run();
    expect((await leftIn(parts, id)).length).toBeGreaterThan(0);
    await (await purgeIn(parts, HOUR)).run();
    expect(await leftIn(parts, id)).toEqual([]);
  });
});
