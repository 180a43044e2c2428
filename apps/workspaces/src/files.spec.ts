import { StagedBlobs } from '@millrace/blobs';
import { FilesService, WorkspacesService } from '@millrace/contracts';
import { ANONYMOUS, servicePrincipal, type Principal } from '@millrace/kernel';
import { person, serviceBench, type ServiceBench } from '@millrace/testing';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { workspacesService } from './index';

const { method } = FilesService;
const PNG = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 1, 2, 3);
const bytes = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);

describe('the files of a workspace', () => {
  let bench: ServiceBench;
  let staged: StagedBlobs;
  let workspaceId: string;
  const ada = person('ada');
  const bob = person('bob');

  beforeAll(async () => {
    bench = await serviceBench(workspacesService());
    const { blobs, clock, ids } = bench.platform;
    staged = new StagedBlobs(blobs, clock, ids);
    workspaceId = await create('Files');
  });

  afterAll(async () => {
    await bench[Symbol.asyncDispose]();
  });

  const create = async (name: string): Promise<string> => {
    const { workspace } = await bench.bus.call(WorkspacesService.method.createWorkspace, { name }, bench.as(ada));
    return workspace?.id ?? '';
  };

  const commit = async (said: Record<string, unknown> = {}, as: Principal = ada, content = bytes('hello')) => {
    const { ref } = await staged.put(content);
    const { file } = await bench.bus.call(method.commitFile, { workspaceId, ref, name: 'a.txt', ...said }, bench.as(as));
    if (file === undefined) throw new Error('no file');
    return { ref, ...file };
  };

  const open = async (fileId: string, as: Principal) =>
    (await bench.bus.call(method.openFile, { workspaceId, fileId }, bench.as(as))).content;

  const text = async (ref: string): Promise<string> => Buffer.concat(await Array.fromAsync(await staged.get(ref))).toString();

  const typesOnLog = async (id: string): Promise<string[]> => {
    for (const { parts } of bench.services) await parts.outbox?.drain();
    const events = await Array.fromAsync(bench.platform.eventLog.read('first', `${id}.>`, { live: false }));
    return events.map(({ type }) => type);
  };

  it('are made of staged bytes, and told of', async () => {
    const own = await create('Told of files');
    const { ref } = await staged.put(bytes('hello'));
    const expiresAt = timestampFromMs(4_000_000_000_000);
    const said = { workspaceId: own, ref, name: '../../etc/\u202Epass\nwd.txt', metadata: { kind: 'cv' }, expiresAt };
    const { file } = await bench.bus.call(method.commitFile, said, bench.as(ada));
    expect(file).toMatchObject({
      ...{ name: 'passwd.txt', size: 5, type: 'text/plain', visibility: 'private', owner: 'ada', etag: '1', expiresAt },
      metadata: { kind: 'cv' },
      sha256: '2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824',
    });
    expect(await typesOnLog(own)).toEqual(['workspaces.created', 'workspaces.files.added']);
  });

  it('are the same when the same bytes are committed again', async () => {
    const { ref, id } = await commit();
    const again = await Promise.all([1, 2].map(() => bench.bus.call(method.commitFile, { workspaceId, ref, name: 'b' }, bench.as(ada))));
    expect(again.map(({ file }) => [file?.id, file?.name])).toEqual([
      [id, 'a.txt'],
      [id, 'a.txt'],
    ]);
  });

  it('are not made of what is not there, of a lie about the type, or of an end that is past', async () => {
    const ref = (await commit()).ref.replace(/.$/, (last) => (last === '0' ? '1' : '0'));
    await expect(bench.bus.call(method.commitFile, { workspaceId, ref, name: 'a' }, bench.as(ada))).rejects.toMatchObject({
      code: 'blobs.not_found',
    });
    await expect(commit({ declaredType: 'image/png' })).rejects.toMatchObject({ code: 'workspaces.file_type_disagrees' });
    await expect(commit({ expiresAt: timestampFromMs(1) })).rejects.toMatchObject({ code: 'workspaces.file_end_past' });
    expect((await commit({ declaredType: 'image/png' }, ada, PNG)).type).toBe('image/png');
  });

  it('are of types that the workspace takes, whether they come new or in place of others', async () => {
    const { id } = await commit();
    const settings = { fileTypes: ['image/*', 'application/pdf'] };
    await bench.bus.call(WorkspacesService.method.updateWorkspace, { workspaceId, settings, ifMatch: '*' }, bench.as(ada));
    expect((await commit({}, ada, PNG)).type).toBe('image/png');
    expect((await commit({}, ada, bytes('%PDF-1.7'))).type).toBe('application/pdf');
    const refused = { code: 'workspaces.file_type_refused', facts: { type: 'text/plain', accepted: 'image/*, application/pdf' } };
    await expect(commit()).rejects.toMatchObject(refused);
    const { ref } = await staged.put(bytes('other'));
    await expect(bench.bus.call(method.commitContent, { workspaceId, fileId: id, ref, ifMatch: '*' }, bench.as(ada))).rejects.toMatchObject(
      refused,
    );
    await bench.bus.call(WorkspacesService.method.updateWorkspace, { workspaceId, settings: {}, ifMatch: '*' }, bench.as(ada));
    expect((await commit()).type).toBe('text/plain');
  });

  it('are made by whoever may, and by services for whoever they let in', async () => {
    const { ref } = await staged.put(bytes('x'));
    for (const as of [bob, ANONYMOUS]) {
      await expect(bench.bus.call(method.commitFile, { workspaceId, ref, name: 'a' }, bench.as(as))).rejects.toMatchObject({
        refusal: 'not-found',
      });
    }
    await expect(bench.bus.call(method.admitUpload, { workspaceId }, bench.as(bob))).rejects.toMatchObject({ refusal: 'not-found' });
    const runtime = bench.services[0]?.parts;
    const context = { ...bench.as(servicePrincipal('workspaces')) };
    const { file } = (await runtime?.bus.call(method.commitFile, { workspaceId, ref, name: 'a', owner: 'visitor' }, context)) ?? {};
    expect(file).toMatchObject({ owner: 'visitor', visibility: 'private' });
  });

  it('are seen as their visibility says', async () => {
    const hidden = await commit();
    const shown = await commit({ visibility: 'public' });
    expect(await open(hidden.id, ada)).toMatchObject({ ref: hidden.ref, public: false });
    for (const as of [bob, ANONYMOUS]) {
      expect(await open(shown.id, as)).toMatchObject({ ref: shown.ref, public: true, name: 'a.txt' });
      await expect(open(hidden.id, as)).rejects.toMatchObject({ refusal: 'not-found' });
    }
    const other = await create('Other files');
    await expect(bench.bus.call(method.openFile, { workspaceId: other, fileId: shown.id }, bench.as(ada))).rejects.toMatchObject({
      code: 'workspaces.file_not_found',
    });
  });

  it('change under If-Match, and refuse whoever knows an older one', async () => {
    const { id: fileId } = await commit({ metadata: { a: '1', b: '2' } });
    const update = (said: Record<string, unknown>, ifMatch: string) =>
      bench.bus.call(method.updateFile, { workspaceId, fileId, ifMatch, ...said }, bench.as(ada));
    await expect(update({ name: 'x' }, '')).rejects.toMatchObject({ code: 'workspaces.precondition_required' });
    const said = { name: 'b.txt', visibility: 'workspace', metadata: bytes('{"a":null,"c":"3"}'), expiresAt: '2200-01-01T00:00:00Z' };
    const { file } = await update(said, '"1"');
    expect(file).toMatchObject({ name: 'b.txt', visibility: 'workspace', metadata: { b: '2', c: '3' }, etag: '2' });
    await expect(update({ name: 'x' }, '"1"')).rejects.toMatchObject({
      code: 'workspaces.precondition_failed',
      facts: { etag: '2', updatedBy: 'ada' },
    });
    expect((await update({ expiresAt: '' }, '*')).file?.expiresAt).toBeUndefined();
    expect((await update({ name: 'b.txt' }, '*')).file?.etag).toBe('3');
    await expect(update({ metadata: bytes('{"a":1}') }, '*')).rejects.toMatchObject({ code: 'workspaces.file_invalid' });
    await expect(update({ metadata: bytes(`{"a":"${'x'.repeat(501)}"}`) }, '*')).rejects.toMatchObject({
      code: 'workspaces.metadata_too_large',
    });
    await expect(update({ expiresAt: 'tomorrow' }, '*')).rejects.toMatchObject({ code: 'workspaces.file_invalid' });
  });

  it('get other bytes, and the old ones are gone', async () => {
    const { id: fileId, ref: before } = await commit();
    const { ref } = await staged.put(bytes('other bytes'));
    const replaced = await bench.bus.call(method.commitContent, { workspaceId, fileId, ref, ifMatch: '1' }, bench.as(ada));
    expect(replaced.file).toMatchObject({ size: 11, etag: '2', name: 'a.txt' });
    const content = await open(fileId, ada);
    expect(await text(content?.ref ?? '')).toBe('other bytes');
    await expect(staged.stat(before)).rejects.toMatchObject({ code: 'blobs.not_found' });
    const late = await staged.put(bytes('late'));
    await expect(
      bench.bus.call(method.commitContent, { workspaceId, fileId, ref: late.ref, ifMatch: '1' }, bench.as(ada)),
    ).rejects.toMatchObject({ code: 'workspaces.precondition_failed' });
    expect(await text((await open(fileId, ada))?.ref ?? '')).toBe('other bytes');
  });

  it('are gone with their bytes when they are deleted', async () => {
    const { id: fileId, ref } = await commit();
    const remove = () => bench.bus.call(method.deleteFile, { workspaceId, fileId, ifMatch: '*' }, bench.as(ada));
    await remove();
    await expect(remove()).rejects.toMatchObject({ refusal: 'not-found' });
    await expect(open(fileId, ada)).rejects.toMatchObject({ refusal: 'not-found' });
    await expect(staged.stat(ref)).rejects.toMatchObject({ code: 'blobs.not_found' });
  });

  it('are listed newest first, page by page', async () => {
    workspaceId = await create('Listed files');
    const ids: string[] = [];
    for (let index = 0; index < 3; index += 1) ids.unshift((await commit()).id);
    const first = await bench.bus.call(method.listFiles, { workspaceId, limit: 2 }, bench.as(ada));
    const second = await bench.bus.call(method.listFiles, { workspaceId, limit: 2, cursor: first.nextCursor }, bench.as(ada));
    expect([...first.items, ...second.items].map(({ id }) => id).sort()).toEqual(ids.sort());
    expect([first.items.length, second.nextCursor]).toEqual([2, '']);
    await expect(bench.bus.call(method.listFiles, { workspaceId }, bench.as(bob))).rejects.toMatchObject({ refusal: 'not-found' });
  });

  it('are found and sorted by what is known of them: in pages as in the whole list', async () => {
    workspaceId = await create('Sorted files');
    for (const name of ['b.txt', 'e.txt', 'a.txt', 'd.txt', 'c.log']) await commit({ name });
    const list = (asked: object) => bench.bus.call(method.listFiles, { workspaceId, ...asked }, bench.as(ada));
    const names = async (asked: object) => {
      const [found, cursors]: [string[], string[]] = [[], ['']];
      for (const cursor of cursors) {
        const { items, nextCursor } = await list({ ...asked, limit: 2, cursor });
        found.push(...items.map(({ name }) => name));
        if (nextCursor !== '') cursors.push(nextCursor);
      }
      return found;
    };
    const newest = (await list({})).items.map(({ name }) => name);
    expect(await names({ where: "name ends with '.txt'" })).toEqual(newest.filter((name) => name !== 'c.log'));
    expect(await names({ where: 'size > 0', sort: '-createdAt' })).toEqual(newest);
    expect(await names({ sort: 'name' })).toEqual(['a.txt', 'b.txt', 'c.log', 'd.txt', 'e.txt']);
    expect(await names({ where: "type = 'image/png'" })).toEqual([]);
    const fileId = (await list({ where: "name = 'a.txt'" })).items[0]?.id ?? '';
    const links = [60, 600].map((seconds) => bench.bus.call(method.createLink, { workspaceId, fileId, seconds }, bench.as(ada)));
    const [short] = await Promise.all(links);
    const { items } = await bench.bus.call(method.listLinks, { workspaceId, fileId, sort: 'expiresAt', limit: 1 }, bench.as(ada));
    expect(items.map(({ id }) => id)).toEqual([short?.link?.id]);
  });

  it('are had by whoever has a link, until it ends or is taken back', async () => {
    const { id: fileId, ref } = await commit();
    const make = async (seconds = 0) =>
      (await bench.bus.call(method.createLink, { workspaceId, fileId, seconds }, bench.as(ada))).link ?? { id: '', path: '' };
    const follow = async (path: string) =>
      (await bench.bus.call(method.openLink, { token: path.replace('/v1/files/', '') }, bench.as(ANONYMOUS))).content;
    const [kept, revoked] = [await make(), await make(60)];
    expect(await follow(kept.path)).toMatchObject({ ref, public: false });
    await bench.bus.call(method.revokeLink, { workspaceId, fileId, linkId: revoked.id }, bench.as(ada));
    await expect(bench.bus.call(method.revokeLink, { workspaceId, fileId, linkId: revoked.id }, bench.as(ada))).rejects.toMatchObject({
      refusal: 'not-found',
    });
    const gone = { code: 'workspaces.link_not_found', refusal: 'not-found' };
    await expect(follow(revoked.path)).rejects.toMatchObject(gone);
    const [file = '', link = '', end = '', signature = ''] = kept.path.replace('/v1/files/', '').split('.');
    const longer = (Number.parseInt(end, 36) + 1).toString(36);
    for (const forged of [
      `${file}.${link}.${longer}.${signature}`,
      `${file}.${link}.${end}.${signature.slice(1)}`,
      `${file}.${link}.${end}.${signature}=`,
      `${file}.${link}.${end}`,
      'x',
    ]) {
      await expect(follow(forged)).rejects.toMatchObject(gone);
    }
    const { items } = await bench.bus.call(method.listLinks, { workspaceId, fileId }, bench.as(ada));
    expect(items.map(({ path }) => path)).toEqual([kept.path]);
    await bench.bus.call(method.deleteFile, { workspaceId, fileId, ifMatch: '*' }, bench.as(ada));
    await expect(follow(kept.path)).rejects.toMatchObject(gone);
  });
});
