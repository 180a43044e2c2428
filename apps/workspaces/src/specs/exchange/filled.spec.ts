import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { StagedBlobs } from '@millrace/blobs';
import { ExchangeService, LifeService, WorkspacesService } from '@millrace/contracts';
import { RemoteFault } from '@millrace/messaging';
import type { ServiceParts } from '@millrace/service';
import { person, serviceBench, type ServiceBench } from '@millrace/testing';
import { ZipFile } from 'yazl';
import { interrupted, Interruptions } from '../../../testing/interrupted';
import { purgeIn } from '../../../testing/leftovers';
import { workspacesService } from '../../index';

const HOUR = 3_600_000;

const { createWorkspace, listWorkspaces, putAutomation } = WorkspacesService.method;
const { admitImport, importWorkspace } = ExchangeService.method;
const { duplicateWorkspace } = LifeService.method;

async function zipped(entries: Readonly<Record<string, string>>): Promise<Buffer> {
  const zip = new ZipFile();
  for (const [path, text] of Object.entries(entries)) zip.addBuffer(Buffer.from(text), path);
  zip.end();
  return Buffer.concat((await Array.fromAsync(zip.outputStream as AsyncIterable<unknown>)) as Uint8Array[]);
}

describe('workspaces that begin with something in them', () => {
  const interruptions = new Interruptions();
  let bench: ServiceBench;
  let parts: ServiceParts;
  let staged: StagedBlobs;
  let slug: string;
  let count = 0;
  const ada = person('ada');

  beforeAll(async () => {
    bench = await serviceBench(interrupted(workspacesService(), interruptions));
    const [service] = bench.services;
    if (service === undefined) throw new Error('The bench has no service.');
    parts = service.parts;
    staged = new StagedBlobs(bench.platform.blobs, parts.clock, parts.ids);
  });

  beforeEach(() => {
    slug = `filled-${(count += 1)}`;
  });

  afterAll(async () => {
    await bench[Symbol.asyncDispose]();
  });

  const take = async (entries: Readonly<Record<string, string>>, fields: object = {}) => {
    const { ref } = await staged.put(await zipped(entries));
    return bench.bus.call(importWorkspace, { ref, name: 'Taken', slug, ...fields }, bench.as(ada));
  };
  const owned = async (): Promise<readonly string[]> =>
    (await bench.bus.call(listWorkspaces, { limit: 200 }, bench.as(ada))).items.map((workspace) => workspace.slug);
  const told = async (type: string): Promise<number> => {
    for (const { parts } of bench.services) await parts.outbox?.drain();
    return (await Array.fromAsync(bench.platform.eventLog.read('first', `*.${type}`, { live: false }))).length;
  };

  it.each([
    ['a path that no folder holds', 'workspaces.paths_refused', { 'automations/a b.yaml': 'do: []\n' }],
    ['a file that is too large', 'workspaces.file_too_large', { 'notes.txt': randomBytes(140_000).toString('hex') }],
    [
      'more than a workspace may have',
      'workspaces.quota_reached',
      Object.fromEntries(Array.from({ length: 501 }, (_, index) => [`events/e${index}.yaml`, 'title: x\n'])),
    ],
  ])('are not made of an archive with %s, nor when it is tried only', async (_what, code, entries) => {
    const made = await told('workspaces.created');
    await expect(take(entries)).rejects.toMatchObject({ code });
    await expect(take(entries, { dryRun: true })).rejects.toMatchObject({ code });
    expect([await told('workspaces.created'), (await owned()).includes(slug)]).toEqual([made, false]);
  });

  it('are gone again when their files did not come, and another one may have their slug', async () => {
    const [made, gone] = [await told('workspaces.created'), await told('workspaces.purged')];
    interruptions.fail('drafts', 'update');
    await expect(take({ 'automations/greet.yaml': 'do: []\n' })).rejects.toThrow(RemoteFault);
    expect(await owned()).not.toContain(slug);
    expect([await told('workspaces.created'), await told('workspaces.purged')]).toEqual([made, gone]);
    expect(await take({ 'automations/greet.yaml': 'do: []\n' })).toMatchObject({ applied: true, workspace: { slug } });
  });

  it('are gone again when they are copies that were cut off', async () => {
    const { workspace } = await bench.bus.call(createWorkspace, { name: 'Original' }, bench.as(ada));
    const workspaceId = workspace?.id ?? '';
    const put = { workspaceId, slug: 'greet', source: new TextEncoder().encode('do: []\n') };
    await bench.bus.call(putAutomation, put, bench.as(ada));
    const copy = () => bench.bus.call(duplicateWorkspace, { workspaceId, name: 'Copy', slug }, bench.as(ada));
    interruptions.fail('drafts', 'update');
    await expect(copy()).rejects.toThrow(RemoteFault);
    expect(await owned()).not.toContain(slug);
    expect((await copy()).workspace).toMatchObject({ slug });
  });

  it('tell what went wrong though they cannot be taken back, and are found by nobody', async () => {
    interruptions.before('drafts', 'update', () => {
      interruptions.fail('workspaces', 'update');
      return Promise.reject(new Error('The store is away.'));
    });
    await expect(take({ 'automations/greet.yaml': 'do: []\n' })).rejects.toThrow(RemoteFault);
    expect([interruptions.isOver(), (await owned()).includes(slug)]).toEqual([true, false]);
    expect(await take({ 'automations/greet.yaml': 'do: []\n' })).toMatchObject({ applied: true, workspace: { slug } });
  });

  it.each([
    ['while it is filled', 'drafts'],
    ['right before everybody would find it', 'workspaces'],
  ])('are given up when filling one takes so long that it was removed %s', async (_when, collection) => {
    interruptions.before(collection, 'update', async () => (await purgeIn(parts, HOUR)).run());
    const refused = { code: 'workspaces.filling_given_up', refusal: 'unavailable' };
    await expect(take({ 'automations/greet.yaml': 'do: []\n' })).rejects.toMatchObject(refused);
    expect(await take({ 'automations/greet.yaml': 'do: []\n' })).toMatchObject({ applied: true, workspace: { slug } });
  });

  it('are made by no credential that may not make any, whatever they begin with', async () => {
    const narrow = bench.as({ ...ada, scopes: ['manage:automations', 'read:automations'] });
    const refused = { code: 'auth.scope_missing', refusal: 'forbidden' };
    await expect(bench.bus.call(admitImport, {}, narrow)).rejects.toMatchObject(refused);
    const { ref } = await staged.put(await zipped({ 'workspace.yaml': 'name: Hotel\n' }));
    await expect(bench.bus.call(importWorkspace, { ref, slug }, narrow)).rejects.toMatchObject(refused);
    await bench.bus.call(admitImport, {}, bench.as({ ...ada, scopes: ['manage:me'] }));
  });
});
