import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { MillraceClient } from '@millrace/client';
import { DraftsService, WorkspacesService } from '@millrace/contracts';
import type { JsonMap } from '@millrace/kernel';
import { signedIn, startStandaloneProcess, temporaryFolder, type StandaloneProcess } from '@millrace/testing';
import { pack } from 'tar-stream';

const PASSWORD = 'a-password-for-tests';
const TEXTS = 1_500;
const DEADLINE = 180_000;
const FILES = Object.fromEntries([
  ...Array.from({ length: TEXTS }, (_, index) => [`docs/${index}.md`, `Page ${index}\n`] as const),
  ['automations/greet.yaml', 'do: []\noutput: hi\n'],
  ['workspace.yaml', 'name: Imported\n'],
]);
const { createWorkspace, getWorkspace, listWorkspaces } = WorkspacesService.method;

async function archived(): Promise<Uint8Array<ArrayBuffer>> {
  const tar = pack();
  for (const [name, text] of Object.entries(FILES)) tar.entry({ name }, text);
  tar.finalize();
  return new Uint8Array(gzipSync(Buffer.concat(await Array.fromAsync(tar as AsyncIterable<Uint8Array>))));
}

describe('an import whose process is killed', () => {
  const folder = temporaryFolder();
  let millrace: StandaloneProcess;
  let ada: MillraceClient;
  let bob: MillraceClient;
  let archive: Uint8Array<ArrayBuffer>;

  const start = async (): Promise<void> => {
    const ports = (millrace as StandaloneProcess | undefined)?.ports;
    // What is not filled within a minute goes with the next sweep, a second later.
    const environment = { MILLRACE_DELETED_SECONDS: '1' };
    millrace = await startStandaloneProcess({ folder: folder.path, password: PASSWORD, environment, ...(ports && { ports }) });
    [ada, bob] = [await signedIn(millrace.url, 'ada', PASSWORD), await signedIn(millrace.url, 'bob', PASSWORD)];
  };

  beforeAll(async () => {
    archive = await archived();
    await start();
  });

  afterAll(async () => {
    await millrace.stop();
    folder[Symbol.dispose]();
  });

  const until = async <T>(look: () => Promise<T | undefined> | T | undefined): Promise<T> => {
    for (const end = Date.now() + DEADLINE; Date.now() < end; await fetch(`${millrace.url}/healthz`)) {
      const found = await look();
      if (found !== undefined && found !== false) return found;
    }
    throw new Error('It did not come to that.');
  };

  const take = (path: string, prefer: Record<string, string> = {}): Promise<Response> =>
    ada.fetch(path, { method: 'POST', headers: { 'content-type': 'application/gzip', ...prefer }, body: archive });

  /** The workspaces that texts are kept for. */
  const kept = (): readonly string[] => {
    const texts = join(folder.path, 'blobs', 'kept', 'workspaces');
    return existsSync(texts) ? readdirSync(texts).filter((id) => readdirSync(join(texts, id), { recursive: true }).length > 1) : [];
  };

  const paths = async (workspaceId: string): Promise<readonly string[]> => {
    const draft = await ada.call(DraftsService.method.getDraft, { workspaceId });
    return (draft['files'] as unknown as readonly { readonly path: string }[]).map(({ path }) => path).sort();
  };

  /** The job when it has ended, and where it led. */
  const ended = (place: string): Promise<{ readonly job: JsonMap; readonly status: number; readonly location: string | null }> =>
    until(async () => {
      const answer = await ada.fetch(place, { redirect: 'manual' });
      const job = (await answer.json()) as JsonMap;
      return job['state'] === 'running' ? undefined : { job, status: answer.status, location: answer.headers.get('location') };
    });

  it('leaves no workspace, its slug free, and in the end nothing on the disk; or all of it, when it was done', async () => {
    const before = kept();
    const answer = take('/v1/workspaces:import?slug=cut-off').catch(() => undefined);
    await until(() => kept().length > before.length);
    await millrace.kill();
    const isAnswered = (await answer)?.status === 201;

    await start();
    const { items } = await ada.call(listWorkspaces, {});
    const isThere = JSON.stringify(items).includes('cut-off');
    if (isAnswered) expect(isThere).toBe(true);
    if (isThere) {
      expect(await paths('cut-off')).toEqual(Object.keys(FILES).sort());
      return;
    }
    await expect(ada.call(getWorkspace, { workspaceId: 'cut-off' })).rejects.toMatchObject({ status: 404 });
    await ada.call(createWorkspace, { name: 'Another', slug: 'cut-off' });
    await until(() => kept().length === before.length);
  }, 300_000);

  it.each([
    ['a new workspace', '/v1/workspaces:import?slug=gone-on-with', 'gone-on-with'],
    ['one there is', '/v1/workspaces/there:import', 'there'],
  ])(
    'as a job into %s is gone on with by the next',
    async (_what, path, slug) => {
      if (slug === 'there') await ada.call(createWorkspace, { name: 'There' });
      const before = kept();
      const answer = await take(path, { prefer: 'respond-async, wait=20' });
      const place = answer.headers.get('location') ?? '';
      expect([answer.status, answer.headers.get('preference-applied'), place]).toEqual([
        202,
        'respond-async',
        expect.stringMatching(/^\/v1\/jobs\/job_[0-9a-z]{26}$/),
      ]);
      expect(['running', 'done']).toContain(((await answer.json()) as JsonMap)['state']);
      await until(() => kept().length > before.length);
      await millrace.kill();

      await start();
      const { job, status, location } = await ended(place);
      expect(job).toMatchObject({ state: 'done', result: { applied: true }, progress: { done: TEXTS + 2, total: TEXTS + 2 } });
      const { id } = await ada.call(getWorkspace, { workspaceId: slug });
      expect([status, location]).toEqual([303, `/v1/workspaces/${id as string}`]);
      expect(await paths(slug)).toEqual(Object.keys(FILES).sort());
      expect((await bob.fetch(place)).status).toBe(404);
    },
    300_000,
  );

  it('is answered as a call when its caller is held long enough, and says so', async () => {
    const answer = await take('/v1/workspaces:import?slug=held', { prefer: 'wait=30' });
    expect([answer.status, answer.headers.get('preference-applied')]).toEqual([201, 'wait=30']);
    const refused = await ada.fetch('/v1/workspaces:import', { method: 'POST', headers: { prefer: 'respond-async' }, body: 'no archive' });
    const { job, status } = await ended(refused.headers.get('location') ?? '');
    expect([status, job['state'], job['problem']]).toEqual([
      200,
      'failed',
      expect.objectContaining({ code: 'workspaces.archive_refused' }),
    ]);
  }, 120_000);
});
