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
});
