import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { StagedBlobs } from '@millrace/blobs';
import { ExchangeService, VersionsService, WorkspacesService } from '@millrace/contracts';
import { person, serviceBench, type ServiceBench } from '@millrace/testing';
import { pack } from 'tar-stream';
import { ZipFile } from 'yazl';
import { workspacesService } from './index';

const { importWorkspace, admitImport } = ExchangeService.method;
const { publishVersion, listAutomations, createWorkspace } = WorkspacesService.method;

type Entries = readonly (readonly [path: string, text: string])[];

async function whole(stream: AsyncIterable<unknown>): Promise<Buffer> {
  return Buffer.concat((await Array.fromAsync(stream)) as Uint8Array[]);
}

function zipped(entries: Entries, mode = 0o100644): Promise<Buffer> {
  const zip = new ZipFile();
  for (const [path, text] of entries) zip.addBuffer(Buffer.from(text), path, { mode });
  zip.end();
  return whole(zip.outputStream as AsyncIterable<unknown>);
}

async function tarred(entries: Entries, header: object = {}): Promise<Buffer> {
  const tar = pack();
  for (const [name, text] of entries) tar.entry({ name, ...header }, text);
  tar.finalize();
  return gzipSync(await whole(tar));
}

const GREET = 'when: { endpoint: greet }\ndo: []\noutput: hi\n';
const OURS: Entries = [
  ['workspace.yaml', 'name: Hotel\nlanguage: 1\n'],
  ['automations/greet.yaml', GREET],
  ['automations/deep/er.yaml', 'do: []\n'],
];

