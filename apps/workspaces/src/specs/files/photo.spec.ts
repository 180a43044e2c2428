import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { StagedBlobs } from '@millrace/blobs';
import { AppsService, FilesService, WorkspacesService } from '@millrace/contracts';
import { person, serviceBench, type ServiceBench } from '@millrace/testing';
import { workspacesService } from '../../index';

const { createWorkspace, getWorkspace, publishVersion, putAutomation, updateWorkspace } = WorkspacesService.method;
const { commitFile, deleteFile } = FilesService.method;
const PICTURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 0]);

describe('the photo of a workspace', () => {
  const ada = person('ada');
  let bench: ServiceBench;
  let staged: StagedBlobs;
  let workspaceId = '';

  beforeAll(async () => {
    bench = await serviceBench(workspacesService());
    const [service] = bench.services;
    if (service === undefined) throw new Error('The service does not run.');
    staged = new StagedBlobs(bench.platform.blobs, service.parts.clock, service.parts.ids);
    workspaceId = await made('Hotel');
  });

  afterAll(async () => {
    await bench[Symbol.asyncDispose]();
  });

  const made = async (name: string): Promise<string> =>
    (await bench.bus.call(createWorkspace, { name }, bench.as(ada))).workspace?.id ?? '';

  const uploaded = async (visibility: string, bytes = PICTURE, to = workspaceId): Promise<string> => {
    const { ref } = await staged.put(bytes);
    const said = { workspaceId: to, ref, name: 'photo', visibility };
    return (await bench.bus.call(commitFile, said, bench.as(ada))).file?.id ?? '';
  };

  const show = async (photo: string): Promise<string | undefined> =>
    (await bench.bus.call(updateWorkspace, { workspaceId, photo, ifMatch: '*' }, bench.as(ada))).workspace?.photo;

  it('is a picture of its own that everybody may see, until it is taken away', async () => {
    const id = await uploaded('public');
    expect(await show(id)).toBe(id);
    expect((await bench.bus.call(getWorkspace, { workspaceId }, bench.as(ada))).workspace?.photo).toBe(id);
    expect(await show('')).toBe('');
  });

  it('is gone when its file is deleted, and stays when that is refused', async () => {
    const id = await uploaded('public');
    const photo = async () => (await bench.bus.call(getWorkspace, { workspaceId }, bench.as(ada))).workspace?.photo;
    await show(id);
    await bench.bus.call(deleteFile, { workspaceId, fileId: await uploaded('public'), ifMatch: '*' }, bench.as(ada));
    await expect(bench.bus.call(deleteFile, { workspaceId, fileId: id, ifMatch: '"7"' }, bench.as(ada))).rejects.toMatchObject({
      refusal: 'conflict',
    });
    expect(await photo()).toBe(id);
    await bench.bus.call(deleteFile, { workspaceId, fileId: id, ifMatch: '*' }, bench.as(ada));
    expect(await photo()).toBe('');
    for (const { parts } of bench.services) await parts.outbox?.drain();
    const told = await Array.fromAsync(bench.platform.eventLog.read('first', `${workspaceId}.workspaces.updated`, { live: false }));
    expect(JSON.parse(Buffer.from(told.at(-1)?.payload ?? []).toString('utf8'))).toEqual({ changed: ['photo'] });
  });

  it('is nothing else', async () => {
    const gone = await uploaded('public');
    await bench.bus.call(deleteFile, { workspaceId, fileId: gone, ifMatch: '*' }, bench.as(ada));
    const elsewhere = await uploaded('public', PICTURE, await made('Other'));
    for (const photo of [await uploaded('workspace'), await uploaded('public', Buffer.from('a text')), gone, elsewhere]) {
      await expect(show(photo)).rejects.toMatchObject({ code: 'workspaces.photo_refused', errors: [{ pointer: '/photo' }] });
    }
    await expect(show('fil_1')).rejects.toMatchObject({ refusal: 'invalid' });
  });

  it('may be that of the app it publishes, too, and goes from it with its file', async () => {
    const source = Buffer.from('when:\n  events: sales.made\ndo:\n  - set: { name: n, value: 1 }\n');
    await bench.bus.call(putAutomation, { workspaceId, slug: 'sell', source, ifMatch: '' }, bench.as(ada));
    await bench.bus.call(publishVersion, { workspaceId, message: 'm' }, bench.as(ada));
    const slug = (await bench.bus.call(AppsService.method.publishApp, { workspaceId, number: '1.0.0' }, bench.as(ada))).version?.app ?? '';
    const showing = (photo: string) => bench.bus.call(AppsService.method.updateApp, { slug, photo, ifMatch: '*' }, bench.as(ada));
    const id = await uploaded('public');
    expect((await showing(id)).app?.photo).toBe(id);
    await expect(showing(await uploaded('workspace'))).rejects.toMatchObject({ code: 'workspaces.photo_refused' });
    await bench.bus.call(deleteFile, { workspaceId, fileId: id, ifMatch: '*' }, bench.as(ada));
    expect((await bench.bus.call(AppsService.method.getApp, { slug }, bench.as(ada))).app?.photo).toBe('');
    for (const { parts } of bench.services) await parts.outbox?.drain();
    const told = await Array.fromAsync(bench.platform.eventLog.read('first', `${workspaceId}.apps.updated`, { live: false }));
    const payloads = told.map(({ payload }): unknown => JSON.parse(Buffer.from(payload).toString('utf8')));
    expect(payloads).toEqual([
      { app: slug, changed: ['photo'] },
      { app: slug, changed: ['photo'] },
    ]);
  });
});
