import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { MillraceClient } from '@millrace/client';
import { LifeService, VersionsService, WorkspacesService } from '@millrace/contracts';
import type { JsonMap } from '@millrace/kernel';
import { millraceUnderTest, type MillraceUnderTest } from '@millrace/testing';
import { pack } from 'tar-stream';

type Entries = Readonly<Record<string, string>>;

/** A workspace of ours in the layout of the seed system. */
const SEED: Entries = {
  'hotel/index.yml': 'name: Hotel du Lac\nslug: hotel-du-lac\nevents:\n  types:\n    room booked: { schema: { type: object } }\n',
  'hotel/__index__.yml': 'name: hotel\n',
  'hotel/.import.yml': 'lastCommit: none\n',
  'hotel/security.yml': 'authorizations:\n  roles:\n    editor: {}\n  rules:\n    - { action: read, subject: files }\n',
  'hotel/automations/book.yml': [
    '# Takes a booking.',
    'slug: book',
    'name: Book a room',
    'when:',
    '  endpoint: true',
    'do:',
    '  - set: { name: nights, value: "{{body.nights}}" }',
    '  - conditions:',
    "      '{{nights}} > 2':",
    '        - set: { name: price, value: "{% {{nights}} * 80 %}" }',
    '      default:',
    '        - set: { name: price, value: "{% {{nights}} * 100 %}" }',
    '  - emit: { event: room_booked, payload: { nights: "{{nights}}" } }',
    'output: { price: "{{price}}" }',
    '',
  ].join('\n'),
  'hotel/automations/__index__.yml': 'book: {}\n',
  'hotel/pages/home.yml': 'blocks: []\n',
};

/** No text in any encoding. */
const PICTURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 0xff, 0xfe, 0xc3, 0x28]);

async function archived(entries: Readonly<Record<string, string | Buffer>>): Promise<Uint8Array<ArrayBuffer>> {
  const tar = pack();
  for (const [name, content] of Object.entries(entries)) tar.entry({ name }, content);
  tar.finalize();
  return new Uint8Array(gzipSync(Buffer.concat(await Array.fromAsync(tar as AsyncIterable<Uint8Array>))));
}

