import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ApiProblem, MillraceClient } from '@millrace/client';
import { DraftsService, QuotasService, WorkspacesService } from '@millrace/contracts';
import type { Json, JsonMap } from '@millrace/kernel';
import { signedIn, startStandaloneProcess, temporaryFolder, type StandaloneProcess } from '@millrace/testing';

const PASSWORD = 'a-password-for-tests';
const { applyDraft, discardDraft, getDraft, stageTexts } = DraftsService.method;
const { createWorkspace, getAutomation, getWorkspace, publishVersion, putAutomation, updateAutomation } = WorkspacesService.method;

const doc = (value: string): string => `# as it was written\ndo: []\noutput: '${value}'\n`;
const filesOf = (count: number, value: string): Record<string, string> =>
  Object.fromEntries(Array.from({ length: count }, (_, n) => [`automations/a${n}.yaml`, doc(`${value} ${n}`)]));
const textOf = (value: Json | undefined): string => (typeof value === 'string' ? value : '');
const pathsIn = (value: Json | undefined): readonly Json[] => (value as readonly JsonMap[]).map(({ path = '' }) => path);

describe('the files of a workspace', () => {
  const folder = temporaryFolder();
  let millrace: StandaloneProcess;
  let ada: MillraceClient;

  beforeAll(async () => {
    millrace = await startStandaloneProcess({ folder: folder.path, password: PASSWORD });
    ada = await signedIn(millrace.url, 'ada', PASSWORD);
  });

  afterAll(async () => {
    await millrace.stop();
    folder[Symbol.dispose]();
  });

  const create = async (name: string): Promise<string> => textOf((await ada.call(createWorkspace, { name }))['id']);
  const digestOf = async (workspaceId: string): Promise<string> => textOf((await ada.call(getDraft, { workspaceId }))['digest']);
  const problemOf = async (call: Promise<unknown>): Promise<ApiProblem> =>
    call.then(
      () => Promise.reject(new Error('It was not refused.')),
      (problem: unknown) => problem as ApiProblem,
    );

  it('are planned, applied, published and put back', async () => {
    const workspaceId = await create('Planned');
    const files = filesOf(3, 'one');
    const plan = await ada.call(applyDraft, { workspaceId, files, dryRun: true });
    expect(plan).toMatchObject({ changes: Object.keys(files).map((path) => ({ path, change: 'created' })) });
    const refused = await problemOf(ada.call(applyDraft, { workspaceId, files }));
    expect([refused.status, refused.code]).toEqual([428, 'workspaces.precondition_required']);
    const ifMatch = textOf(plan['digest']);
    const applied = await ada.call(applyDraft, { workspaceId, ifMatch, files, origin: { commit: 'c0ffee' } });
    expect(applied).toMatchObject({
      applied: true,
      digest: plan['plannedDigest'],
      base: { origin: { commit: 'c0ffee' }, appliedBy: expect.stringMatching(/^usr_/) },
    });
    expect(await ada.call(publishVersion, { workspaceId })).toMatchObject({ digest: applied['digest'] });
    const before = await digestOf(workspaceId);
    expect(await ada.call(getWorkspace, { workspaceId })).toMatchObject({ draftDigest: before, activeVersion: { digest: before } });
    const { items } = await ada.call(QuotasService.method.getQuotas, { workspaceId });
    expect(items).toContainEqual({ name: 'draft-files', most: '5000', used: '3', source: 'platform' });
    expect(items).toContainEqual({ name: 'versions', most: '200', used: '1', source: 'platform' });
    await ada.call(updateAutomation, { workspaceId, slug: 'a0', newSlug: 'b/c', name: 'B', ifMatch: '"1"' });
    expect((await ada.call(getAutomation, { workspaceId, slug: 'b/c' }))['source']).toBe(
      `# as it was written\nname: B\n${doc('one 0').slice(20)}`,
    );
    await ada.call(discardDraft, { workspaceId, ifMatch: await digestOf(workspaceId) });
    expect(await digestOf(workspaceId)).toBe(before);
  });

  it('are refused to who saw others: with both sides, with who and when', async () => {
    const workspaceId = await create('Seen');
    const { digest } = await ada.call(applyDraft, { workspaceId, ifMatch: '*', files: filesOf(3, 'one') });
    const source = doc('theirs');
    await ada.call(putAutomation, { workspaceId, slug: 'a1', source, ifMatch: '"1"' });
    const second = await problemOf(ada.call(putAutomation, { workspaceId, slug: 'a1', source: doc('mine'), ifMatch: '"1"' }));
    expect([second.status, second.code]).toEqual([412, 'workspaces.precondition_failed']);
    expect(second.body['facts']).toMatchObject({ etag: '2', updatedBy: expect.stringMatching(/^usr_/) });
    const late = await problemOf(ada.call(applyDraft, { workspaceId, ifMatch: textOf(digest), files: filesOf(2, 'mine') }));
    expect([late.status, late.code]).toEqual([409, 'workspaces.draft_moved']);
    expect(late.body['facts']).toMatchObject({ conflicts: ['automations/a1.yaml'], drift: ['automations/a1.yaml'] });
    expect(late.body['errors']).toMatchObject([{ pointer: '/files/automations~1a1.yaml', detail: expect.stringContaining(' by usr_') }]);
  });

  it('may be five thousand, of which the door sees only what is new', async () => {
    const workspaceId = await create('Many');
    const texts = Array.from({ length: 400 }, (_, n) => `${n} ${'x'.repeat(2_000)}`);
    const { digests } = await ada.call(stageTexts, { workspaceId, texts });
    const known = Object.fromEntries(Array.from({ length: 5_000 }, (_, n) => [`assets/file-${n}.txt`, (digests as Json[])[n % 400] ?? '']));
    const applied = await ada.call(applyDraft, { workspaceId, ifMatch: '*', known, prune: true });
    expect(applied['changes']).toHaveLength(5_000);
    const one = { ...known, 'assets/one-more.txt': (digests as Json[])[0] ?? '' };
    const refused = await problemOf(ada.call(applyDraft, { workspaceId, ifMatch: '*', known: one }));
    expect(refused.status).toBe(400);
    const next = await ada.call(applyDraft, {
      workspaceId,
      ifMatch: textOf(applied['digest']),
      known: { 'assets/file-0.txt': (digests as Json[])[1] ?? '' },
    });
    expect(pathsIn(next['changes']).slice(0, 1)).toEqual(['assets/file-0.txt']);
  });

  it.each([0, 1, 3, 6, 12])('are all there or none, when the process dies %i reads after an apply began', async (reads) => {
    const workspaceId = await create(`Killed ${reads}`);
    const files = filesOf(200, 'first');
    const { digest: before } = await ada.call(applyDraft, { workspaceId, ifMatch: '*', files });
    const next = { ...filesOf(300, 'second'), 'notes.md': 'n' };
    const { plannedDigest: after } = await ada.call(applyDraft, { workspaceId, files: next, prune: true, dryRun: true });
    const applying = ada.call(applyDraft, { workspaceId, ifMatch: textOf(before), files: next, prune: true }).catch(() => undefined);
    for (let read = 0; read < reads; read++) await digestOf(workspaceId);
    await millrace.kill();
    const answered = await applying;
    millrace = await startStandaloneProcess({ folder: folder.path, password: PASSWORD, ports: millrace.ports });
    ada = await signedIn(millrace.url, 'ada', PASSWORD);
    const found = await digestOf(workspaceId);
    expect(answered === undefined ? [before, after] : [after]).toContain(found);
    expect(await ada.call(publishVersion, { workspaceId })).toMatchObject({ digest: found });
  });
});
