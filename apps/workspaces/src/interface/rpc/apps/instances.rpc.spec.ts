import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AppsService, DraftsService, InstancesService, WorkspacesService } from '@millrace/contracts';
import type { JsonMap } from '@millrace/kernel';
import { person, serviceBench, type ServiceBench } from '@millrace/testing';
import { workspacesService } from '../../../index';

const { publishApp, updateApp, deprecateAppVersion, withdrawAppVersion, listAppVersions, getApp } = AppsService.method;
const { createWorkspace, publishVersion } = WorkspacesService.method;
const { method } = InstancesService;

const SETTINGS = 'config: { schema: { properties: { url: { type: string }, most: { type: integer } }, required: [url] } }\n';
const automation = (host: string, more = '') => `${more}do: [{ fetch: { url: 'https://${host}/' } }]\n`;
const json = (value: JsonMap): Uint8Array<ArrayBuffer> => new TextEncoder().encode(JSON.stringify(value));
const parsed = (bytes: Uint8Array): unknown => JSON.parse(new TextDecoder().decode(bytes));

describe('an installed app', () => {
  let bench: ServiceBench;
  const ada = person('ada');
  const bob = person('bob');
  let names = 0;

  beforeAll(async () => {
    bench = await serviceBench(workspacesService());
  });

  afterAll(async () => {
    await bench[Symbol.asyncDispose]();
  });

  const workspace = async (owner = ada): Promise<{ readonly id: string; readonly slug: string }> => {
    names += 1;
    const slug = `spot-${names}`;
    const made = await bench.bus.call(createWorkspace, { name: slug, slug }, bench.as(owner));
    return { id: made.workspace?.id ?? '', slug };
  };

  /** Publishes these files as this number of the app of a workspace; the digest of its permissions. */
  const offer = async (workspaceId: string, number: string, files: Record<string, string>): Promise<string> => {
    await bench.bus.call(DraftsService.method.applyDraft, { workspaceId, files, ifMatch: '*', prune: true }, bench.as(ada));
    await bench.bus.call(publishVersion, { workspaceId }, bench.as(ada));
    const { version } = await bench.bus.call(publishApp, { workspaceId, number }, bench.as(ada));
    return version?.permissions?.digest ?? '';
  };

  /** A workspace that has installed 1.0.0 of an app that another one publishes. */
  const installed = async () => {
    const app = await workspace();
    const files = { 'workspace.yaml': SETTINGS, 'automations/a.yaml': automation('one.example') };
    const consent = await offer(app.id, '1.0.0', files);
    const host = await workspace();
    const said = { workspaceId: host.id, app: app.slug, range: '1.x', slug: 'crm', config: json({ url: 'x' }), consent };
    const { instance } = await bench.bus.call(method.installApp, said, bench.as(ada));
    return { app, host, files, consent, etag: instance?.etag ?? '' };
  };

  const typesOnLog = async (workspaceId: string): Promise<string[]> => {
    for (const { parts } of bench.services) await parts.outbox?.drain();
    const events = await Array.fromAsync(bench.platform.eventLog.read('first', `${workspaceId}.apps.>`, { live: false }));
    return events.map(({ type }) => type);
  };

  it('is moved to a newer version, and says first what would be different', async () => {
    const { app, host } = await installed();
    const at = { workspaceId: host.id, instance: 'crm' };
    const more = { 'workspace.yaml': SETTINGS.replace('[url]', '[url, most]'), 'automations/b.yaml': automation('two.example') };
    const consent = await offer(app.id, '2.0.0', more);
    expect((await bench.bus.call(method.getInstance, at, bench.as(ada))).instance).toMatchObject({ version: '1.0.0', newer: '' });
    const upgrade = (asked: object) => bench.bus.call(method.upgradeInstance, { ...at, ...asked }, bench.as(ada));
    expect(await upgrade({ range: '2.x', dryRun: true })).toMatchObject({
      ...{ from: '1.0.0', to: '2.0.0', instance: { version: '1.0.0' } },
      ...{ breaking: ['automation a is gone', 'the configuration needs most'], config: ['/most is required'] },
      ...{ added: ['call the host two.example'], removed: ['call the host one.example'] },
    });
    await expect(upgrade({ range: '2.x', consent })).rejects.toMatchObject({ code: 'apps.config_invalid' });
    await bench.bus.call(method.updateInstanceConfig, { ...at, config: json({ most: 3 }), ifMatch: '*' }, bench.as(ada));
    await expect(upgrade({ range: '2.x' })).rejects.toMatchObject({ code: 'apps.consent_needed' });
    expect(await upgrade({ range: '2.x', consent })).toMatchObject({ instance: { version: '2.0.0', range: '2.x', consented: true } });
    expect(await upgrade({ range: '1.0.0' })).toMatchObject({
      from: '2.0.0',
      to: '1.0.0',
      instance: { version: '1.0.0', consented: true },
    });
    expect(await typesOnLog(host.id)).toEqual(['apps.installed', 'apps.configured', 'apps.upgraded', 'apps.upgraded']);
  });

  it('needs no new consent for what may do the same', async () => {
    const { app, host, files } = await installed();
    await offer(app.id, '1.1.0', { ...files, 'automations/c.yaml': 'do: []\n' });
    const at = { workspaceId: host.id, instance: 'crm' };
    expect((await bench.bus.call(method.getInstance, at, bench.as(ada))).instance).toMatchObject({ newer: '1.1.0' });
    expect(await bench.bus.call(method.upgradeInstance, at, bench.as(ada))).toMatchObject({
      to: '1.1.0',
      added: [],
      instance: { newer: '' },
    });
  });

  it('is configured as its schema says; where a secret stands, anything may', async () => {
    const { host } = await installed();
    const at = { workspaceId: host.id, instance: 'crm' };
    const configure = (config: JsonMap) =>
      bench.bus.call(method.updateInstanceConfig, { ...at, config: json(config), ifMatch: '*' }, bench.as(ada));
    await expect(configure({ url: 3 })).rejects.toMatchObject({
      code: 'apps.config_invalid',
      errors: [expect.objectContaining({ pointer: '/config/url' })],
    });
    await expect(configure({ url: null })).rejects.toMatchObject({ code: 'apps.config_invalid' });
    expect(parsed((await configure({ url: '{{secret.URL}}', most: 1 })).config)).toEqual({ url: '{{secret.URL}}', most: 1 });
    const shown = await bench.bus.call(method.getInstanceConfig, at, bench.as(ada));
    expect(parsed(shown.config)).toEqual({ url: '{{secret.URL}}', most: 1 });
    expect(parsed(shown.configSchema)).toMatchObject({ required: ['url'] });
  });

  it('is changed only by who knows how it is', async () => {
    const { host, etag } = await installed();
    const at = { workspaceId: host.id, instance: 'crm' };
    const update = (ifMatch: string, more: object) => bench.bus.call(method.updateInstance, { ...at, ifMatch, ...more }, bench.as(ada));
    await expect(update('', { disabled: true })).rejects.toMatchObject({ code: 'workspaces.precondition_required' });
    const { instance } = await update(etag, { disabled: true, labelling: { labels: ['eu'] } });
    expect(instance).toMatchObject({ disabled: true, labels: ['eu'] });
    await expect(update(etag, { disabled: false })).rejects.toMatchObject({ code: 'workspaces.precondition_failed' });
    await expect(update('*', { range: 'newest' })).rejects.toMatchObject({ code: 'apps.range_invalid' });
  });

  it('is removed with what says of it, and only by who may', async () => {
    const { host } = await installed();
    const at = { workspaceId: host.id, instance: 'crm', ifMatch: '*' };
    await expect(bench.bus.call(method.removeInstance, at, bench.as(bob))).rejects.toMatchObject({ code: 'workspaces.not_found' });
    await bench.bus.call(method.removeInstance, at, bench.as(ada));
    expect((await bench.bus.call(method.listInstances, at, bench.as(ada))).items).toEqual([]);
    const { draft } = await bench.bus.call(DraftsService.method.getDraft, { workspaceId: host.id }, bench.as(ada));
    expect(draft?.files.map(({ path }) => path)).toEqual([]);
    await expect(bench.bus.call(method.removeInstance, at, bench.as(ada))).rejects.toMatchObject({ code: 'apps.instance_not_found' });
    expect(await typesOnLog(host.id)).toEqual(['apps.installed', 'apps.removed']);
  });

  it('of a version that is advised against or withdrawn goes on; nobody new gets a withdrawn one', async () => {
    const { app, host, consent } = await installed();
    const turn = { slug: app.slug, number: '1.0.0', reason: 'slow' };
    await expect(bench.bus.call(withdrawAppVersion, turn, bench.as(bob))).rejects.toMatchObject({ code: 'apps.not_found' });
    expect((await bench.bus.call(deprecateAppVersion, turn, bench.as(ada))).version).toMatchObject({ state: 'deprecated', reason: 'slow' });
    expect((await bench.bus.call(withdrawAppVersion, turn, bench.as(ada))).version).toMatchObject({ state: 'withdrawn' });
    expect((await bench.bus.call(getApp, { slug: app.slug }, bench.as(ada))).app).toMatchObject({ latest: '' });
    const again = { workspaceId: host.id, app: app.slug, slug: 'other', config: json({ url: 'x' }), consent };
    await expect(bench.bus.call(method.installApp, again, bench.as(ada))).rejects.toMatchObject({ code: 'apps.version_not_found' });
    expect((await bench.bus.call(publishVersion, { workspaceId: host.id }, bench.as(ada))).version).toMatchObject({ number: 1 });
    expect(await typesOnLog(app.id)).toEqual(['apps.published', 'apps.deprecated', 'apps.withdrawn']);
  });

  it('is of an app whose workspace is told what changes in the catalogue', async () => {
    const { app } = await installed();
    const said = { slug: app.slug, visibility: 'public', name: 'Other', ifMatch: '*' };
    await bench.bus.call(updateApp, said, bench.as(ada));
    for (const { parts } of bench.services) await parts.outbox?.drain();
    const events = await Array.fromAsync(bench.platform.eventLog.read('first', `${app.id}.apps.updated`, { live: false }));
    expect(events).toMatchObject([{ subject: `app/${app.slug}`, payload: json({ app: app.slug, changed: ['name', 'visibility'] }) }]);
  });

  it('may be one that is listed for its workspace alone', async () => {
    const { app } = await installed();
    const mine = await workspace(bob);
    const others = await workspace(bob);
    const said = { slug: app.slug, visibility: 'listed', listing: { workspaces: [mine.id] }, ifMatch: '*' };
    await expect(bench.bus.call(updateApp, said, bench.as(bob))).rejects.toMatchObject({ code: 'apps.not_found' });
    expect((await bench.bus.call(updateApp, said, bench.as(ada))).app).toMatchObject({ visibility: 'listed', listedFor: [mine.id] });
    const versions = (asked: string) => bench.bus.call(listAppVersions, { slug: app.slug, workspace: asked }, bench.as(bob));
    expect((await versions(mine.slug)).items).toHaveLength(1);
    await expect(versions(others.slug)).rejects.toMatchObject({ code: 'apps.not_found' });
    await expect(versions('')).rejects.toMatchObject({ code: 'apps.not_found' });
  });

  /** Writes `apps.yaml` and, where it is said, `apps.lock` by hand. */
  const write = (workspaceId: string, files: Readonly<Record<string, string>>) => {
    const said = { workspaceId, files, ifMatch: '*', prefer: 'handling=lenient' };
    return bench.bus.call(DraftsService.method.applyDraft, said, bench.as(ada));
  };
  const refusedLock = { code: 'workspaces.document_invalid', errors: [expect.objectContaining({ code: 'app-lock' })] };

  it('that is written by hand is locked by an upgrade, with consent to all that it may do', async () => {
    const { app, consent } = await installed();
    const { id: workspaceId } = await workspace();
    await write(workspaceId, { 'apps.yaml': `crm: { app: ${app.slug}, version: 1.x, config: { url: x } }\n` });
    const at = { workspaceId, instance: 'crm' };
    const shown = { version: '', digest: '', consented: false, newer: '1.0.0' };
    expect((await bench.bus.call(method.getInstance, at, bench.as(ada))).instance).toMatchObject(shown);
    await expect(bench.bus.call(publishVersion, { workspaceId }, bench.as(ada))).rejects.toMatchObject(refusedLock);
    await expect(bench.bus.call(method.consentInstance, { ...at, consent }, bench.as(ada))).rejects.toMatchObject({
      code: 'apps.lock_invalid',
      refusal: 'conflict',
    });
    expect(await bench.bus.call(method.upgradeInstance, { ...at, dryRun: true }, bench.as(ada))).toMatchObject({
      ...{ from: '', to: '1.0.0', breaking: [], removed: [], added: ['call the host one.example'] },
    });
    await expect(bench.bus.call(method.upgradeInstance, at, bench.as(ada))).rejects.toMatchObject({ code: 'apps.consent_needed' });
    const { instance } = await bench.bus.call(method.upgradeInstance, { ...at, consent }, bench.as(ada));
    expect(instance).toMatchObject({ version: '1.0.0', consented: true, newer: '' });
    expect((await bench.bus.call(publishVersion, { workspaceId }, bench.as(ada))).version).toMatchObject({ number: 1 });
  });

  it('of an app that there is not can be shown, configured and removed, but nothing can run with it', async () => {
    const { id: workspaceId } = await workspace();
    await write(workspaceId, { 'apps.yaml': 'ghost: { app: nobody-has-published-this, config: { a: 1 } }\n' });
    const at = { workspaceId, instance: 'ghost', ifMatch: '*' };
    const { items } = await bench.bus.call(method.listInstances, at, bench.as(ada));
    expect(items).toMatchObject([{ slug: 'ghost', version: '', consented: false, newer: '' }]);
    await expect(bench.bus.call(publishVersion, { workspaceId }, bench.as(ada))).rejects.toMatchObject(refusedLock);
    const configured = await bench.bus.call(method.updateInstanceConfig, { ...at, config: json({ b: 2 }) }, bench.as(ada));
    expect(parsed(configured.config)).toEqual({ a: 1, b: 2 });
    const shown = await bench.bus.call(method.getInstanceConfig, at, bench.as(ada));
    expect([parsed(shown.config), parsed(shown.configSchema)]).toEqual([{ a: 1, b: 2 }, {}]);
    await bench.bus.call(method.removeInstance, at, bench.as(ada));
    expect((await bench.bus.call(method.listInstances, at, bench.as(ada))).items).toEqual([]);
    expect((await bench.bus.call(publishVersion, { workspaceId }, bench.as(ada))).version).toMatchObject({ number: 1 });
  });

  it('runs nothing but what was published: a lock that names another text is refused', async () => {
    const { app, host, consent } = await installed();
    const lock = (said: object): Readonly<Record<string, string>> => ({
      'apps.lock': JSON.stringify({ crm: { app: app.slug, version: '1.0.0', digest: 'd', consent, ...said } }),
    });
    await write(host.id, lock({}));
    await expect(bench.bus.call(publishVersion, { workspaceId: host.id }, bench.as(ada))).rejects.toMatchObject({
      ...refusedLock,
      message: expect.stringContaining('something else'),
    });
    await write(host.id, lock({ app: 'another' }));
    await expect(bench.bus.call(publishVersion, { workspaceId: host.id }, bench.as(ada))).rejects.toMatchObject(refusedLock);
    const at = { workspaceId: host.id, instance: 'crm', consent };
    await expect(bench.bus.call(method.consentInstance, at, bench.as(ada))).rejects.toMatchObject({ code: 'apps.lock_invalid' });
    await bench.bus.call(method.upgradeInstance, at, bench.as(ada));
    expect((await bench.bus.call(publishVersion, { workspaceId: host.id }, bench.as(ada))).version).toMatchObject({ number: 1 });
  });

  it('is planned with all that it asks for and nobody consented to, for those who may see the app', async () => {
    const { app, host, files, consent } = await installed();
    const same = { ...files, 'automations/c.yaml': 'do: []\n' };
    await offer(app.id, '1.1.0', same);
    const more = await offer(app.id, '1.2.0', { ...same, 'automations/b.yaml': automation('two.example') });
    const planned = async (workspaceId: string, version: string, digest: string, caller = ada, name = app.slug) => {
      const lock = { app: name, version, digest: 'd', consent: digest };
      const told = {
        'apps.yaml': `crm: { app: ${name} }\ntwin: { app: ${name} }\n`,
        'apps.lock': JSON.stringify({ crm: lock, twin: lock }),
      };
      const asked = { workspaceId, files: told, ifMatch: '*', dryRun: true };
      const { problems } = await bench.bus.call(DraftsService.method.applyDraft, asked, bench.as(caller));
      return problems.flatMap(({ code, message }) => (code === 'app-lock' ? [/, (installed as .*?)\. /.exec(message)?.[1]] : []));
    };
    const asks = (beyond: string) => ['crm', 'twin'].map((slug) => `installed as "${slug}", may do${beyond}`);

    expect(await planned(host.id, '1.1.0', consent)).toEqual(asks(' more than 1.0.0: nothing'));
    expect(await planned(host.id, '1.2.0', more)).toEqual(asks(' more than 1.0.0: call the host two.example'));
    expect(await planned(host.id, '9.0.0', consent)).toEqual(asks(''));
    const { id: anew } = await workspace();
    expect(await planned(anew, '1.2.0', more)).toEqual(asks(': call the host one.example, call the host two.example'));
    expect(await planned(anew, '1.2.0', more, ada, 'nobody-has-published-this')).toEqual(asks(''));

    const { id: foreign } = await workspace(bob);
    expect(await planned(foreign, '1.2.0', more, bob)).toEqual(asks(''));
    await bench.bus.call(updateApp, { slug: app.slug, visibility: 'public', ifMatch: '*' }, bench.as(ada));
    expect(await planned(foreign, '1.2.0', more, bob)).toEqual(asks(': call the host one.example, call the host two.example'));
  });

  it('is configured by a merge patch: maps are merged, null removes, anything else replaces', async () => {
    const { host } = await installed();
    const at = { workspaceId: host.id, instance: 'crm', ifMatch: '*' };
    const configure = async (config: JsonMap) =>
      parsed((await bench.bus.call(method.updateInstanceConfig, { ...at, config: json(config) }, bench.as(ada))).config);
    expect(await configure({ mail: { from: 'a', to: ['b'], by: null } })).toEqual({ url: 'x', mail: { from: 'a', to: ['b'] } });
    expect(await configure({ mail: { from: null, to: ['c'], via: { host: 'h' } } })).toEqual({
      ...{ url: 'x', mail: { to: ['c'], via: { host: 'h' } } },
    });
    expect(await configure({ mail: { via: 'relay' } })).toEqual({ url: 'x', mail: { to: ['c'], via: 'relay' } });
    expect(await configure({ mail: null })).toEqual({ url: 'x' });
  });

  it('tells before an upgrade that its configuration as a whole would not fit', async () => {
    const { app, host } = await installed();
    await offer(app.id, '1.1.0', { 'workspace.yaml': 'config: { schema: { minProperties: 2 } }\n', 'automations/a.yaml': 'do: []\n' });
    const asked = { workspaceId: host.id, instance: 'crm', dryRun: true };
    expect(await bench.bus.call(method.upgradeInstance, asked, bench.as(ada))).toMatchObject({
      ...{ to: '1.1.0', config: [expect.stringMatching(/^\/ must/)], removed: ['call the host one.example'] },
    });
  });

  it('may have any name, and is one of at most a hundred', async () => {
    const { app, consent } = await installed();
    const { id: workspaceId } = await workspace();
    const entries = Array.from({ length: 99 }, (_, at) => `one-${at}: { app: some-app }\n`);
    await write(workspaceId, { 'apps.yaml': entries.join('') });
    const said = { workspaceId, app: app.slug, config: json({ url: 'x' }), consent };
    const { instance } = await bench.bus.call(method.installApp, { ...said, slug: 'constructor' }, bench.as(ada));
    expect(instance).toMatchObject({ slug: 'constructor', version: '1.0.0' });
    await expect(bench.bus.call(method.installApp, { ...said, slug: 'more' }, bench.as(ada))).rejects.toMatchObject({
      code: 'apps.too_many_instances',
      refusal: 'exhausted',
    });
    await write(workspaceId, { 'apps.yaml': `constructor: { app: ${app.slug} }\n`, 'apps.lock': '' });
    const { items } = await bench.bus.call(method.listInstances, said, bench.as(ada));
    expect(items).toMatchObject([{ slug: 'constructor', version: '', newer: '1.0.0' }]);
  });

  it('is there with every other that is installed at the same time, or its caller is told to try again', async () => {
    const { app, consent } = await installed();
    const { id: workspaceId } = await workspace();
    const said = { workspaceId, app: app.slug, config: json({ url: 'x' }), consent };
    const slugs = ['one', 'two', 'three'];
    const outcomes = await Promise.allSettled(slugs.map((slug) => bench.bus.call(method.installApp, { ...said, slug }, bench.as(ada))));
    for (const outcome of outcomes)
      if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject({ code: 'apps.moved', refusal: 'conflict' });
    const { items } = await bench.bus.call(method.listInstances, { workspaceId }, bench.as(ada));
    const done = slugs.filter((_, at) => outcomes[at]?.status === 'fulfilled');
    expect(items.map(({ slug }) => slug).sort()).toEqual([...done].sort());
    expect(items.every(({ consented }) => consented)).toBe(true);
    expect(done.length).toBeGreaterThan(0);
  });
});