describe('workspaces as archives, through the public door', () => {
  let millrace: MillraceUnderTest;
  let ada: MillraceClient;

  beforeAll(async () => {
    millrace = await millraceUnderTest();
    ada = await millrace.as('ada');
  });

  afterAll(async () => {
    await millrace.stop();
  });

  const take = async (path: string, archive: Uint8Array<ArrayBuffer>, client = ada): Promise<{ status: number; body: JsonMap }> => {
    const response = await client.fetch(path, { method: 'POST', headers: { 'content-type': 'application/gzip' }, body: archive });
    return { status: response.status, body: (await response.json()) as JsonMap };
  };

  const book = async (workspace: string, nights: number): Promise<unknown> => {
    const nobody = new MillraceClient({ url: millrace.url });
    const headers = { 'content-type': 'application/json' };
    const response = await nobody.fetch(`/e/${workspace}/book`, { method: 'POST', headers, body: JSON.stringify({ nights }) });
    return response.json();
  };

  it('takes one of the seed system, tells what became of each file, and it runs once published', async () => {
    const { status, body } = await take('/v1/workspaces:import', await archived({ ...SEED, 'hotel/assets/logo.png': PICTURE }));
    expect([status, body['applied'], (body['workspace'] as JsonMap)['slug']]).toEqual([201, true, 'hotel-du-lac']);
    const outcomes = (body['report'] as unknown as readonly { readonly file: string; readonly outcome: string }[]).map(
      ({ file, outcome }) => `${file} ${outcome}`,
    );
    expect(outcomes.sort()).toEqual([
      '.import.yml kept, unused',
      '__index__.yml kept, unused',
      'assets/logo.png same',
      'automations/__index__.yml kept, unused',
      'automations/book.yml translated',
      'index.yml translated',
      'pages/home.yml kept, unused',
      'security.yml translated',
    ]);
    await ada.call(WorkspacesService.method.publishVersion, { workspaceId: 'hotel-du-lac' });
    expect(await book('hotel-du-lac', 3)).toEqual({ price: 240 });
    expect(await book('hotel-du-lac', 1)).toEqual({ price: 100 });
  });

  it('gives the same bytes after an export, an import and an export', async () => {
    const download = async (workspace: string): Promise<Buffer> => {
      const response = await ada.fetch(`/v1/workspaces/${workspace}/versions/1:export?format=tar.gz`);
      expect([response.status, response.headers.get('content-type')]).toEqual([200, 'application/gzip']);
      expect(response.headers.get('content-disposition')).toContain(`${workspace}-1.tar.gz`);
      return Buffer.from(await response.arrayBuffer());
    };
    const first = await download('hotel-du-lac');
    expect([gunzipSync(first).includes('automations/book.yaml'), gunzipSync(first).includes(PICTURE)]).toEqual([true, true]);
    const { status } = await take('/v1/workspaces:import?name=Twin&slug=twin', new Uint8Array(first));
    expect(status).toBe(201);
    await ada.call(WorkspacesService.method.publishVersion, { workspaceId: 'twin' });
    expect((await download('twin')).equals(first)).toBe(true);
  });

  it('rolls back to an earlier version, which runs at once', async () => {
    const dearer = (SEED['hotel/automations/book.yml'] ?? '').replace('* 80', '* 90');
    const { body } = await take('/v1/workspaces/hotel-du-lac:import', await archived({ ...SEED, 'hotel/automations/book.yml': dearer }));
    expect(body).toMatchObject({ changed: ['automations/book.yaml'], created: [], removed: [] });
    await ada.call(WorkspacesService.method.publishVersion, { workspaceId: 'hotel-du-lac' });
    const { activateVersion, diffVersions } = VersionsService.method;
    const diff = await ada.call(diffVersions, { workspaceId: 'hotel-du-lac', version: '1', with: '2' });
    expect(JSON.stringify(diff)).toContain('{{nights}} * 90');
    const priceOf = async (price: number): Promise<void> => {
      let said: unknown;
      for (let tries = 0; tries < 100; tries += 1) {
        said = await book('hotel-du-lac', 3);
        if ((said as JsonMap)['price'] === price) return;
      }
      expect(said).toEqual({ price });
    };
    await priceOf(270);
    await ada.call(activateVersion, { workspaceId: 'hotel-du-lac', version: '1' });
    await priceOf(240);
  });

  it('makes a workspace stand still, and go on', async () => {
    const { suspendWorkspace } = LifeService.method;
    const status = async (): Promise<number> => {
      const headers = { 'content-type': 'application/json' };
      const nobody = new MillraceClient({ url: millrace.url });
      return (await nobody.fetch('/e/twin/book', { method: 'POST', headers, body: '{"nights":1}' })).status;
    };
    const until = async (wanted: number): Promise<void> => {
      let said = 0;
      for (let tries = 0; tries < 100 && said !== wanted; tries += 1) said = await status();
      expect(said).toBe(wanted);
    };
    await until(200);
    await ada.call(suspendWorkspace, { workspaceId: 'twin', suspended: true, freezes: ['endpoints'], reason: 'Closed for winter.' });
    await until(409);
    await ada.call(suspendWorkspace, { workspaceId: 'twin', suspended: false });
    await until(200);
  });

  it('refuses an archive whole, each file named, and to who may not', async () => {
    const bad = await archived({ 'automations/ok.yaml': 'do: []\n', '../../etc/passwd': 'x' });
    const { status, body } = await take('/v1/workspaces/hotel-du-lac:import', bad);
    expect([status, body['code']]).toEqual([422, 'workspaces.archive_refused']);
    expect(body['errors']).toMatchObject([{ pointer: '/files/..~1..~1etc~1passwd', code: 'path' }]);
    const nobody = await take('/v1/workspaces/hotel-du-lac:import', bad, new MillraceClient({ url: millrace.url }));
    expect(nobody.status).toBe(401);
    const bob = await millrace.as('bob');
    // The archive let everybody read its files, and so know of it.
    expect((await take('/v1/workspaces/hotel-du-lac:import', bad, bob)).status).toBe(403);
    expect((await take('/v1/workspaces/twin:import', bad, bob)).status).toBe(403);
    const response = await bob.fetch('/v1/workspaces/hotel-du-lac/versions/1:export');
    expect(response.status).toBe(403);
    expect((await ada.fetch('/v1/workspaces/hotel-du-lac/versions/1:export?format=rar')).status).toBe(400);
    expect((await ada.fetch('/v1/workspaces/hotel-du-lac/versions/9:export')).status).toBe(404);
  });
});