describe('workspaces as archives', () => {
  let bench: ServiceBench;
  let staged: StagedBlobs;
  const ada = person('ada');
  const bob = person('bob');

  beforeAll(async () => {
    bench = await serviceBench(workspacesService());
    const [service] = bench.services;
    if (service === undefined) throw new Error('The bench has no service.');
    staged = new StagedBlobs(bench.platform.blobs, service.parts.clock, service.parts.ids);
  });

  afterAll(async () => {
    await bench[Symbol.asyncDispose]();
  });

  const take = async (archive: Uint8Array, fields: object = {}, who = ada) => {
    const { ref } = await staged.put(archive);
    return bench.bus.call(importWorkspace, { ref, ...fields }, bench.as(who));
  };

  const exported = async (workspaceId: string, format: string): Promise<Buffer> => {
    const { version } = await bench.bus.call(publishVersion, { workspaceId }, bench.as(ada));
    const request = { workspaceId, version: version?.id ?? '', format };
    const pieces = await Array.fromAsync(bench.bus.stream(VersionsService.method.exportVersion, request, bench.as(ada)));
    return Buffer.concat(pieces.map(({ bytes }) => bytes));
  };

  const faultsOf = async (archive: Promise<Uint8Array> | Uint8Array): Promise<unknown> => {
    const refused = await take(await archive, { name: 'Refused' }).then(
      () => undefined,
      (error: unknown) => error as { code: string; errors: readonly { pointer: string; code: string }[] },
    );
    expect(refused).toMatchObject({ code: 'workspaces.archive_refused', refusal: 'invalid' });
    return refused?.errors.map(({ pointer, code }) => `${pointer} ${code}`);
  };

  it.each(['zip', 'tar.gz'])('are the same bytes after an export, an import and an export, as %s', async (format) => {
    const first = await take(format === 'zip' ? await zipped(OURS) : await tarred(OURS), { slug: `round-${format.slice(0, 3)}` });
    expect(first).toMatchObject({ applied: true, unchanged: 0, workspace: { name: 'Hotel' } });
    expect(first.created).toEqual(['automations/deep/er.yaml', 'automations/greet.yaml', 'workspace.yaml']);
    expect(first.report.every(({ outcome }) => outcome === 'same')).toBe(true);
    const archive = await exported(first.workspace?.id ?? '', format);
    const second = await take(archive, { slug: `again-${format.slice(0, 3)}`, name: 'Again' });
    expect((await exported(second.workspace?.id ?? '', format)).equals(archive)).toBe(true);
  });

  it('are called as their document says in its first language, unless they are given a name', async () => {
    const nameOf = async (text: string, fields: object = {}) =>
      (await take(await zipped([['workspace.yaml', text]]), fields)).workspace?.name;
    expect(await nameOf('name: { fr: Hotel des Alpes, en: Alps Hotel }\n')).toBe('Hotel des Alpes');
    expect(await nameOf('name: Hotel of the sea\n', { name: 'Hotel of the hills' })).toBe('Hotel of the hills');
    for (const text of ['name:\n', 'name: 7\n', 'name: ""\n', '- name\n']) {
      await expect(nameOf(text)).rejects.toMatchObject({ code: 'workspaces.name_missing' });
    }
  });

  it('are refused when their document calls them by more than a name is, unless they are given one', async () => {
    const archive = await zipped([['workspace.yaml', `name: ${'Hotel '.repeat(20)}\n`]]);
    await expect(take(archive, { slug: 'long-name' })).rejects.toMatchObject({
      code: 'workspaces.name_too_long',
      errors: [expect.objectContaining({ pointer: '/name' })],
    });
    expect(await take(archive, { slug: 'long-name', name: 'Hotel' })).toMatchObject({ workspace: { name: 'Hotel' } });
  });

  it('are refused when they are only tried, too, where their slug is taken or none can be made', async () => {
    const archive = await zipped(OURS);
    await take(archive, { slug: 'taken-by-one' });
    await expect(take(archive, { slug: 'taken-by-one', dryRun: true })).rejects.toMatchObject({ code: 'workspaces.slug_taken' });
    await expect(take(archive, { name: '?', dryRun: true })).rejects.toMatchObject({ code: 'workspaces.slug_missing' });
  });

  it('are refused when a text is larger than a file of a workspace may be', async () => {
    const large = await zipped([['docs/large.md', Array.from({ length: 40_000 }, (_, index) => `${index * 7919}`).join(' ')]]);
    await expect(take(large, { name: 'Large one' })).rejects.toMatchObject({
      code: 'workspaces.file_too_large',
      message: expect.stringContaining('large.md is larger than 262144 bytes'),
    });
  });

  it('are imported into a workspace there is: what is not among the files stays, unless it shall go', async () => {
    const { workspace } = await take(await zipped(OURS), { slug: 'into' });
    const workspaceId = workspace?.id ?? '';
    const other = await zipped([['automations/other.yaml', 'do: []\n']]);
    expect(await take(other, { workspaceId, dryRun: true })).toMatchObject({ applied: false, created: ['automations/other.yaml'] });
    const slugs = async () => (await bench.bus.call(listAutomations, { workspaceId }, bench.as(ada))).items.map(({ slug }) => slug);
    expect(await slugs()).toEqual(['deep/er', 'greet']);
    await take(other, { workspaceId });
    expect(await slugs()).toEqual(['deep/er', 'greet', 'other']);
    expect((await take(other, { workspaceId, prune: true })).removed).toHaveLength(3);
    expect(await slugs()).toEqual(['other']);
  });

  it('come from the seed system translated, with a report, and are published', async () => {
    const seed: Entries = [
      ['seed-main/index.yml', 'name: Seed\nslug: seed\n'],
      ['seed-main/.import.yml', 'x: 1\n'],
      [
        'seed-main/automations/hello.yml',
        'slug: hello\nname: Hello\nwhen: { endpoint: true }\ndo:\n  - set: { name: a, value: 1 }\noutput: "{{a}}"\n',
      ],
      ['seed-main/pages/home.yml', 'blocks: []\n'],
    ];
    const { workspace, report, created } = await take(await zipped(seed), { slug: 'seed-1' });
    expect(created).toEqual(['automations/hello.yaml', 'pages/home.yml', 'workspace.yaml']);
    expect(report.map(({ file, outcome }) => `${file} ${outcome}`)).toEqual([
      'index.yml translated',
      '.import.yml kept, unused',
      'automations/hello.yml translated',
      'pages/home.yml kept, unused',
    ]);
    const { version } = await bench.bus.call(publishVersion, { workspaceId: workspace?.id ?? '' }, bench.as(ada));
    expect(version?.number).toBe(1);
  });

  it('are refused whole when a path leads elsewhere, twice or nowhere, each file named', async () => {
    expect(
      await faultsOf(
        tarred([
          ['../evil', 'x'],
          ['/etc/passwd', 'x'],
          ['a/./b', 'x'],
          ['a\\b', 'x'],
          ['fine', 'x'],
          ['__proto__', 'x'],
        ]),
      ),
    ).toEqual(['/files/..~1evil path', '/files/~1etc~1passwd path', '/files/a~1.~1b path', '/files/a\\b path', '/files/__proto__ path']);
    expect(
      await faultsOf(
        zipped([
          ['a.yaml', 'x'],
          ['a.yaml', 'y'],
          ['A.yaml', 'z'],
        ]),
      ),
    ).toEqual(['/files/a.yaml duplicate', '/files/A.yaml collision']);
    expect(
      await faultsOf(
        zipped([
          ['a', 'x'],
          ['a/b', 'y'],
        ]),
      ),
    ).toEqual(['/files/a~1b collision']);
  });

  it('are refused whole when something in them is no plain text', async () => {
    expect(await faultsOf(zipped([['link', '/etc/passwd']], 0o120777))).toEqual(['/files/link link']);
    expect(await faultsOf(tarred([['link', '']], { type: 'symlink', linkname: '/etc/passwd' }))).toEqual(['/files/link link']);
    const nested = await zipped([['inner', 'x']]);
    const zip = new ZipFile();
    zip.addBuffer(Buffer.concat([nested, Buffer.from([0xff, 0xfe])]), 'inner.zip');
    zip.end();
    expect(await faultsOf(whole(zip.outputStream as AsyncIterable<unknown>))).toEqual(['/files/inner.zip not_text']);
  });

  it('are refused when they are too many or too much, without being unpacked to the end', async () => {
    const many = Array.from({ length: 6_000 }, (_, index) => [`f/${index}`, ''] as const);
    expect(await faultsOf(zipped(many))).toEqual([' too_many']);
    expect(await faultsOf(zipped([['bomb', 'a'.repeat(20_000_000)]]))).toEqual([' ratio']);
    expect(await faultsOf(tarred([['bomb', 'a'.repeat(20_000_000)]]))).toEqual([' ratio']);
  });

  it('are refused when they are no archives, or cut off', async () => {
    expect(await faultsOf(Buffer.from('hello'))).toEqual([' unknown']);
    const zip = await zipped(OURS);
    expect(await faultsOf(zip.subarray(0, zip.length - 30))).toEqual([' unreadable']);
    const tar = await tarred(OURS);
    expect(await faultsOf(tar.subarray(0, tar.length - 30))).toEqual([' unreadable']);
  });

  it('make no workspace when they are refused, nor when it is tried only', async () => {
    const archive = await zipped(OURS);
    expect(await take(archive, { slug: 'tried', dryRun: true })).toMatchObject({ applied: false, unchanged: 0 });
    await expect(
      take(await zipped([['automations/a b.yaml', 'do: []\n']]), { name: 'T', slug: 'tried', dryRun: true }),
    ).rejects.toMatchObject({
      code: 'workspaces.paths_refused',
    });
    await expect(take(await zipped([['a.txt', 'x']]))).rejects.toMatchObject({ code: 'workspaces.name_missing' });
    await bench.bus.call(createWorkspace, { name: 'T', slug: 'tried' }, bench.as(ada));
  });

  it('leave no bytes behind, and are taken from nobody who may not', async () => {
    const { workspace } = await take(await zipped(OURS), { slug: 'closed' });
    const workspaceId = workspace?.id ?? '';
    await expect(take(await zipped(OURS), { workspaceId }, bob)).rejects.toMatchObject({ code: 'workspaces.not_found' });
    await expect(bench.bus.call(admitImport, { workspaceId }, bench.as(bob))).rejects.toMatchObject({ code: 'workspaces.not_found' });
    expect(await bench.platform.blobs.list('uploads/', 10)).toEqual([]);
    expect(await bench.platform.blobs.list('staged/', 10)).toEqual([]);
  });
});
