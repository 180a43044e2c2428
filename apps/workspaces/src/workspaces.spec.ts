import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { WorkspacesService } from '@millrace/contracts';
import { servicePrincipal, type Principal } from '@millrace/kernel';
import { person, serviceBench, type ServiceBench } from '@millrace/testing';
import { workspacesService } from './index';

const { method } = WorkspacesService;
const GREET = 'when: { endpoint: greet, events: [hello.asked, { event: "hello.>" }] }\nname: Greet\ndo: []\noutput: hi\n';
const bytes = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);

describe('the service of workspaces', () => {
  let bench: ServiceBench;
  const ada = person('ada');
  const bob = person('bob');

  beforeAll(async () => {
    bench = await serviceBench(workspacesService());
  });

  afterAll(async () => {
    await bench[Symbol.asyncDispose]();
  });

  const create = async (name: string, owner: Principal = ada): Promise<string> => {
    const { workspace } = await bench.bus.call(method.createWorkspace, { name }, bench.as(owner));
    return workspace?.id ?? '';
  };

  const put = (workspaceId: string, slug: string, text: string, headers: { ifMatch?: string; ifNoneMatch?: string } = {}) =>
    bench.bus.call(method.putAutomation, { workspaceId, slug, source: bytes(text), ...headers }, bench.as(ada));

  const publish = async (workspaceId: string) =>
    (await bench.bus.call(method.publishVersion, { workspaceId, message: 'm' }, bench.as(ada))).version;

  const active = async (workspaceId: string): Promise<Record<string, unknown> | undefined> => {
    const entry = await (await bench.platform.keyValue.bucket('active')).get(workspaceId);
    return entry === undefined ? undefined : (JSON.parse(Buffer.from(entry.value).toString('utf8')) as Record<string, unknown>);
  };

  const typesOnLog = async (workspaceId: string): Promise<string[]> => {
    for (const { parts } of bench.services) await parts.outbox?.drain();
    const events = await Array.fromAsync(bench.platform.eventLog.read('first', `${workspaceId}.>`, { live: false }));
    return events.map(({ type }) => type);
  };

  it('creates a workspace that its owner finds by id and by slug', async () => {
    const id = await create('Hôtel du Lac');
    for (const workspaceId of [id, 'hotel-du-lac']) {
      const { workspace } = await bench.bus.call(method.getWorkspace, { workspaceId }, bench.as(ada));
      expect(workspace).toMatchObject({
        id,
        slug: 'hotel-du-lac',
        name: 'Hôtel du Lac',
        role: 'owner',
        owner: 'ada',
        state: 'active',
        etag: '1',
      });
    }
    expect(await typesOnLog(id)).toEqual(['workspaces.created']);
  });

  it('refuses a slug that is taken, and an owner who is no person', async () => {
    await create('Taken');
    await expect(create('Taken', bob)).rejects.toMatchObject({ code: 'workspaces.slug_taken' });
    const anonymous: Principal = { kind: 'anonymous', id: 'anonymous', roles: [] };
    await expect(create('Mine', anonymous)).rejects.toMatchObject({ code: 'workspaces.owner_missing' });
  });

  it('lists what the caller owns, newest first, page by page', async () => {
    const carol = person('carol');
    const ids = [await create('One of Carol', carol), await create('Two of Carol', carol), await create('Three of Carol', carol)];
    const first = await bench.bus.call(method.listWorkspaces, { limit: 2 }, bench.as(carol));
    const second = await bench.bus.call(method.listWorkspaces, { limit: 2, cursor: first.nextCursor }, bench.as(carol));
    expect([...first.items, ...second.items].map(({ id }) => id).sort()).toEqual(ids.sort());
    expect([first.items.length, second.items.length, second.nextCursor]).toEqual([2, 1, '']);
  });

  it('tells a stranger of no workspace at all, whatever is asked', async () => {
    const workspaceId = await create('Private');
    const as = bench.as(bob);
    const refused = { code: 'workspaces.not_found', refusal: 'not-found' };
    await expect(bench.bus.call(method.getWorkspace, { workspaceId }, as)).rejects.toMatchObject(refused);
    await expect(bench.bus.call(method.updateWorkspace, { workspaceId, name: 'x', ifMatch: '*' }, as)).rejects.toMatchObject(refused);
    await expect(bench.bus.call(method.deleteWorkspace, { workspaceId, ifMatch: '*' }, as)).rejects.toMatchObject(refused);
    await expect(bench.bus.call(method.listAutomations, { workspaceId }, as)).rejects.toMatchObject(refused);
    await expect(bench.bus.call(method.publishVersion, { workspaceId }, as)).rejects.toMatchObject(refused);
    await expect(bench.bus.call(method.listVersions, { workspaceId }, as)).rejects.toMatchObject(refused);
    await expect(bench.bus.call(method.getGrants, { workspaceId }, as)).rejects.toMatchObject(refused);
    await expect(Array.fromAsync(bench.bus.stream(method.fetchDraft, { workspaceId }, as))).rejects.toMatchObject(refused);
    await expect(Array.fromAsync(bench.bus.stream(method.fetchModel, { workspaceId, digest: 'd' }, bench.as(ada)))).rejects.toMatchObject(
      refused,
    );
    await expect(bench.bus.call(method.getWorkspace, { workspaceId: 'ws_none' }, as)).rejects.toMatchObject(refused);
  });

  it('renames under If-Match, and tells what changed', async () => {
    const workspaceId = await create('Before');
    const update = (fields: object) => bench.bus.call(method.updateWorkspace, { workspaceId, ...fields }, bench.as(ada));
    await expect(update({ name: 'After' })).rejects.toMatchObject({ code: 'workspaces.precondition_required' });
    await expect(update({ name: 'After', ifMatch: '"9"' })).rejects.toMatchObject({
      code: 'workspaces.precondition_failed',
      facts: { etag: '1', updatedBy: 'ada', updatedAt: expect.any(Number) },
    });
    const { workspace } = await update({ name: 'After', slug: 'after', description: 'd', ifMatch: '"1"' });
    expect(workspace).toMatchObject({ name: 'After', slug: 'after', description: 'd', etag: '2' });
    await update({ name: 'After', ifMatch: '*' });
    await expect(update({ slug: 'taken', ifMatch: '*' })).rejects.toMatchObject({ code: 'workspaces.slug_taken' });
    expect(await typesOnLog(workspaceId)).toEqual(['workspaces.created', 'workspaces.updated']);
  });

  it('goes on to answer to a slug that it had, and lets nobody else have it', async () => {
    const workspaceId = await create('Old Name');
    const update = (fields: object) => bench.bus.call(method.updateWorkspace, { workspaceId, ifMatch: '*', ...fields }, bench.as(ada));
    await expect(update({ slug: 'new-name', ifMatch: '7' })).rejects.toMatchObject({ code: 'workspaces.precondition_failed' });
    await update({ slug: 'new-name' });
    for (const name of ['old-name', 'new-name']) {
      const { workspace } = await bench.bus.call(method.getWorkspace, { workspaceId: name }, bench.as(ada));
      expect(workspace).toMatchObject({ id: workspaceId, slug: 'new-name' });
    }
    await expect(create('Old Name', bob)).rejects.toMatchObject({ code: 'workspaces.slug_taken' });
    await update({ slug: 'old-name' });
    await expect(create('New Name')).rejects.toMatchObject({ code: 'workspaces.slug_taken' });
    await expect(bench.bus.call(method.getWorkspace, { workspaceId: 'new-name' }, bench.as(bob))).rejects.toMatchObject({
      code: 'workspaces.not_found',
    });
  });

  it('tells runtimes of the slugs that it had, too', async () => {
    const workspaceId = await create('Was Called');
    await put(workspaceId, 'greet', GREET);
    await publish(workspaceId);
    expect(await active(workspaceId)).not.toHaveProperty('formerly');
    const update = (slug: string) => bench.bus.call(method.updateWorkspace, { workspaceId, slug, ifMatch: '*' }, bench.as(ada));
    await update('is-called');
    expect(await active(workspaceId)).toMatchObject({ slug: 'is-called', formerly: ['was-called'] });
    await update('was-called');
    expect(await active(workspaceId)).toMatchObject({ slug: 'was-called', formerly: ['is-called'] });
  });

  it('has labels, and names in other languages', async () => {
    const workspaceId = await create('Labelled');
    const update = (fields: object) => bench.bus.call(method.updateWorkspace, { workspaceId, ifMatch: '*', ...fields }, bench.as(ada));
    const said = {
      labels: { items: ['team:lac', 'prod'] },
      names: { texts: { fr: 'Étiqueté' } },
      descriptions: { texts: { 'de-CH': 'd' } },
    };
    const { workspace } = await update(said);
    expect(workspace).toMatchObject({
      name: 'Labelled',
      labels: ['team:lac', 'prod'],
      names: { fr: 'Étiqueté' },
      descriptions: { 'de-CH': 'd' },
    });
    expect((await update({ name: 'Else' })).workspace).toMatchObject({ labels: ['team:lac', 'prod'], names: { fr: 'Étiqueté' } });
    expect((await update({ labels: { items: [] }, names: { texts: {} } })).workspace).toMatchObject({ labels: [], names: {} });
    for (const wrong of [{ labels: { items: ['a b'] } }, { names: { texts: { 'not a tag': 'x' } } }]) {
      await expect(update(wrong)).rejects.toMatchObject({ refusal: 'invalid' });
    }
  });

  it('lets in pages of the origins it names, and tells gateways of them under its name', async () => {
    const workspaceId = await create('Open');
    const update = (fields: object) => bench.bus.call(method.updateWorkspace, { workspaceId, ifMatch: '*', ...fields }, bench.as(ada));
    const told = async (): Promise<unknown> => {
      const entry = await (await bench.platform.keyValue.bucket('origins')).get(workspaceId);
      return entry === undefined ? undefined : JSON.parse(Buffer.from(entry.value).toString('utf8'));
    };
    expect(await told()).toBeUndefined();
    const { workspace } = await update({ settings: { allowedOrigins: ['https://shop.test', 'http://localhost:5173'] } });
    expect(workspace?.settings).toMatchObject({ allowedOrigins: ['https://shop.test', 'http://localhost:5173'] });
    expect(await told()).toMatchObject({ workspaceId, slug: 'open', origins: ['https://shop.test', 'http://localhost:5173'] });
    await update({ slug: 'opened' });
    expect(await told()).toMatchObject({ slug: 'opened', formerly: [{ slug: 'open', until: expect.any(Number) }] });
    await update({ settings: { allowedOrigins: [] } });
    expect(await told()).toMatchObject({ origins: [] });
    for (const origin of ['https://shop.test/', 'https://*.test', 'null', 'shop.test', 'https://Shop.test', 'ftp://shop.test']) {
      await expect(update({ settings: { allowedOrigins: [origin] } })).rejects.toMatchObject({ refusal: 'invalid' });
    }
    await bench.bus.call(method.deleteWorkspace, { workspaceId, ifMatch: '*' }, bench.as(ada));
    expect(await told()).toBeUndefined();
  });

  it('says what becomes of events it does not declare, and how far apps change by themselves', async () => {
    const workspaceId = await create('Strict');
    await put(workspaceId, 'greet', GREET);
    await publish(workspaceId);
    const update = async (settings: object) =>
      (await bench.bus.call(method.updateWorkspace, { workspaceId, ifMatch: '*', settings }, bench.as(ada))).workspace;
    const told = async (): Promise<unknown> => {
      const entry = await (await bench.platform.keyValue.bucket('active')).get(workspaceId);
      return (JSON.parse(Buffer.from(entry?.value ?? []).toString('utf8')) as { unknownEvents?: string }).unknownEvents;
    };
    expect([await told(), (await update({}))?.etag]).toEqual([undefined, '1']);
    expect((await update({ unknownEvents: 'refuse', autoUpgrade: 'minor' }))?.settings).toMatchObject({
      ...{ allowedOrigins: [], unknownEvents: 'refuse', autoUpgrade: 'minor' },
    });
    expect(await told()).toBe('refuse');
    expect((await update({ unknownEvents: '' }))?.settings).toMatchObject({ unknownEvents: 'allow', autoUpgrade: 'none' });
    expect(await told()).toBeUndefined();
    for (const wrong of [{ unknownEvents: 'drop' }, { autoUpgrade: 'major' }]) {
      await expect(update(wrong)).rejects.toMatchObject({ refusal: 'invalid' });
    }
  });

  it('deletes: nobody finds it, nothing runs, its slug is free', async () => {
    const workspaceId = await create('Short lived');
    await put(workspaceId, 'greet', GREET);
    await publish(workspaceId);
    expect(await active(workspaceId)).toMatchObject({ slug: 'short-lived' });
    await expect(bench.bus.call(method.deleteWorkspace, { workspaceId, ifMatch: '"9"' }, bench.as(ada))).rejects.toMatchObject({
      code: 'workspaces.precondition_failed',
    });
    await bench.bus.call(method.deleteWorkspace, { workspaceId, ifMatch: '*' }, bench.as(ada));
    await expect(bench.bus.call(method.getWorkspace, { workspaceId }, bench.as(ada))).rejects.toMatchObject({
      code: 'workspaces.not_found',
    });
    expect(await active(workspaceId)).toBeUndefined();
    await create('Short lived');
  });

  it('deletes once, even when two do so at once, and shows no versions of what was never published', async () => {
    const workspaceId = await create('Twice');
    const { items } = await bench.bus.call(method.listVersions, { workspaceId }, bench.as(ada));
    expect(items).toEqual([]);
    const remove = () => bench.bus.call(method.deleteWorkspace, { workspaceId, ifMatch: '*' }, bench.as(ada));
    await Promise.all([remove(), remove()]);
    expect((await typesOnLog(workspaceId)).filter((type) => type === 'workspaces.deleted')).toHaveLength(1);
  });

  it('keeps automations as they were written, with what they say of themselves', async () => {
    const workspaceId = await create('Automations');
    const { automation } = await put(workspaceId, 'greet', GREET);
    expect(automation).toMatchObject({
      slug: 'greet',
      name: 'Greet',
      source: GREET,
      etag: '1',
      endpoint: 'greet',
      listens: ['hello.asked', 'hello.>'],
    });
    const shown = await bench.bus.call(method.getAutomation, { workspaceId, slug: 'greet' }, bench.as(ada));
    expect(shown.automation).toMatchObject({ source: GREET, updatedBy: 'ada' });
    const { automation: another } = await put(workspaceId, 'another', 'when: { events: hello.one }\ndo: []');
    expect(another?.listens).toEqual(['hello.one']);
    await put(workspaceId, 'third', 'when: { endpoint: true }\nname: { en: Third }\ndo: []');
    const list = await bench.bus.call(method.listAutomations, { workspaceId, limit: 2 }, bench.as(ada));
    expect(list.items.map(({ slug, source }) => [slug, source])).toEqual([
      ['another', ''],
      ['greet', ''],
    ]);
    const rest = await bench.bus.call(method.listAutomations, { workspaceId, limit: 2, cursor: list.nextCursor }, bench.as(ada));
    expect(rest.items).toMatchObject([{ slug: 'third', name: 'Third', endpoint: 'third' }]);
    expect(await typesOnLog(workspaceId)).toContain('workspaces.automations.created');
  });

  it('refuses a document with a mistake, with its place, and keeps the one before', async () => {
    const workspaceId = await create('Mistakes');
    await put(workspaceId, 'greet', GREET);
    const mistaken = put(workspaceId, 'greet', GREET.replace('output', 'ouput'), { ifMatch: '*' });
    await expect(mistaken).rejects.toMatchObject({
      code: 'workspaces.document_invalid',
      message: expect.stringMatching(/^automations\/greet\.yaml:4:1: .*output/),
    });
    const { automation } = await bench.bus.call(method.getAutomation, { workspaceId, slug: 'greet' }, bench.as(ada));
    expect(automation).toMatchObject({ source: GREET, etag: '1' });
  });

  it('lets nobody overwrite what they have not seen', async () => {
    const workspaceId = await create('Together');
    await put(workspaceId, 'greet', GREET);
    await expect(put(workspaceId, 'greet', 'do: []')).rejects.toMatchObject({ code: 'workspaces.precondition_required' });
    await expect(put(workspaceId, 'greet', 'do: []', { ifNoneMatch: '*' })).rejects.toMatchObject({
      code: 'workspaces.precondition_failed',
    });
    await put(workspaceId, 'greet', 'do: []', { ifMatch: '"1"' });
    const late = put(workspaceId, 'greet', GREET, { ifMatch: '"1"' });
    await expect(late).rejects.toMatchObject({ code: 'workspaces.precondition_failed', facts: { etag: '2', updatedBy: 'ada' } });
  });

  it('deletes automations, once', async () => {
    const workspaceId = await create('Deleting');
    await put(workspaceId, 'greet', GREET);
    const remove = (ifMatch: string) => bench.bus.call(method.deleteAutomation, { workspaceId, slug: 'greet', ifMatch }, bench.as(ada));
    await expect(remove('')).rejects.toMatchObject({ code: 'workspaces.precondition_required' });
    await remove('"1"');
    await expect(remove('*')).rejects.toMatchObject({ code: 'workspaces.automation_not_found' });
    const gone = bench.bus.call(method.getAutomation, { workspaceId, slug: 'greet' }, bench.as(ada));
    await expect(gone).rejects.toMatchObject({ code: 'workspaces.automation_not_found' });
  });

  it('publishes the draft as a version, which is what runtimes get', async () => {
    const workspaceId = await create('Publishing');
    await put(workspaceId, 'greet', GREET);
    const version = await publish(workspaceId);
    expect(version).toMatchObject({ number: 1, message: 'm', author: 'ada', changes: 1 });
    expect(await active(workspaceId)).toMatchObject({ workspaceId, slug: 'publishing', version: version?.id, digest: version?.digest });
    await put(workspaceId, 'greet', 'do: []', { ifMatch: '*' });
    const request = { workspaceId, digest: version?.digest ?? '' };
    const runtime: Principal = servicePrincipal('gateway');
    const files = await Array.fromAsync(bench.bus.stream(method.fetchModel, request, bench.as(runtime)));
    expect(files).toMatchObject([{ path: 'automations/greet.yaml', text: GREET }]);
    const draft = await Array.fromAsync(bench.bus.stream(method.fetchDraft, { workspaceId }, bench.as(ada)));
    expect(draft).toMatchObject([{ path: 'automations/greet.yaml', text: 'do: []' }]);
    const types = await typesOnLog(workspaceId);
    expect(types.filter((type) => type.startsWith('workspaces.versions'))).toEqual([
      'workspaces.versions.published',
      'workspaces.versions.activated',
    ]);
  });

  it('answers an unchanged draft with the version there is', async () => {
    const workspaceId = await create('Unchanged');
    await put(workspaceId, 'greet', GREET);
    const first = await publish(workspaceId);
    expect(await publish(workspaceId)).toMatchObject({ id: first?.id, number: 1 });
    await put(workspaceId, 'greet', 'do: []', { ifMatch: '*' });
    const second = await publish(workspaceId);
    expect(second).toMatchObject({ number: 2, changes: 1 });
    const list = await bench.bus.call(method.listVersions, { workspaceId, limit: 1 }, bench.as(ada));
    expect(list.items.map(({ number }) => number)).toEqual([2]);
    const rest = await bench.bus.call(method.listVersions, { workspaceId, limit: 1, cursor: list.nextCursor }, bench.as(ada));
    expect([rest.items.map(({ number }) => number), rest.nextCursor]).toEqual([[1], '']);
    const { workspace } = await bench.bus.call(method.getWorkspace, { workspaceId }, bench.as(ada));
    expect(workspace?.activeVersion).toMatchObject({ id: second?.id });
  });

  it('does not publish what refers to nothing', async () => {
    const workspaceId = await create('Dangling');
    await put(workspaceId, 'greet', 'do:\n  - nobody: {}\n');
    await expect(publish(workspaceId)).rejects.toMatchObject({
      code: 'workspaces.document_invalid',
      message: expect.stringContaining('nobody'),
    });
  });

  it('gives a member the rules of their role', async () => {
    const workspaceId = await create('Grants');
    const grants = await bench.bus.call(method.getGrants, { workspaceId: 'grants' }, bench.as(ada));
    expect(grants).toMatchObject({ workspaceId, slug: 'grants' });
    expect(grants.grants.some(({ actions, subjects }) => actions.includes('manage') && subjects.includes('automations'))).toBe(true);
  });

  it('writes the record that a crash kept from being written', async () => {
    const workspaceId = await create('Crashed');
    await put(workspaceId, 'greet', GREET);
    await publish(workspaceId);
    const bucket = await bench.platform.keyValue.bucket('active');
    await bucket.delete(workspaceId);
    const { promise, resolve } = Promise.withResolvers<void>();
    const watch = await bucket.watch(workspaceId, ({ value }) => value !== undefined && resolve());
    const actor = { kind: 'service', id: 'workspaces' } as const;
    const again = {
      id: 'evt-again',
      workspaceId,
      type: 'workspaces.versions.activated',
      time: 0,
      payload: bytes('{}'),
      correlationId: 'c',
      actor,
      source: {},
    };
    await bench.platform.eventLog.append([again]);
    await promise;
    await watch.stop();
    expect(await active(workspaceId)).toMatchObject({ slug: 'crashed' });
  });
});
