import { createHash, randomBytes } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { StagedBlobs } from '@millrace/blobs';
import {
  AppsService,
  DraftsService,
  ExchangeService,
  LifeService,
  SecretsService,
  VersionsService,
  WorkspacesService,
} from '@millrace/contracts';
import { servicePrincipal } from '@millrace/kernel';
import { person, serviceBench, type ServiceBench } from '@millrace/testing';
import { pack } from 'tar-stream';
import { workspacesService } from '../index';

const { fetchDraft, fetchModel, publishVersion } = WorkspacesService.method;
const { diffVersions, exportVersion } = VersionsService.method;

/** Bytes that are no text in any encoding we take. */
const PICTURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 255, 254, 0xc3, 0x28]);
const LOGO = 'assets/img/logo.png';

describe('assets of a workspace', () => {
  const ada = person('ada');
  let bench: ServiceBench;
  let staged: StagedBlobs;
  let workspaceId = '';

  beforeAll(async () => {
    bench = await serviceBench(workspacesService());
    const [service] = bench.services;
    if (service === undefined) throw new Error('The service does not run.');
    staged = new StagedBlobs(bench.platform.blobs, service.parts.clock, service.parts.ids);
    workspaceId = await imported('hotel', WHOLE);
    await bench.bus.call(publishVersion, { workspaceId }, bench.as(ada));
  });

  afterAll(async () => {
    await bench[Symbol.asyncDispose]();
  });

  const WHOLE: Readonly<Record<string, string | Buffer>> = {
    'workspace.yaml': 'name: Hotel\n',
    'automations/greet.yaml': "do:\n  - fetch: { url: 'https://a.example/', headers: { authorization: '{{secret.KEY}}' } }\n",
    [LOGO]: PICTURE,
    'assets/empty.bin': Buffer.alloc(0),
  };

  const imported = async (slug: string, files: Readonly<Record<string, string | Buffer>>): Promise<string> => {
    const tar = pack();
    for (const [name, content] of Object.entries(files)) tar.entry({ name }, content);
    tar.finalize();
    const bytes = Buffer.concat((await Array.fromAsync(tar as AsyncIterable<unknown>)) as Uint8Array[]);
    return (await take(slug, gzipSync(bytes))).workspace?.id ?? '';
  };

  const take = async (slug: string, archive: Uint8Array) => {
    const { ref } = await staged.put(archive);
    return bench.bus.call(ExchangeService.method.importWorkspace, { ref, slug, name: slug }, bench.as(ada));
  };

  const exported = async (id: string, format: string): Promise<Buffer> => {
    const pieces = await Array.fromAsync(bench.bus.stream(exportVersion, { workspaceId: id, version: '1', format }, bench.as(ada)));
    return Buffer.concat(pieces.map(({ bytes }) => bytes));
  };

  it.each(['zip', 'tar.gz'])('come back byte by byte from an export, an import and an export as %s', async (format) => {
    const first = await exported(workspaceId, format);
    const { report, workspace } = await take(`twin-${format.slice(0, 3)}`, first);
    expect(report.filter(({ file }) => file.startsWith('assets/')).map(({ outcome }) => outcome)).toEqual(['same', 'same']);
    await bench.bus.call(publishVersion, { workspaceId: workspace?.id ?? '' }, bench.as(ada));
    expect((await exported(workspace?.id ?? '', format)).equals(first)).toBe(true);
  });

  it('are named to the runtime and not handed to it; drafts to test have none', async () => {
    const { items } = await bench.bus.call(WorkspacesService.method.listVersions, { workspaceId }, bench.as(ada));
    const asked = { workspaceId, digest: items[0]?.digest ?? '' };
    const handed = await Array.fromAsync(bench.bus.stream(fetchModel, asked, bench.as(servicePrincipal('gateway'))));
    const logo = handed.find(({ path }) => path === LOGO);
    expect(logo).toMatchObject({ text: '', size: PICTURE.length, digest: createHash('sha256').update(PICTURE).digest('hex') });
    const drafted = await Array.fromAsync(bench.bus.stream(fetchDraft, { workspaceId }, bench.as(ada)));
    expect(drafted.map(({ path }) => path).sort()).toEqual(['automations/greet.yaml', 'workspace.yaml']);
  });

  it('are not read as texts: not for secrets, not in a diff, not one by one', async () => {
    await bench.bus.call(SecretsService.method.setSecret, { workspaceId, name: 'KEY', value: 'hush' }, bench.as(ada));
    const usages = await bench.bus.call(SecretsService.method.listSecretUsages, { workspaceId, name: 'KEY' }, bench.as(ada));
    expect(usages.items.map(({ file }) => file)).toEqual(['automations/greet.yaml']);
    await bench.bus.call(DraftsService.method.applyDraft, { workspaceId, files: { [LOGO]: 'changed' }, ifMatch: '*' }, bench.as(ada));
    const { files } = await bench.bus.call(diffVersions, { workspaceId, version: '1', with: 'draft' }, bench.as(ada));
    expect(files).toMatchObject([{ path: LOGO, kind: 'changed', text: '', changes: [] }]);
    await expect(bench.bus.call(DraftsService.method.getFileText, { workspaceId, path: LOGO }, bench.as(ada))).rejects.toMatchObject({
      code: 'workspaces.file_not_text',
    });
  });

  it('go with a copy of the workspace and with its app', async () => {
    const copied = { workspaceId, name: 'Copy', slug: 'copy-of-it', version: '1' };
    const { workspace } = await bench.bus.call(LifeService.method.duplicateWorkspace, copied, bench.as(ada));
    const copy = workspace?.id ?? '';
    await bench.bus.call(publishVersion, { workspaceId: copy }, bench.as(ada));
    expect((await exported(copy, 'zip')).equals(await exported(workspaceId, 'zip'))).toBe(true);
    const app = await bench.bus.call(AppsService.method.publishApp, { workspaceId: copy, number: '1.0.0' }, bench.as(ada));
    expect(app.version?.number).toBe('1.0.0');
  });

  it('come and go byte for byte, one by one, as far as their caller may', async () => {
    const { admitAsset, applyDraft, openDraftFile, stageAsset } = DraftsService.method;
    const id = await imported('one-by-one', WHOLE);
    const bytes = Buffer.concat([PICTURE, randomBytes(600_000)]);
    expect((await bench.bus.call(admitAsset, { workspaceId: id }, bench.as(ada))).most).toBe(5 * 1_048_576);
    const send = async (content: Uint8Array, who = ada) =>
      bench.bus.call(stageAsset, { workspaceId: id, ref: (await staged.put(content)).ref }, bench.as(who));
    const { digest, size } = await send(bytes);
    expect([digest, size]).toEqual([createHash('sha256').update(bytes).digest('hex'), bytes.length]);
    await bench.bus.call(applyDraft, { workspaceId: id, known: { 'assets/new.bin': digest }, ifMatch: '*' }, bench.as(ada));
    const open = async (path: string) => {
      const pieces = await Array.fromAsync(bench.bus.stream(openDraftFile, { workspaceId: id, path }, bench.as(ada)));
      return { digest: pieces[0]?.digest, bytes: Buffer.concat(pieces.map((piece) => piece.bytes)) };
    };
    const opened = await open('assets/new.bin');
    expect([opened.digest, opened.bytes.equals(bytes)]).toEqual([digest, true]);
    await bench.bus.call(applyDraft, { workspaceId: id, files: { 'roles.yaml': '{}\n' }, ifMatch: '*' }, bench.as(ada));
    expect((await open('roles.yaml')).bytes.toString('utf8')).toBe('{}\n');
    await expect(open('assets/none')).rejects.toMatchObject({ code: 'workspaces.draft_file_not_found' });
    await expect(send(new Uint8Array(5 * 1_048_576 + 1))).rejects.toMatchObject({ code: 'workspaces.asset_too_large' });
    await expect(send(bytes, person('bob'))).rejects.toMatchObject({ code: 'workspaces.not_found' });
    expect(await bench.platform.blobs.list('uploads/', 10)).toEqual([]);
  });

  it('may have five mebibytes each', async () => {
    const large = randomBytes(5 * 1_048_576 + 1);
    const fits = { ...WHOLE, 'assets/fits.bin': large.subarray(1) };
    expect(await imported('fits', fits)).toMatch(/^ws_/);
    await expect(imported('too-large', { ...WHOLE, 'assets/large.bin': large })).rejects.toMatchObject({
      code: 'workspaces.archive_refused',
      errors: [{ pointer: '/files/assets~1large.bin', code: 'too_large' }],
    });
  });
});
