import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { StagedBlobs } from '@millrace/blobs';
import { FilesService, LifeService, MembersService, RightsService, WorkspacesService } from '@millrace/contracts';
import type { Principal } from '@millrace/kernel';
import type { ServiceParts } from '@millrace/service';
import { person, serviceBench, type ServiceBench } from '@millrace/testing';
import { interrupted, Interruptions } from '../../../testing/interrupted';
import { purgeIn } from '../../../testing/leftovers';
import { FILE_USES, FILES } from '../../infrastructure/file-collections';
import { workspacesService } from '../../index';

const { createWorkspace, deleteWorkspace } = WorkspacesService.method;
const { commitContent, commitFile, deleteFile, listFiles, openFile } = FilesService.method;
const DAY = 86_400_000;

describe('what was uploaded, in a copy of its workspace', () => {
  const interruptions = new Interruptions();
  const [ada, bob] = [person('ada'), person('bob')];
  let bench: ServiceBench;
  let parts: ServiceParts;
  let staged: StagedBlobs;
  let workspaceId: string;
  let count = 0;

  beforeAll(async () => {
    bench = await serviceBench(interrupted(workspacesService(), interruptions));
    const [service] = bench.services;
    if (service === undefined) throw new Error('The bench has no service.');
    parts = service.parts;
    staged = new StagedBlobs(bench.platform.blobs, parts.clock, parts.ids);
  });

  beforeEach(async () => {
    workspaceId = (await bench.bus.call(createWorkspace, { name: `Original ${(count += 1)}` }, bench.as(ada))).workspace?.id ?? '';
  });

  afterAll(async () => {
    await bench[Symbol.asyncDispose]();
  });

  const upload = async (name: string, content: string, said: object = {}): Promise<string> => {
    const { ref } = await staged.put(Buffer.from(content));
    return (await bench.bus.call(commitFile, { workspaceId, ref, name, ...said }, bench.as(ada))).file?.id ?? '';
  };
  const replace = async (fileId: string, content: string, of = workspaceId): Promise<unknown> => {
    const { ref } = await staged.put(Buffer.from(content));
    return bench.bus.call(commitContent, { workspaceId: of, fileId, ref, ifMatch: '*' }, bench.as(ada));
  };
  const remove = (fileId: string, of = workspaceId) => bench.bus.call(deleteFile, { workspaceId: of, fileId, ifMatch: '*' }, bench.as(ada));
  const copy = async (who: Principal = ada): Promise<string> => {
    const asked = { workspaceId, name: `Copy ${(count += 1)}`, with: ['files'] };
    return (await bench.bus.call(LifeService.method.duplicateWorkspace, asked, bench.as(who))).workspace?.id ?? '';
  };
  const filesIn = async (of: string) => (await bench.bus.call(listFiles, { workspaceId: of, limit: 200 }, bench.as(ada))).items;
  const textsIn = async (of: string): Promise<Record<string, string>> => {
    const files = await filesIn(of);
    const texts = files.map(async ({ id, name }) => {
      const { content } = await bench.bus.call(openFile, { workspaceId: of, fileId: id }, bench.as(ada));
      return [name, Buffer.concat(await Array.fromAsync(await staged.get(content?.ref ?? ''))).toString()] as const;
    });
    return Object.fromEntries(await Promise.all(texts));
  };
  const usedBy = async (of: string) => {
    const { document } = await (await parts.documents.collection(FILE_USES)).get(of);
    return [document.files, document.bytes];
  };

  it('is as it was, under ids of its own, and nothing tells of each', async () => {
    const id = await upload('a.txt', 'hello', { visibility: 'public', metadata: { kind: 'cv' } });
    await upload('b.txt', 'private');
    const made = await copy();
    const files = await filesIn(made);
    const a = files.find(({ name }) => name === 'a.txt');
    expect(a).toMatchObject({ visibility: 'public', metadata: { kind: 'cv' }, owner: 'ada', size: 5 });
    expect(a?.id).not.toBe(id);
    expect(await textsIn(made)).toEqual({ 'a.txt': 'hello', 'b.txt': 'private' });
    await parts.outbox?.drain();
    expect(await Array.fromAsync(bench.platform.eventLog.read('first', `${made}.workspaces.files.>`, { live: false }))).toEqual([]);
  });

  it('comes page by page', async () => {
    const files = await parts.documents.collection(FILES);
    const { document } = await files.get(await upload('a.txt', 'hello'));
    for (let index = 0; index < 205; index += 1) await files.insert({ ...document, id: `fil_${index}_${workspaceId}`, isCopy: true });
    const made = await copy();
    expect(await usedBy(made)).toEqual([206, 206 * 5]);
    const { items, nextCursor = '' } = await files.page({ where: { workspace: made }, limit: 200 });
    const rest = await files.page({ where: { workspace: made }, limit: 200, cursor: nextCursor });
    expect(items.length + rest.items.length).toBe(206);
  });

  it('stays when the original goes, is given other bytes, or goes with its workspace; the bytes go with the last that has them', async () => {
    const [a, b] = [await upload('a.txt', 'first'), await upload('b.txt', 'second')];
    await upload('c.txt', 'third');
    const blobs = async () => (await bench.platform.blobs.list('uploads/', 1_000)).length;
    const before = await blobs();
    const made = await copy();
    expect(await blobs()).toBe(before);
    await remove(a);
    await replace(b, 'other');
    expect(await textsIn(made)).toEqual({ 'a.txt': 'first', 'b.txt': 'second', 'c.txt': 'third' });
    await bench.bus.call(deleteWorkspace, { workspaceId, ifMatch: '*' }, bench.as(ada));
    await (await purgeIn(parts, 31 * DAY)).run();
    expect(await textsIn(made)).toEqual({ 'a.txt': 'first', 'b.txt': 'second', 'c.txt': 'third' });
    for (const { id } of await filesIn(made)) await remove(id, made);
    expect(await blobs()).toBe(before - 3);
  });

  it('leaves the original what it has, whatever becomes of the copy', async () => {
    await upload('a.txt', 'first');
    const made = await copy();
    const [file] = await filesIn(made);
    await replace(file?.id ?? '', 'other', made);
    expect([await textsIn(workspaceId), await textsIn(made)]).toEqual([{ 'a.txt': 'first' }, { 'a.txt': 'other' }]);
    await bench.bus.call(deleteWorkspace, { workspaceId: made, ifMatch: '*' }, bench.as(ada));
    await (await purgeIn(parts, 31 * DAY)).run();
    expect(await textsIn(workspaceId)).toEqual({ 'a.txt': 'first' });
  });

  it('is what the original is when the copy is written, or nothing when that is gone', async () => {
    const a = await upload('a.txt', 'first');
    interruptions.before('files', 'insert', () => replace(a, 'second'));
    const replaced = await copy();
    expect([await textsIn(replaced), await usedBy(replaced)]).toEqual([{ 'a.txt': 'second' }, [1, 6]]);
    interruptions.before('files', 'insert', () => remove(a));
    const gone = await copy();
    expect([await textsIn(gone), await usedBy(gone)]).toEqual([{}, [0, 0]]);
  });

  it('stays where it is when its time is over', async () => {
    const soon = await upload('soon.txt', 'soon');
    await upload('a.txt', 'first');
    const files = await parts.documents.collection(FILES);
    await files.update(soon, (document) => ({ document: { ...document, expiresAt: 1 }, events: [] }));
    expect(await textsIn(await copy())).toEqual({ 'a.txt': 'first' });
  });

  it('comes along for those alone who may change all files, and so see the private ones', async () => {
    await upload('a.txt', 'private');
    const rules = [{ allow: ['read'], on: ['automations', 'files'] }];
    await bench.bus.call(RightsService.method.putRole, { workspaceId, role: 'reader', rules }, bench.as(ada));
    await bench.bus.call(MembersService.method.inviteMember, { workspaceId, userId: 'bob', roles: ['reader'] }, bench.as(ada));
    await expect(copy(bob)).rejects.toMatchObject({ code: 'files.update_denied', refusal: 'forbidden' });
  });
});
