import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DraftsService, SecretsService, WorkspacesService } from '@millrace/contracts';
import { person, serviceBench, type ServiceBench } from '@millrace/testing';
import { workspacesService } from '../../../index';

const { method } = DraftsService;
const { method: workspaces } = WorkspacesService;
const A = 'automations/a.yaml';
const B = 'automations/b.yaml';
const C = 'automations/c.yaml';
const doc = (output: string): string => `# kept\nwhen: { events: [asked] }\ndo: []\noutput: ${output}\n`;

describe('the draft of a workspace', () => {
  let bench: ServiceBench;
  let made = 0;
  const ada = person('ada');

  beforeAll(async () => {
    bench = await serviceBench(workspacesService());
  });

  afterAll(async () => {
    await bench[Symbol.asyncDispose]();
  });

  const create = async (): Promise<string> => {
    made += 1;
    const { workspace } = await bench.bus.call(workspaces.createWorkspace, { name: `Draft ${made}` }, bench.as(ada));
    return workspace?.id ?? '';
  };
  const draftOf = async (workspaceId: string) => (await bench.bus.call(method.getDraft, { workspaceId }, bench.as(ada))).draft;
  const apply = (workspaceId: string, asked: object) =>
    bench.bus.call(method.applyDraft, { workspaceId, ifMatch: '*', ...asked }, bench.as(ada));
  const put = (workspaceId: string, slug: string, text: string) =>
    bench.bus.call(workspaces.putAutomation, { workspaceId, slug, source: new TextEncoder().encode(text), ifMatch: '*' }, bench.as(ada));
  const events = async (workspaceId: string) => {
    for (const { parts } of bench.services) await parts.outbox?.drain();
    return Array.fromAsync(bench.platform.eventLog.read('first', `${workspaceId}.>`, { live: false }));
  };

  it('takes many files at once and tells of each, and has the digest that the version of them gets', async () => {
    const workspaceId = await create();
    const applied = await apply(workspaceId, { files: { [A]: doc('1'), [B]: doc('2'), 'README.md': 'hi' }, origin: { commit: 'abc' } });
    expect(applied).toMatchObject({ applied: true, unchanged: 0, problems: [], base: { origin: { commit: 'abc' }, appliedBy: 'ada' } });
    expect(applied.changes.map(({ path, change }) => [path, change])).toEqual([
      ['README.md', 'created'],
      [A, 'created'],
      [B, 'created'],
    ]);
    const draft = await draftOf(workspaceId);
    expect(draft).toMatchObject({ digest: applied.digest, etag: applied.digest, drift: [], base: { digest: applied.digest } });
    expect(draft?.files.map(({ path, revision, updatedBy }) => [path, revision, updatedBy])).toEqual([
      ['README.md', 1, 'ada'],
      [A, 1, 'ada'],
      [B, 1, 'ada'],
    ]);
    const { version } = await bench.bus.call(workspaces.publishVersion, { workspaceId }, bench.as(ada));
    expect(version?.digest).toBe(applied.digest);
    const told = (await events(workspaceId)).map(({ type }) => type);
    expect(told.filter((type) => type.startsWith('workspaces.automations'))).toEqual([
      'workspaces.automations.created',
      'workspaces.automations.created',
    ]);
    expect(told.filter((type) => type === 'workspaces.drafts.changed')).toHaveLength(1);
  });

  it('is told apart from what runs by a digest, where the workspace is shown by itself', async () => {
    const workspaceId = await create();
    const shown = async () => (await bench.bus.call(workspaces.getWorkspace, { workspaceId }, bench.as(ada))).workspace;
    const applied = await apply(workspaceId, { files: { [A]: doc('1') } });
    expect(await shown()).toMatchObject({ draftDigest: applied.digest });
    await bench.bus.call(workspaces.publishVersion, { workspaceId }, bench.as(ada));
    expect(await shown()).toMatchObject({ draftDigest: applied.digest, activeVersion: { digest: applied.digest } });
    await put(workspaceId, 'a', doc('2'));
    const moved = await shown();
    expect(moved?.activeVersion?.digest).toBe(applied.digest);
    expect(moved?.draftDigest).toBe((await draftOf(workspaceId))?.digest);
    expect(moved?.draftDigest).not.toBe(applied.digest);
    const { workspace } = await bench.bus.call(workspaces.updateWorkspace, { workspaceId, name: 'Moved', ifMatch: '*' }, bench.as(ada));
    expect(workspace?.draftDigest).toBe(moved?.draftDigest);
    const { items } = await bench.bus.call(workspaces.listWorkspaces, {}, bench.as(ada));
    expect(new Set(items.map(({ draftDigest }) => draftDigest))).toEqual(new Set(['']));
  });

  it('says what an apply would do, and leaves everything as it is', async () => {
    const workspaceId = await create();
    const { digest } = await apply(workspaceId, { files: { [A]: doc('1'), [B]: doc('2'), [C]: doc('3') } });
    const asked = { files: { [A]: doc('{{secret.TOKEN}}'), [B]: doc('2'), 'automations/d.yaml': 'do: []\nouput: 1\n' } };
    const plan = await apply(workspaceId, { ...asked, prune: true, dryRun: true, ifMatch: '' });
    expect(plan).toMatchObject({ applied: false, digest, unchanged: 1, missingSecrets: ['TOKEN'] });
    expect(plan.changes.map(({ path, change }) => [path, change])).toEqual([
      [A, 'changed'],
      [C, 'removed'],
      ['automations/d.yaml', 'created'],
    ]);
    expect(plan.problems).toContainEqual(expect.objectContaining({ code: 'key-unknown', file: 'automations/d.yaml', line: 2, column: 1 }));
    const kept = await apply(workspaceId, { ...asked, dryRun: true, ifMatch: '' });
    expect(kept.changes).toContainEqual(expect.objectContaining({ path: C, change: 'extra' }));
    expect((await draftOf(workspaceId))?.digest).toBe(digest);
    await bench.bus.call(SecretsService.method.setSecret, { workspaceId, name: 'TOKEN', value: 'x' }, bench.as(ada));
    expect((await apply(workspaceId, { ...asked, dryRun: true })).missingSecrets).toEqual([]);
  });

  it('warns of roles in a file: they do not hold', async () => {
    const workspaceId = await create();
    const { applied, problems } = await apply(workspaceId, { files: { 'roles.yaml': 'guest: {}\n' } });
    expect([applied, problems.map(({ code, severity, file }) => [code, severity, file])]).toEqual([
      true,
      [['file-unheeded', 'warning', 'roles.yaml']],
    ]);
  });

  it('warns of documents under a name that is not read; automations are read under each', async () => {
    const workspaceId = await create();
    const names = ['apps.json', 'events/a.yml', 'tests/a.rules.yml', 'workspace.yml'];
    const files = Object.fromEntries([...names, 'automations/a.yml', 'tests/a.test.yml', 'events.yml'].map((name) => [name, 'do: []\n']));
    const { problems } = await apply(workspaceId, { files });
    expect(problems.map(({ code, severity, file }) => [code, severity, file])).toEqual(
      names.map((name) => ['file-unheeded', 'warning', name]),
    );
    expect(problems.map(({ message }) => message)).toContain(
      'It is kept and does nothing: only workspace.yaml is read. Give it that name.',
    );
    const { items } = await bench.bus.call(WorkspacesService.method.listAutomations, { workspaceId }, bench.as(ada));
    expect(items.map(({ slug }) => slug)).toEqual(['a']);
  });

  it('refuses documents with errors, and keeps them only for who asks for that; they are never published', async () => {
    const workspaceId = await create();
    const asked = { files: { [A]: doc('1'), [B]: 'do: []\nouput: 1\n' } };
    await expect(apply(workspaceId, asked)).rejects.toMatchObject({ code: 'workspaces.document_invalid' });
    expect((await draftOf(workspaceId))?.files).toEqual([]);
    const kept = await apply(workspaceId, { ...asked, prefer: 'handling=lenient' });
    expect([kept.applied, kept.problems.map(({ code }) => code)]).toEqual([true, ['key-unknown']]);
    await expect(bench.bus.call(workspaces.publishVersion, { workspaceId }, bench.as(ada))).rejects.toMatchObject({
      code: 'workspaces.document_invalid',
    });
  });

  it('tells what has changed since the last apply, and what both sides changed', async () => {
    const workspaceId = await create();
    const { digest: seen } = await apply(workspaceId, { files: { [A]: doc('1'), [B]: doc('2'), [C]: doc('3') } });
    await put(workspaceId, 'a', doc('theirs'));
    await put(workspaceId, 'b', doc('theirs'));
    const asked = { files: { [A]: doc('mine'), [C]: doc('mine') } };
    const plan = await apply(workspaceId, { ...asked, ifMatch: seen, dryRun: true });
    expect(plan.drift.map(({ path, change, updatedBy }) => [path, change, updatedBy])).toEqual([
      [A, 'changed', 'ada'],
      [B, 'changed', 'ada'],
    ]);
    expect(plan.conflicts.map(({ path }) => path)).toEqual([A]);
    await expect(apply(workspaceId, { ...asked, ifMatch: seen })).rejects.toMatchObject({
      code: 'workspaces.draft_moved',
      refusal: 'conflict',
      facts: { etag: plan.digest, conflicts: [A], drift: [A, B] },
      errors: [
        {
          pointer: '/files/automations~1a.yaml',
          detail: expect.stringMatching(/^automations\/a\.yaml was changed here by ada at 20.*you change it, too/),
        },
      ],
    });
    await expect(apply(workspaceId, { ...asked, ifMatch: '' })).rejects.toMatchObject({ code: 'workspaces.precondition_required' });
    expect(await draftOf(workspaceId)).toMatchObject({ digest: plan.digest, base: { digest: seen } });
  });

  it('is written by one of many who saw the same', async () => {
    const workspaceId = await create();
    const { digest: seen } = await apply(workspaceId, { files: { [A]: doc('0') } });
    const outcomes = await Promise.allSettled(
      Array.from({ length: 8 }, (_, n) =>
        apply(workspaceId, { ifMatch: seen, files: { [A]: doc(`by ${n}`), [`automations/n${n}.yaml`]: doc('1') } }),
      ),
    );
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect((await draftOf(workspaceId))?.files).toHaveLength(2);
  });

  it('knows texts by their digests: of files that stay, and of what was sent before', async () => {
    const workspaceId = await create();
    await apply(workspaceId, { files: { [A]: doc('1') } });
    const [a] = (await draftOf(workspaceId))?.files ?? [];
    const { digests } = await bench.bus.call(method.stageTexts, { workspaceId, texts: [doc('staged')] }, bench.as(ada));
    const known = { [C]: a?.digest ?? '', [B]: digests[0] ?? '' };
    const applied = await apply(workspaceId, { known, prune: true });
    expect(applied.changes.map(({ path, change }) => [path, change])).toEqual([
      [A, 'removed'],
      [B, 'created'],
      [C, 'created'],
    ]);
    await expect(apply(workspaceId, { known: { [B]: '0'.repeat(64) } })).rejects.toMatchObject({
      code: 'workspaces.texts_missing',
      errors: [{ pointer: '/files/automations~1b.yaml' }],
    });
  });

  it('holds automations in any form, and never two of one name', async () => {
    const workspaceId = await create();
    await apply(workspaceId, { files: { 'automations/a.yml': doc('1'), 'automations/b.json': '{ "do": [] }' } });
    await put(workspaceId, 'a', doc('2'));
    const { automation } = await bench.bus.call(workspaces.getAutomation, { workspaceId, slug: 'a' }, bench.as(ada));
    expect(automation?.source).toBe(doc('2'));
    expect((await draftOf(workspaceId))?.files.map(({ path }) => path)).toEqual(['automations/a.yml', 'automations/b.json']);
    const { problems } = await apply(workspaceId, { files: { [A]: doc('3'), 'automations/c.yml': 'ouput: 1\ndo: []\n' }, dryRun: true });
    expect(problems.map(({ code }) => code).sort()).toEqual(['key-unknown', 'slug-duplicate']);
    await bench.bus.call(workspaces.deleteAutomation, { workspaceId, slug: 'a', ifMatch: '*' }, bench.as(ada));
    expect((await draftOf(workspaceId))?.files.map(({ path }) => path)).toEqual(['automations/b.json']);
  });

  it('goes back to what the active version has, whole or in part', async () => {
    const workspaceId = await create();
    const discard = (asked: object) => bench.bus.call(method.discardDraft, { workspaceId, ifMatch: '*', ...asked }, bench.as(ada));
    await expect(discard({})).rejects.toMatchObject({ code: 'workspaces.nothing_published' });
    const { digest: published } = await apply(workspaceId, { files: { [A]: doc('1'), [B]: doc('2') } });
    await bench.bus.call(workspaces.publishVersion, { workspaceId }, bench.as(ada));
    const { digest } = await apply(workspaceId, { files: { [A]: doc('new'), [C]: doc('new') }, prune: true });
    await expect(discard({ ifMatch: '' })).rejects.toMatchObject({ code: 'workspaces.precondition_required' });
    await expect(discard({ ifMatch: published })).rejects.toMatchObject({ code: 'workspaces.draft_moved' });
    const part = await discard({ ifMatch: digest, paths: [A] });
    expect(part.changes.map(({ path, change }) => [path, change])).toEqual([[A, 'changed']]);
    const all = await discard({});
    expect(all.changes.map(({ path, change }) => [path, change])).toEqual([
      [B, 'created'],
      [C, 'removed'],
    ]);
    expect([all.digest, (await draftOf(workspaceId))?.digest]).toEqual([published, published]);
  });

  it('refuses what no folder holds, and more than a workspace holds', async () => {
    const workspaceId = await create();
    for (const path of [
      '../up.yaml',
      '/etc/passwd',
      'a//b',
      'a/./b',
      '.git/config',
      'a\\b',
      'caf\u00e9.yaml',
      'a\u202eb',
      '__proto__',
      'automations/__proto__.yaml',
      'a.',
    ]) {
      await expect(apply(workspaceId, { files: { [path]: 'x' } })).rejects.toMatchObject({ code: 'workspaces.paths_refused' });
    }
    for (const files of [
      { 'A/x': '', 'a/y': '' },
      { a: '', 'a/b': '' },
      { 'x/Read.md': '', 'x/read.md': '' },
    ]) {
      await expect(apply(workspaceId, { files })).rejects.toMatchObject({ code: 'workspaces.paths_refused' });
    }
    await apply(workspaceId, { files: { 'docs/a.md': '' } });
    await expect(apply(workspaceId, { files: { 'Docs/b.md': '' } })).rejects.toMatchObject({ code: 'workspaces.paths_refused' });
    expect((await apply(workspaceId, { files: { 'Docs/b.md': '' }, prune: true })).applied).toBe(true);
    const many = Object.fromEntries(Array.from({ length: 5_000 }, (_, n) => [`assets/${n}.txt`, 'same']));
    await expect(apply(workspaceId, { files: many })).rejects.toMatchObject({ code: 'workspaces.too_many_files' });
    expect((await apply(workspaceId, { files: many, prune: true })).changes).toHaveLength(5_001);
  });

  it('is nothing to who may not change automations', async () => {
    const workspaceId = await create();
    const as = bench.as(person('bob'));
    const hidden = { code: 'workspaces.not_found' };
    await expect(bench.bus.call(method.getDraft, { workspaceId }, as)).rejects.toMatchObject(hidden);
    await expect(bench.bus.call(method.applyDraft, { workspaceId }, as)).rejects.toMatchObject(hidden);
    await expect(bench.bus.call(method.discardDraft, { workspaceId }, as)).rejects.toMatchObject(hidden);
    await expect(bench.bus.call(method.stageTexts, { workspaceId, texts: [''] }, as)).rejects.toMatchObject(hidden);
  });
});
