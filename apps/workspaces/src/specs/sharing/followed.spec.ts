import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { StagedBlobs } from '@millrace/blobs';
import { FilesService, LifeService, MembersService, RightsService, SharesService, WorkspacesService } from '@millrace/contracts';
import { person, serviceBench, type ServiceBench } from '@millrace/testing';
import type { Share } from '../../domain/sharing/share';
import { SHARES } from '../../infrastructure/collections';
import { workspacesService } from '../../index';

const { createShare, listShares } = SharesService.method;
const { createWorkspace, deleteAutomation, getAutomation, putAutomation, updateAutomation } = WorkspacesService.method;
const { inviteMember, removeMember } = MembersService.method;
const { deleteRole, putRole } = RightsService.method;
const encoder = new TextEncoder();

describe('what is shared', () => {
  let bench: ServiceBench;
  let workspaceId: string;
  let count = 0;
  const [ada, bob] = [person('ada'), person('bob')];

  beforeAll(async () => {
    bench = await serviceBench(workspacesService());
  });

  beforeEach(async () => {
    count += 1;
    const { workspace } = await bench.bus.call(createWorkspace, { name: `Hotel ${count}` }, bench.as(ada));
    workspaceId = workspace?.id ?? '';
    await put('greet');
  });

  afterAll(async () => {
    await bench[Symbol.asyncDispose]();
  });

  const put = (slug: string) =>
    bench.bus.call(putAutomation, { workspaceId, slug, source: encoder.encode('do: []\n'), ifNoneMatch: '*' }, bench.as(ada));
  const share = (said: object) =>
    bench.bus.call(
      createShare,
      { workspaceId, subject: 'automations', object: 'greet', actions: ['read'], userId: 'bob', ...said },
      bench.as(ada),
    );
  const objects = async (of = workspaceId) => {
    const { items } = await bench.bus.call(listShares, { workspaceId: of, sort: 'object' }, bench.as(ada));
    return items.map(({ object }) => object);
  };
  const read = async (slug: string) => (await bench.bus.call(getAutomation, { workspaceId, slug }, bench.as(bob))).automation?.slug;
  /** What follows from an event comes after it. */
  const until = async (holds: () => Promise<boolean>): Promise<void> => {
    for (const deadline = Date.now() + 60_000; !(await holds());) {
      if (Date.now() > deadline) throw new Error('It did not come to be.');
      for (const { parts } of bench.services) await parts.outbox?.drain();
    }
  };
  const areLeft = (...left: string[]) => until(async () => JSON.stringify(await objects()) === JSON.stringify(left));
  const role = () => bench.bus.call(putRole, { workspaceId, role: 'desk', rules: [], ifNoneMatch: '*' }, bench.as(ada));

  it('goes with an automation that is deleted, and is not of the next one with its name', async () => {
    await put('part');
    await share({});
    await share({ object: 'part' });
    await bench.bus.call(deleteAutomation, { workspaceId, slug: 'greet', ifMatch: '*' }, bench.as(ada));
    await areLeft('part');
    await put('greet');
    await expect(read('greet')).rejects.toMatchObject({ code: 'workspaces.automation_not_found' });
  });

  it('has the name of its automation, also when that changes', async () => {
    await share({});
    await bench.bus.call(updateAutomation, { workspaceId, slug: 'greet', newSlug: 'welcome', ifMatch: '*' }, bench.as(ada));
    await areLeft('welcome');
    expect(await read('welcome')).toBe('welcome');
    await put('greet');
    await expect(read('greet')).rejects.toMatchObject({ code: 'workspaces.automation_not_found' });
  });

  it('goes with a file that is deleted', async () => {
    const { blobs, clock, ids } = bench.platform;
    const { ref } = await new StagedBlobs(blobs, clock, ids).put(encoder.encode('bill'));
    const { file } = await bench.bus.call(FilesService.method.commitFile, { workspaceId, ref, name: 'bill' }, bench.as(ada));
    await share({});
    await share({ subject: 'files', object: file?.id });
    await bench.bus.call(FilesService.method.deleteFile, { workspaceId, fileId: file?.id ?? '', ifMatch: '*' }, bench.as(ada));
    await areLeft('greet');
  });

  it('goes with a run that is deleted', async () => {
    await share({});
    const [gone, stays] = ['0', '1'].map((digit) => `run_${digit.repeat(26)}`) as [string, string];
    for (const object of [gone, stays]) await share({ subject: 'runs', object });
    const { clock, eventLog, ids } = bench.platform;
    await eventLog.append([
      {
        ...{ id: ids.mint('evt'), workspaceId, type: 'runtime.runs.deleted', time: clock.now(), correlationId: 'c' },
        payload: encoder.encode(JSON.stringify({ run: gone, automation: 'greet' })),
        actor: { kind: 'user', id: 'ada' },
        source: { service: 'runtime' },
      },
    ]);
    await areLeft('greet', stays);
  });

  it('with a role goes with the role, and is not of the next one with its name', async () => {
    await role();
    await bench.bus.call(inviteMember, { workspaceId, userId: 'bob', roles: ['desk'] }, bench.as(ada));
    await share({ userId: '', role: 'desk' });
    expect(await read('greet')).toBe('greet');
    await bench.bus.call(deleteRole, { workspaceId, role: 'desk', ifMatch: '*' }, bench.as(ada));
    await expect(read('greet')).rejects.toMatchObject({ refusal: 'not-found' });
    await areLeft();
    await role();
    await expect(read('greet')).rejects.toMatchObject({ refusal: 'not-found' });
  });

  it('with a member goes as they go, known by then or not, and not before they may be removed', async () => {
    const { member } = await bench.bus.call(inviteMember, { workspaceId, userId: 'bob', roles: ['viewer'] }, bench.as(ada));
    const invited = await bench.bus.call(inviteMember, { workspaceId, email: 'eve@hotel.example', roles: ['viewer'] }, bench.as(ada));
    await put('part');
    await share({});
    await share({ userId: '', email: 'eve@hotel.example', object: 'part' });
    const remove = (memberId = '', ifMatch = '*') => bench.bus.call(removeMember, { workspaceId, memberId, ifMatch }, bench.as(ada));
    await expect(remove(member?.id, '"7"')).rejects.toMatchObject({ code: 'workspaces.precondition_failed' });
    expect(await objects()).toEqual(['greet', 'part']);
    await remove(member?.id);
    await expect(read('greet')).rejects.toMatchObject({ refusal: 'not-found' });
    expect(await objects()).toEqual(['part']);
    await remove(invited.member?.id);
    expect(await objects()).toEqual([]);
  });

  it('stays where it is when the workspace is copied, members and roles and all', async () => {
    await share({});
    const copying = { workspaceId, name: `Copy ${count}`, with: ['members'] };
    const { workspace } = await bench.bus.call(LifeService.method.duplicateWorkspace, copying, bench.as(ada));
    expect(await objects(workspace?.id)).toEqual([]);
  });

  it('is so much and no more; what has ended does not count', async () => {
    await share({});
    const [service] = bench.services;
    const shares = await service?.parts.documents.collection(SHARES);
    const [first] = (await shares?.page({ where: { workspace: workspaceId }, limit: 1 }))?.items ?? [];
    const like = (id: number): Share => ({ ...(first?.document as Share), id: `shr_${count}_${id}` });
    for (let id = 1; id < 500; id += 1) await shares?.insert(like(id));
    const full = { code: 'workspaces.quota_reached', refusal: 'exhausted', facts: { quota: 'shares', limit: 500 } };
    await expect(share({ userId: 'eve' })).rejects.toMatchObject(full);
    await shares?.update(like(1).id, (document) => ({ document: { ...document, expiresAt: 1 }, events: [] }));
    await share({ userId: 'eve' });
    expect(await read('greet')).toBe('greet');
  });
});
