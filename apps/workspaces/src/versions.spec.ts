import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DraftsService, MembersService, RightsService, VersionsService, WorkspacesService } from '@millrace/contracts';
import { person, serviceBench, type ServiceBench } from '@millrace/testing';
import { workspacesService } from './index';

const { method } = VersionsService;
const { createWorkspace, putAutomation, deleteAutomation, publishVersion, listVersions, getAutomation, getWorkspace } =
  WorkspacesService.method;
const bytes = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);
const greeting = (text: string): string => `# Greets.\ndo:\n  - set: { name: a, value: ${text} }\noutput: ${text}\n`;

describe('the versions of a workspace', () => {
  let bench: ServiceBench;
  const ada = person('ada');
  const bob = person('bob');
  let workspaces = 0;

  beforeAll(async () => {
    bench = await serviceBench(workspacesService());
  });

  afterAll(async () => {
    await bench[Symbol.asyncDispose]();
  });

  const as = () => bench.as(ada);
  const create = async (): Promise<string> =>
    (await bench.bus.call(createWorkspace, { name: `Versions ${(workspaces += 1)}` }, as())).workspace?.id ?? '';
  const put = (workspaceId: string, slug: string, text: string) =>
    bench.bus.call(putAutomation, { workspaceId, slug, source: bytes(text), ifMatch: '*' }, as()).catch(async () => {
      await bench.bus.call(putAutomation, { workspaceId, slug, source: bytes(text), ifNoneMatch: '*' }, as());
    });
  const publish = async (workspaceId: string, fields: object = {}) => {
    const { version } = await bench.bus.call(publishVersion, { workspaceId, ...fields }, as());
    return { id: version?.id ?? '', number: version?.number ?? 0, name: version?.name };
  };

  /** Version 1 greets with hi, version 2 with ho and waves; version 2 runs. */
  const twice = async () => {
    const workspaceId = await create();
    await put(workspaceId, 'greet', greeting('hi'));
    const first = await publish(workspaceId);
    await put(workspaceId, 'greet', greeting('ho'));
    await put(workspaceId, 'wave', greeting('wave'));
    return { workspaceId, first, second: await publish(workspaceId) };
  };

  const active = async (workspaceId: string): Promise<Record<string, unknown>> => {
    const entry = await (await bench.platform.keyValue.bucket('active')).get(workspaceId);
    return JSON.parse(Buffer.from(entry?.value ?? []).toString('utf8')) as Record<string, unknown>;
  };

  const told = async (workspaceId: string, type: string): Promise<unknown[]> => {
    for (const { parts } of bench.services) await parts.outbox?.drain();
    const events = await Array.fromAsync(bench.platform.eventLog.read('first', `${workspaceId}.${type}`, { live: false }));
    return events.map(({ payload }) => JSON.parse(Buffer.from(payload).toString('utf8')) as unknown);
  };

  it('say which one ran before them, and what they lock', async () => {
    const { workspaceId, first, second } = await twice();
    await bench.bus.call(method.activateVersion, { workspaceId, version: first.id }, as());
    const lock = '{}\n';
    await bench.bus.call(DraftsService.method.applyDraft, { workspaceId, files: { 'apps.lock': lock }, ifMatch: '*' }, as());
    await publish(workspaceId);
    const { items } = await bench.bus.call(listVersions, { workspaceId }, as());
    expect(items.map(({ number, parent, lockDigest }) => [number, parent, lockDigest])).toEqual([
      [3, first.id, createHash('sha256').update(lock).digest('hex')],
      [2, first.id, ''],
      [1, '', ''],
    ]);
    expect(items[1]?.id).toBe(second.id);
  });

  it('are shown with their files, by id and by number', async () => {
    const { workspaceId, first, second } = await twice();
    for (const version of [second.id, '2']) {
      const shown = await bench.bus.call(method.getVersion, { workspaceId, version }, as());
      expect([shown.version?.id, shown.active, shown.files.map(({ path }) => path)]).toEqual([
        second.id,
        true,
        ['automations/greet.yaml', 'automations/wave.yaml'],
      ]);
    }
    expect((await bench.bus.call(method.getVersion, { workspaceId, version: first.id }, as())).active).toBe(false);
    await expect(bench.bus.call(method.getVersion, { workspaceId, version: '9' }, as())).rejects.toMatchObject({
      code: 'workspaces.version_not_found',
    });
  });

  it('keep what whoever published them was warned of, for who may read automations', async () => {
    const workspaceId = await create();
    const rules = [{ allow: ['read'], on: ['versions'] }];
    const dead = [{ allow: ['read'], on: ['events'], where: "type = 'a' and type = 'b'" }];
    for (const [role, its] of [
      ['historian', rules],
      ['dead', dead],
    ] as const) {
      await bench.bus.call(RightsService.method.putRole, { workspaceId, role, rules: its, ifMatch: '' }, as());
    }
    await bench.bus.call(MembersService.method.inviteMember, { workspaceId, userId: 'bob', roles: ['historian'] }, as());
    await put(workspaceId, 'greet', 'do: [{ emit: { event: unheard } }]\n');
    const published = await bench.bus.call(publishVersion, { workspaceId }, as());
    const told = published.version?.problems.map(({ code, file }) => [code, file]);
    expect(told).toEqual([
      ['event-unheard', 'automations/greet.yaml'],
      ['rule-never-matches', 'roles'],
    ]);
    await put(workspaceId, 'greet', greeting('hi'));
    await publish(workspaceId);
    const kept = async (version: string, by = ada) =>
      (await bench.bus.call(method.getVersion, { workspaceId, version }, bench.as(by))).version?.problems ?? [];
    expect(await kept('1')).toEqual(published.version?.problems.slice(0, 1));
    expect(await kept('2')).toEqual([]);
    expect(await kept('1', bob)).toEqual([]);
    const { items } = await bench.bus.call(listVersions, { workspaceId }, as());
    expect(items.flatMap(({ problems }) => problems)).toEqual([]);
  });

  it('are told to strangers not at all, and changed by those who may', async () => {
    const { workspaceId } = await twice();
    const refused = { code: 'workspaces.not_found' };
    const request = { workspaceId, version: '1' };
    await expect(bench.bus.call(method.getVersion, request, bench.as(bob))).rejects.toMatchObject(refused);
    await expect(bench.bus.call(method.deleteVersion, request, bench.as(bob))).rejects.toMatchObject(refused);
    await expect(bench.bus.call(method.activateVersion, request, bench.as(bob))).rejects.toMatchObject(refused);
    await expect(bench.bus.call(method.checkoutVersion, request, bench.as(bob))).rejects.toMatchObject(refused);
    await expect(bench.bus.call(method.diffVersions, request, bench.as(bob))).rejects.toMatchObject(refused);
    await expect(
      Array.fromAsync(bench.bus.stream(method.exportVersion, { ...request, format: 'zip' }, bench.as(bob))),
    ).rejects.toMatchObject(refused);
  });

  it('roll back: an earlier one runs at once, and the fact names what ran before', async () => {
    const { workspaceId, first, second } = await twice();
    const before = await active(workspaceId);
    await bench.bus.call(method.activateVersion, { workspaceId, version: '1' }, as());
    const after = await active(workspaceId);
    expect([after['version'], Number(after['revision']) > Number(before['revision'])]).toEqual([first.id, true]);
    await bench.bus.call(method.activateVersion, { workspaceId, version: '1' }, as());
    expect(await told(workspaceId, 'workspaces.versions.activated')).toMatchObject([
      { version: first.id },
      { version: second.id, previous: first.id },
      { version: first.id, previous: second.id },
    ]);
  });

  it('are published without running when asked so, and an unchanged draft answers the one there is', async () => {
    const { workspaceId, second } = await twice();
    await put(workspaceId, 'greet', greeting('hey'));
    const third = await publish(workspaceId, { activate: false, name: 'candidate' });
    expect([third.number, third.name, (await active(workspaceId))['version']]).toEqual([3, 'candidate', second.id]);
    expect((await publish(workspaceId)).id).toBe(third.id);
    expect((await active(workspaceId))['version']).toBe(third.id);
    const { workspace } = await bench.bus.call(getWorkspace, { workspaceId }, as());
    expect(workspace?.activeVersion).toMatchObject({ number: 3, name: 'candidate' });
  });

  it('are deleted unless they run or have a name', async () => {
    const { workspaceId, first } = await twice();
    const remove = (version: string) => bench.bus.call(method.deleteVersion, { workspaceId, version, ifMatch: '*' }, as());
    await expect(remove('2')).rejects.toMatchObject({ code: 'workspaces.version_in_use', refusal: 'conflict' });
    await bench.bus.call(method.updateVersion, { workspaceId, version: '1', name: 'stable', ifMatch: '"1"' }, as());
    await expect(remove('1')).rejects.toMatchObject({ code: 'workspaces.version_in_use' });
    await bench.bus.call(method.updateVersion, { workspaceId, version: '1', name: '', ifMatch: '2' }, as());
    await remove(first.id);
    await expect(remove(first.id)).rejects.toMatchObject({ code: 'workspaces.version_not_found' });
    const { items } = await bench.bus.call(listVersions, { workspaceId }, as());
    expect(items.map(({ number }) => number)).toEqual([2]);
    expect(await told(workspaceId, 'workspaces.versions.deleted')).toMatchObject([{ version: first.id, number: 1 }]);
  });

  it('are named and deleted by who knows them', async () => {
    const { workspaceId, first } = await twice();
    const name = (ifMatch: string) => bench.bus.call(method.updateVersion, { workspaceId, version: '1', name: 'stable', ifMatch }, as());
    await expect(name('')).rejects.toMatchObject({ code: 'workspaces.precondition_required' });
    expect((await name('1')).version).toMatchObject({ name: 'stable', etag: '2' });
    expect(await bench.bus.call(method.getVersion, { workspaceId, version: '1' }, as())).toMatchObject({
      etag: '2',
      version: { etag: '2' },
    });
    const late = { code: 'workspaces.precondition_failed', facts: { etag: '2', updatedBy: ada.id, updatedAt: expect.any(Number) } };
    await expect(name('1')).rejects.toMatchObject(late);
    const remove = (ifMatch: string) => bench.bus.call(method.deleteVersion, { workspaceId, version: first.id, ifMatch }, as());
    await expect(remove('1')).rejects.toMatchObject(late);
    await expect(remove('')).rejects.toMatchObject({ code: 'workspaces.precondition_required' });
  });

  it('are taken into the draft, but for what is excluded; what runs stays', async () => {
    const { workspaceId, second } = await twice();
    const out = await bench.bus.call(method.checkoutVersion, { workspaceId, version: '1', exclude: ['automations/wave.yaml'] }, as());
    expect(out).toMatchObject({ created: [], changed: ['automations/greet.yaml'], removed: [] });
    const { automation } = await bench.bus.call(getAutomation, { workspaceId, slug: 'greet' }, as());
    expect(Buffer.from(automation?.source ?? '').toString()).toBe(greeting('hi'));
    expect(await bench.bus.call(method.checkoutVersion, { workspaceId, version: '1' }, as())).toMatchObject({
      removed: ['automations/wave.yaml'],
    });
    expect((await active(workspaceId))['version']).toBe(second.id);
    expect(await told(workspaceId, 'workspaces.drafts.changed')).toMatchObject([
      { paths: ['automations/greet.yaml'] },
      { paths: ['automations/wave.yaml'] },
    ]);
  });

  it('leave whole folders of the draft as they are where they shall', async () => {
    const { workspaceId } = await twice();
    const exclude = ['automations/', 'README.md'];
    expect(await bench.bus.call(method.checkoutVersion, { workspaceId, version: '1', exclude }, as())).toMatchObject({
      ...{ created: [], changed: [], removed: [] },
    });
    expect(await told(workspaceId, 'workspaces.drafts.changed')).toEqual([]);
  });

  it('differ by lines alone where a document cannot be read, and by names after more than anyone reads', async () => {
    const workspaceId = await create();
    const apply = (files: Readonly<Record<string, string>>) =>
      bench.bus.call(DraftsService.method.applyDraft, { workspaceId, ifMatch: '*', files }, as());
    const long = Object.fromEntries(['b', 'c', 'd'].map((name) => [`docs/${name}.md`, 'x'.repeat(201_000)]));
    await apply({ 'docs/a.json': '{}' });
    await publish(workspaceId);
    await apply({ 'docs/a.json': '{', ...long });
    const { files } = await bench.bus.call(method.diffVersions, { workspaceId, version: '1', with: 'draft' }, as());
    expect(files.map(({ path, kind, changes, text }) => [path, kind, changes.length, text === ''])).toEqual([
      ['docs/a.json', 'changed', 0, false],
      ['docs/b.md', 'created', 0, false],
      ['docs/c.md', 'created', 0, false],
      ['docs/d.md', 'created', 0, true],
    ]);
  });

  it('differ by files and by instructions, from each other and from the draft', async () => {
    const { workspaceId } = await twice();
    const diff = async (version: string, other: string) =>
      (await bench.bus.call(method.diffVersions, { workspaceId, version, with: other }, as())).files;
    const [greet, wave] = await diff('1', '2');
    expect(greet).toMatchObject({ path: 'automations/greet.yaml', kind: 'changed' });
    expect(greet?.changes.map(({ kind, path, of, before, after }) => [kind, path, of, before, after])).toEqual([
      ['changed', '/do/0/set/value', 'instruction', '"hi"', '"ho"'],
      ['changed', '/output', 'key', '"hi"', '"ho"'],
    ]);
    expect(greet?.text).toContain('-output: hi\n');
    expect(wave).toMatchObject({ path: 'automations/wave.yaml', kind: 'created', changes: [] });
    expect(wave?.text).toContain('--- /dev/null\n+++ b/automations/wave.yaml');
    expect(await diff('2', '')).toEqual([]);
    await bench.bus.call(deleteAutomation, { workspaceId, slug: 'wave', ifMatch: '*' }, as());
    expect(await diff('2', 'draft')).toMatchObject([{ path: 'automations/wave.yaml', kind: 'removed' }]);
  });

  it('are exported as the same bytes each time, in either format', async () => {
    const { workspaceId } = await twice();
    for (const format of ['zip', 'tar.gz']) {
      const whole = async (): Promise<Buffer> => {
        const pieces = await Array.fromAsync(bench.bus.stream(method.exportVersion, { workspaceId, version: '2', format }, as()));
        expect(pieces[0]?.name).toMatch(new RegExp(`^versions-\\d+-2\\.${format}$`));
        return Buffer.concat(pieces.map((piece) => piece.bytes));
      };
      const first = await whole();
      expect(first.length).toBeGreaterThan(100);
      expect(first.equals(await whole())).toBe(true);
    }
  });
});
