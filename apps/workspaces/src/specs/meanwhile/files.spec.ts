import { StagedBlobs } from '@millrace/blobs';
import { FilesService, MembersService, WorkspacesService } from '@millrace/contracts';
import { servicePrincipal, type Principal } from '@millrace/kernel';
import { RemoteFault } from '@millrace/messaging';
import { person, serviceBench, type ServiceBench } from '@millrace/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { interrupted, Interruptions } from '../../../testing/interrupted';
import { FILE_QUOTA } from '../../domain/files/usage';
import { FILE_USES } from '../../infrastructure/file-collections';
import { workspacesService } from '../../index';

const { admitUpload, commitContent, commitFile, getFile, listFiles, openFile } = FilesService.method;
const { inviteMember, updateMember } = MembersService.method;
const NOWHERE = 'ws_00000000000000000000000009';

describe('files, as members see them and while others are at work', () => {
  const interruptions = new Interruptions();
  let bench: ServiceBench;
  let staged: StagedBlobs;
  let workspaceId: string;
  let count = 0;
  const [ada, bob] = [person('ada'), person('bob')];
  const runtime = servicePrincipal('workspaces');

  beforeAll(async () => {
    bench = await serviceBench(interrupted(workspacesService(), interruptions));
    const { blobs, clock, ids } = bench.platform;
    staged = new StagedBlobs(blobs, clock, ids);
  });

  beforeEach(async () => {
    workspaceId = await create();
  });

  afterEach(() => {
    expect(interruptions.isOver()).toBe(true);
  });

  afterAll(async () => {
    await bench[Symbol.asyncDispose]();
  });

  const create = async (): Promise<string> => {
    count += 1;
    const wish = { name: 'Files', slug: `files-${count}` };
    return (await bench.bus.call(WorkspacesService.method.createWorkspace, wish, bench.as(ada))).workspace?.id ?? '';
  };
  const stage = async (text = 'hello'): Promise<string> => (await staged.put(new TextEncoder().encode(text))).ref;
  /** As the gateway does for people, and the runtime for what it lets in. */
  const bus = (as: Principal) => (as.kind === 'service' ? (bench.services[0]?.parts.bus ?? bench.bus) : bench.bus);
  const commit = async (ref: string, said: { workspaceId?: string; visibility?: string; owner?: string } = {}, as: Principal = ada) =>
    (await bus(as).call(commitFile, { workspaceId, ref, name: 'a.txt', ...said }, bench.as(as))).file ?? { id: '', etag: '', owner: '' };
  const replace = (fileId: string, ref: string, ifMatch = '*') =>
    bench.bus.call(commitContent, { workspaceId, fileId, ref, ifMatch }, bench.as(ada));
  const refOf = async (fileId: string) => (await bench.bus.call(openFile, { workspaceId, fileId }, bench.as(ada))).content?.ref;
  const listed = async (as: Principal) => {
    const { items } = await bench.bus.call(listFiles, { workspaceId }, bench.as(as));
    return items.map(({ id }) => id).sort();
  };
  const admit = (size: number, fileId = '') => bench.bus.call(admitUpload, { workspaceId, fileId, size }, bench.as(ada));

  it('that are private are seen by whoever put them there and whoever may change files', async () => {
    const { member } = await bench.bus.call(inviteMember, { workspaceId, userId: 'bob', roles: ['editor'] }, bench.as(ada));
    const [hers, shared] = [await commit(await stage()), await commit(await stage(), { visibility: 'workspace' })];
    const his = await commit(await stage(), {}, bob);
    expect(await listed(bob)).toEqual([hers.id, shared.id, his.id].sort());
    const fewer = { workspaceId, memberId: member?.id ?? '', roles: ['viewer'], ifMatch: '*' };
    await bench.bus.call(updateMember, fewer, bench.as(ada));
    const get = (fileId: string) => bench.bus.call(getFile, { workspaceId, fileId }, bench.as(bob));
    await expect(get(hers.id)).rejects.toMatchObject({ code: 'workspaces.file_not_found' });
    for (const { id } of [shared, his]) expect((await get(id)).file?.id).toBe(id);
    expect(await listed(bob)).toEqual([shared.id]);
  });

  it('are put there by services in their own name when nobody else’s is said, and in no workspace that is not there', async () => {
    expect((await commit(await stage(), {}, runtime)).owner).toBe(runtime.id);
    const missing = { code: 'workspaces.not_found', refusal: 'not-found' };
    await expect(commit(await stage(), { workspaceId: NOWHERE }, runtime)).rejects.toMatchObject(missing);
    await expect(
      bench.bus.call(openFile, { workspaceId: NOWHERE, fileId: 'fil_00000000000000000000000001' }, bench.as(ada)),
    ).rejects.toMatchObject(missing);
  });

  it('are one file when two make it of the same bytes at once, and never two of different workspaces', async () => {
    const ref = await stage();
    let first = '';
    interruptions.before('files', 'insert', async () => {
      first = (await commit(ref)).id;
    });
    expect((await commit(ref)).id).toBe(first);
    expect(await listed(ada)).toEqual([first]);
    await expect(commit(ref, { workspaceId: await create() })).rejects.toMatchObject({ refusal: 'conflict' });
    expect(await refOf(first)).toBe(ref);
  });

  it('stay as they are when they are given the bytes they have', async () => {
    const ref = await stage();
    const { id } = await commit(ref);
    expect((await replace(id, ref)).file).toMatchObject({ id, etag: '1' });
    expect((await staged.stat(ref)).size).toBe(5);
  });

  it('have the bytes of who was first, and tell the other one that they changed', async () => {
    const { id } = await commit(await stage());
    const [theirs, mine] = [await stage('theirs'), await stage('mine')];
    interruptions.before('files', 'update', () => replace(id, theirs));
    await expect(replace(id, mine)).rejects.toMatchObject({ code: 'workspaces.precondition_failed', facts: { etag: '2' } });
    expect(await refOf(id)).toBe(theirs);
    expect((await staged.stat(theirs)).size).toBe(6);
  });

  it('are let in as far as there is room, and those that replace others with the room of these', async () => {
    const { id } = await commit(await stage());
    expect(await admit(0)).toMatchObject({ workspaceId, most: FILE_QUOTA.upload });
    await expect(admit(FILE_QUOTA.upload + 1)).rejects.toMatchObject({ code: 'workspaces.upload_too_large' });
    const uses = await bench.services[0]?.parts.documents.collection(FILE_USES);
    await uses?.update(workspaceId, (usage) => ({ document: { ...usage, bytes: FILE_QUOTA.bytes - 3 }, events: [] }));
    expect([(await admit(3)).most, (await admit(8, id)).most]).toEqual([3, 8]);
    await expect(admit(9, id)).rejects.toMatchObject({ code: 'workspaces.upload_too_large', facts: { most: 8 } });
    await expect(commit(await stage('more'))).rejects.toMatchObject({ code: 'workspaces.upload_too_large', facts: { most: 3 } });
    expect((await replace(id, await stage('eight by'))).file?.size).toBe(8);
  });

  it('take no room when the store fails', async () => {
    const ref = await stage();
    interruptions.fail('files', 'insert');
    await expect(commit(ref)).rejects.toThrow(RemoteFault);
    const uses = await bench.services[0]?.parts.documents.collection(FILE_USES);
    expect((await uses?.get(workspaceId))?.document).toMatchObject({ files: 0, bytes: 0 });
    expect((await commit(ref)).etag).toBe('1');
  });
});
