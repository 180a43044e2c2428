import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { StagedBlobs } from '@millrace/blobs';
import {
  EventTypesService,
  FilesService,
  KeysService,
  MembersService,
  RightsService,
  SecretsService,
  SharesService,
  WorkspacesService,
} from '@millrace/contracts';
import type { ServiceParts } from '@millrace/service';
import { person, serviceBench, type ServiceBench } from '@millrace/testing';
import { Crash, Fuse, fusedParts } from '../../testing/fused';
import { leftIn, purgeIn } from '../../testing/leftovers';
import type { PurgeWorkspaces } from '../application/life/purge-workspaces';
import { workspacesService } from '../index';

const DAY = 86_400_000;
const { method } = WorkspacesService;

describe('a deleted workspace that is removed by processes that die', () => {
  const ada = person('ada');
  let bench: ServiceBench;
  let parts: ServiceParts;

  beforeAll(async () => {
    bench = await serviceBench(workspacesService());
    const [service] = bench.services;
    if (service === undefined) throw new Error('The service does not run.');
    parts = service.parts;
  });

  afterAll(async () => {
    await bench[Symbol.asyncDispose]();
  });

  /** One with something of each kind. */
  const furnished = async (name: string): Promise<string> => {
    const as = bench.as(ada);
    const workspaceId = (await bench.bus.call(method.createWorkspace, { name }, as)).workspace?.id ?? '';
    for (const slug of ['a', 'b']) {
      await bench.bus.call(method.putAutomation, { workspaceId, slug, source: Buffer.from(`do: []\noutput: ${slug}\n`) }, as);
    }
    const schema = Buffer.from('type: things.seen\nschema: { type: object }\n');
    await bench.bus.call(EventTypesService.method.putEventType, { workspaceId, type: 'things.seen', source: schema }, as);
    await bench.bus.call(method.publishVersion, { workspaceId }, as);
    await bench.bus.call(SecretsService.method.setSecret, { workspaceId, name: 'KEY', value: 'hush' }, as);
    await bench.bus.call(KeysService.method.createKey, { workspaceId, name: 'ci', role: 'viewer' }, as);
    await bench.bus.call(MembersService.method.inviteMember, { workspaceId, userId: 'bob', roles: ['viewer'] }, as);
    const shared = { subject: 'automations', object: 'a', actions: ['read'], userId: 'carol' };
    await bench.bus.call(SharesService.method.createShare, { workspaceId, ...shared }, as);
    const rules = [{ allow: ['read'], on: ['files'] }];
    await bench.bus.call(RightsService.method.putRole, { workspaceId, role: 'guests', rules, ifNoneMatch: '*' }, as);
    const { ref } = await new StagedBlobs(parts.platform.blobs, parts.clock, parts.ids).put(Buffer.from('a'));
    await bench.bus.call(FilesService.method.commitFile, { workspaceId, ref, name: 'a.txt' }, as);
    const settings = { egress: ['api.test'] };
    await bench.bus.call(method.updateWorkspace, { workspaceId, slug: `${name.toLowerCase()}-renamed`, settings, ifMatch: '*' }, as);
    return workspaceId;
  };

  /** What removes it in a process with this fuse, when its time is over. */
  const purging = (fuse: Fuse): Promise<PurgeWorkspaces> => purgeIn(fusedParts(parts, fuse), 31 * DAY);

  const leftOf = (workspaceId: string): Promise<readonly string[]> => leftIn(parts, workspaceId);

  it('goes on going whatever write each of them dies of, until nothing is left; another stays whole', async () => {
    const [workspaceId, other] = [await furnished('Gone'), await furnished('Stays')];
    await bench.bus.call(method.deleteWorkspace, { workspaceId, ifMatch: '*' }, bench.as(ada));
    const before = await leftOf(other);
    expect((await leftOf(workspaceId)).length).toBeGreaterThan(10);
    let deaths = 0;
    for (let isOver = false; !isOver && deaths < 300; deaths += isOver ? 0 : 1) {
      const fuse = new Fuse();
      const purge = await purging(fuse);
      // Each of them gets some way: what takes several writes begins anew after a death in the middle of it.
      fuse.set(1 + (deaths % 4), deaths % 3 === 0);
      const [outcome] = await Promise.allSettled([purge.run()]);
      if (outcome.status === 'rejected') expect(outcome.reason).toBeInstanceOf(Crash);
      isOver = outcome.status === 'fulfilled';
      const left = await leftOf(workspaceId);
      // As long as anything is, whoever comes next finds it by the workspace itself.
      expect(left.length === 0 || left.includes('workspaces')).toBe(true);
    }
    expect(deaths).toBeGreaterThan(5);
    expect(await leftOf(workspaceId)).toEqual([]);
    expect(await leftOf(other)).toEqual(before);
    for await (const { payload } of parts.platform.eventLog.read('first', `${workspaceId}.workspaces.purged`, { live: true })) {
      expect(Buffer.from(payload).toString('utf8')).toBe('{}');
      break;
    }
    const told = await Array.fromAsync(parts.platform.eventLog.read('first', `${workspaceId}.workspaces.purged`, { live: false }));
    expect(told).toHaveLength(1);
  }, 120_000);
});
