import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AppsService, DraftsService, InstancesService, MembersService, WorkspacesService } from '@millrace/contracts';
import { servicePrincipal } from '@millrace/kernel';
import { person, serviceBench, type ServiceBench } from '@millrace/testing';
import { workspacesService } from '../../../index';

const { method } = AppsService;
const { createWorkspace, putAutomation, publishVersion, fetchModel, fetchDraft } = WorkspacesService.method;
const { installApp, listInstances, getInstance, getInstanceConfig, consentInstance } = InstancesService.method;
const bytes = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);

const CONTACT = `arguments: { name: { type: string, required: true } }
when: { events: [runtime.runs.finished] }
do:
  - fetch: { url: 'https://crm.example/contacts', headers: { authorization: '{{secret.CRM_TOKEN}}' } }
  - emit: { event: contact.created, payload: { name: '{{name}}' } }
  - createUserTopic: { topic: sales }
output: '{{name}}'
`;
const PRIVATE = 'private: true\ndo: []\n';

describe('apps', () => {
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

  /** A workspace of this person with these automations, published. */
  const workspace = async (owner = ada, automations: Readonly<Record<string, string>> = { contact: CONTACT, inner: PRIVATE }) => {
    names += 1;
    const made = await bench.bus.call(createWorkspace, { name: `Place ${names}`, slug: `place-${names}` }, bench.as(owner));
    const id = made.workspace?.id ?? '';
    for (const [slug, source] of Object.entries(automations)) await put(id, slug, source, owner);
    if (Object.keys(automations).length > 0) await publish(id, owner);
    return { id, slug: `place-${names}` };
  };

  const put = (workspaceId: string, slug: string, source: string, owner = ada, ifMatch = '') =>
    bench.bus.call(putAutomation, { workspaceId, slug, source: bytes(source), ifMatch }, bench.as(owner));

  const publish = async (workspaceId: string, owner = ada) =>
    (await bench.bus.call(publishVersion, { workspaceId, message: 'm' }, bench.as(owner))).version;

  const publishApp = async (workspaceId: string, number: string, slug = '', owner = ada) =>
    (await bench.bus.call(method.publishApp, { workspaceId, number, changes: 'c', slug }, bench.as(owner))).version;

  const install = async (workspaceId: string, said: { app: string; slug?: string; range?: string; consent?: string }, owner = ada) =>
    (await bench.bus.call(installApp, { workspaceId, ...said }, bench.as(owner))).instance;

  const open = async (app: string): Promise<void> => {
    await bench.bus.call(method.updateApp, { slug: app, visibility: 'public', ifMatch: '*' }, bench.as(ada));
  };

  /** Writes `apps.yaml`, the app of each instance, and `apps.lock` by hand. */
  const write = async (workspaceId: string, installed: Readonly<Record<string, string>>, lock: object, owner = ada): Promise<void> => {
    const entries = Object.entries(installed).map(([name, app]) => `${name}: { app: ${app} }\n`);
    const files = { 'apps.yaml': entries.join(''), 'apps.lock': JSON.stringify(lock) };
    const said = { workspaceId, files, ifMatch: '*', prefer: 'handling=lenient' };
    await bench.bus.call(DraftsService.method.applyDraft, said, bench.as(owner));
  };

  it('offer what others may call, and say what they do where they are installed', async () => {
    const { id, slug } = await workspace();
    const version = await publishApp(id, '1.0.0');
    expect(version).toMatchObject({
      ...{ app: slug, number: '1.0.0', changes: 'c', state: 'offered' },
      automations: [{ slug: 'contact', name: 'contact' }],
      permissions: {
        ...{ reads: ['runtime.runs.finished'], emits: ['contact.created'], hosts: ['crm.example'], secrets: ['CRM_TOKEN'] },
        ...{ files: false, actions: [], topics: ['sales'], apps: [] },
      },
    });
    const { items } = await bench.bus.call(method.listAppVersions, { slug }, bench.as(ada));
    expect(items).toEqual([version]);
  });

  it('are installed with consent to exactly what they may do', async () => {
    const { id, slug } = await workspace();
    const version = await publishApp(id, '1.0.0');
    const host = await workspace(ada, {});
    const refusal = await install(host.id, { app: slug, slug: 'crm', consent: 'another' }).catch((error: unknown) => error);
    expect(refusal).toMatchObject({
      code: 'apps.consent_needed',
      refusal: 'conflict',
      facts: { hosts: ['crm.example'], secrets: ['CRM_TOKEN'], consent: version?.permissions?.digest },
    });
    const consent = version?.permissions?.digest ?? '';
    expect(await install(host.id, { app: slug, slug: 'crm', consent })).toMatchObject({
      ...{ slug: 'crm', app: slug, range: 'latest', version: '1.0.0', consented: true, newer: '', digest: version?.digest },
    });
    const { items } = await bench.bus.call(listInstances, { workspaceId: host.id }, bench.as(ada));
    expect(items.map((one) => one.slug)).toEqual(['crm']);
    await expect(bench.bus.call(getInstance, { workspaceId: host.id, instance: 'no' }, bench.as(ada))).rejects.toMatchObject({
      code: 'apps.instance_not_found',
    });
  });

  it('come with the version of the workspace that installed them, in files of their own', async () => {
    const { id, slug } = await workspace();
    const consent = (await publishApp(id, '1.0.0'))?.permissions?.digest ?? '';
    const host = await workspace(ada, {});
    await put(host.id, 'call', 'do: [{ crm.contact: { name: x, output: made } }]\noutput: "{{made}}"\n');
    await expect(publish(host.id)).rejects.toMatchObject({ code: 'workspaces.document_invalid' });
    await install(host.id, { app: slug, slug: 'crm', consent });
    const version = await publish(host.id);
    const asked = { workspaceId: host.id, digest: version?.digest ?? '' };
    const files = await Array.fromAsync(bench.bus.stream(fetchModel, asked, bench.as(servicePrincipal('gateway'))));
    expect(files.map(({ instance, path }) => `${instance}:${path}`)).toEqual([
      ':apps.lock',
      ':apps.yaml',
      ':automations/call.yaml',
      'crm:',
      'crm:automations/contact.yaml',
      'crm:automations/inner.yaml',
    ]);
    expect(files[3]?.app).toMatchObject({ slug, version: '1.0.0', permissions: { digest: consent, topics: ['sales'] } });
  });

  it('are nobody else’s to see until they are offered', async () => {
    const { id, slug } = await workspace();
    await publishApp(id, '1.0.0');
    const mine = await workspace(bob, {});
    await expect(bench.bus.call(method.getApp, { slug }, bench.as(bob))).rejects.toMatchObject({ code: 'apps.not_found' });
    await expect(install(mine.id, { app: slug }, bob)).rejects.toMatchObject({ code: 'apps.not_found' });
    expect((await bench.bus.call(method.listApps, { limit: 200 }, bench.as(bob))).items.map((app) => app.slug)).not.toContain(slug);
    await open(slug);
    expect((await bench.bus.call(method.getApp, { slug }, bench.as(bob))).app).toMatchObject({ slug, latest: '1.0.0' });
    await expect(install(mine.id, { app: slug }, bob)).rejects.toMatchObject({ code: 'apps.consent_needed' });
  });

  it('keep what callers rely on within a major number', async () => {
    const { id, slug } = await workspace();
    await publishApp(id, '1.0.0');
    await expect(publishApp(id, '1.0.0')).rejects.toMatchObject({ code: 'apps.number_taken' });
    await put(id, 'contact', 'arguments: { name: { type: string }, mail: { type: string, required: true } }\ndo: []\n', ada, '*');
    await publish(id);
    await expect(publishApp(id, '1.1.0')).rejects.toMatchObject({
      code: 'apps.interface_broken',
      facts: { app: slug, breaking: ['automation contact needs mail'] },
    });
    expect(await publishApp(id, '2.0.0')).toMatchObject({ number: '2.0.0' });
    await expect(publishApp(id, '3.0.0', 'another-name')).rejects.toMatchObject({ code: 'apps.slug_fixed' });
  });

  it('are not part of themselves', async () => {
    const inner = await workspace();
    const consent = (await publishApp(inner.id, '1.0.0'))?.permissions?.digest ?? '';
    const outer = await workspace();
    await install(outer.id, { app: inner.slug, slug: 'within', consent });
    await publish(outer.id);
    const whole = await publishApp(outer.id, '1.0.0');
    expect(whole?.permissions).toMatchObject({
      apps: [`${inner.slug}@1.0.0`],
      emits: ['contact.created', 'within.contact.created'],
    });
    await expect(install(inner.id, { app: outer.slug, consent: whole?.permissions?.digest ?? '' })).rejects.toMatchObject({
      code: 'apps.cycle',
    });
    await expect(install(inner.id, { app: inner.slug, consent })).rejects.toMatchObject({ code: 'apps.cycle' });
  });

  it('cannot be had by writing a lock', async () => {
    const { id, slug } = await workspace();
    const version = await publishApp(id, '1.0.0');
    const mine = await workspace(bob, {});
    const lock = { app: slug, version: '1.0.0', digest: version?.digest ?? '', consent: version?.permissions?.digest ?? '' };
    await write(mine.id, { crm: slug }, { crm: lock }, bob);
    // Nothing else is wrong: what calls the app is not told that there is none.
    await put(mine.id, 'caller', 'do: [{ crm.contact: { name: Ada } }]\n', bob);
    await expect(publish(mine.id, bob)).rejects.toMatchObject({
      code: 'workspaces.document_invalid',
      errors: [expect.objectContaining({ code: 'app-lock' })],
    });
    const draft = bench.bus.stream(fetchDraft, { workspaceId: mine.id }, bench.as(bob));
    await expect(Array.fromAsync(draft)).rejects.toMatchObject({ code: 'apps.lock_invalid' });
    const consenting = { workspaceId: mine.id, instance: 'crm', consent: lock.consent };
    await expect(bench.bus.call(consentInstance, consenting, bench.as(bob))).rejects.toMatchObject({ code: 'apps.not_found' });
    await open(slug);
    expect((await bench.bus.call(consentInstance, consenting, bench.as(bob))).instance).toMatchObject({ consented: true });
    expect(await publish(mine.id, bob)).toMatchObject({ number: 1 });
  });

  it('say nothing of themselves to whoever writes a lock', async () => {
    const automations = { offered: 'do: []\n' };
    const [hidden, open_] = [await workspace(ada, automations), await workspace(ada, automations)];
    const version = await publishApp(hidden.id, '1.0.0');
    const consent = (await publishApp(open_.id, '1.0.0'))?.permissions?.digest ?? '';
    await open(open_.slug);
    const mine = await workspace(bob, {});
    await install(mine.id, { app: open_.slug, slug: 'other', consent }, bob);
    const lock = { app: open_.slug, version: '1.0.0', digest: version?.digest ?? '', consent };
    const at = { workspaceId: mine.id, instance: 'crm' };
    // The permissions of both are the same, and somebody consented to those of the other.
    for (const crm of [lock, { ...lock, app: hidden.slug }, { ...lock, version: '0.9.0' }]) {
      await write(mine.id, { crm: hidden.slug }, { crm }, bob);
      const { instance } = await bench.bus.call(getInstance, at, bench.as(bob));
      expect([instance?.consented, instance?.newer, instance?.permissions]).toEqual([false, '', undefined]);
      expect(new TextDecoder().decode((await bench.bus.call(getInstanceConfig, at, bench.as(bob))).configSchema)).toBe('{}');
    }
    await open(hidden.slug);
    expect((await bench.bus.call(getInstance, at, bench.as(bob))).instance).toMatchObject({ consented: false, newer: '1.0.0' });
  });

  it('run at most two hundred together, and a hundred beside each other', async () => {
    const fill = async (app: { readonly slug: string; readonly consent: string; readonly digest: string }, count: number) => {
      const host = await workspace(ada, {});
      await install(host.id, { app: app.slug, slug: 'a0', consent: app.consent });
      const names = Array.from({ length: count }, (_, at) => `a${at}`);
      const lock = { app: app.slug, version: '1.0.0', digest: app.digest, consent: app.consent };
      const entries = <T>(value: T): Record<string, T> => Object.fromEntries(names.map((name) => [name, value]));
      await write(host.id, entries(app.slug), entries(lock));
      return host;
    };
    const offered = async ({ id, slug }: { readonly id: string; readonly slug: string }) => {
      const version = await publishApp(id, '1.0.0');
      return { slug, consent: version?.permissions?.digest ?? '', digest: version?.digest ?? '' };
    };
    const single = await offered(await workspace(ada, { one: 'do: []\n' }));
    const refused = (message: string) => ({
      ...{
        code: 'workspaces.document_invalid',
        errors: [expect.objectContaining({ code: 'app-lock', detail: expect.stringContaining(message) })],
      },
    });
    await expect(publish((await fill(single, 101)).id)).rejects.toMatchObject(refused('at most 100'));
    const many = await fill(single, 66);
    await publish(many.id);
    const whole = await offered(many);
    await expect(publish((await fill(whole, 3)).id)).rejects.toMatchObject(refused('At most 200'));
    expect(await publish((await fill(whole, 2)).id)).toMatchObject({ number: 1 });
  });

  it('bear no name that events of the platform begin with', async () => {
    const { id, slug } = await workspace();
    const consent = (await publishApp(id, '1.0.0'))?.permissions?.digest ?? '';
    const host = await workspace(ada, {});
    await expect(install(host.id, { app: slug, slug: 'runtime', consent })).rejects.toMatchObject({ code: 'apps.instance_reserved' });
    await install(host.id, { app: slug, slug: 'crm', consent });
    await expect(install(host.id, { app: slug, slug: 'crm', consent })).rejects.toMatchObject({ code: 'apps.instance_taken' });
  });

  it('bear no such name by writing it into a file', async () => {
    const { id, slug } = await workspace();
    const version = await publishApp(id, '1.0.0');
    const consent = version?.permissions?.digest ?? '';
    const host = await workspace(ada, {});
    await install(host.id, { app: slug, slug: 'crm', consent });
    const lock = { app: slug, version: '1.0.0', digest: version?.digest ?? '', consent };
    for (const name of ['workspaces', 'error']) {
      await write(host.id, { [name]: slug }, { [name]: lock });
      await expect(publish(host.id)).rejects.toMatchObject({
        code: 'workspaces.document_invalid',
        errors: [expect.objectContaining({ code: 'app-lock', detail: expect.stringContaining(`"${name}" begins the names`) })],
      });
    }
    await write(host.id, { crm: slug }, { crm: lock });
    expect(await publish(host.id)).toMatchObject({ number: 1 });
  });

  it('bear the name of their workspace or one of their own, which nobody else has', async () => {
    const { id } = await workspace();
    expect(await publishApp(id, '1.0.0', 'contact-book')).toMatchObject({ app: 'contact-book' });
    const { app } = await bench.bus.call(method.getApp, { slug: 'contact-book' }, bench.as(ada));
    expect(app).toMatchObject({ slug: 'contact-book', workspaceId: id, name: `Place ${names}`, description: '', visibility: 'private' });
    expect(await publishApp(id, '1.0.1')).toMatchObject({ app: 'contact-book' });
    const other = await workspace(bob);
    await expect(publishApp(other.id, '1.0.0', 'contact-book', bob)).rejects.toMatchObject({ code: 'apps.slug_taken' });
    await expect(publishApp(other.id, '1.0.0', 'runtime', bob)).rejects.toMatchObject({ code: 'apps.instance_reserved' });
    expect(await publishApp(other.id, '1.0.0', '', bob)).toMatchObject({ app: other.slug });
  });

  it('are what runs in their workspace: where nothing does there is none', async () => {
    const never = await workspace(ada, {});
    await expect(publishApp(never.id, '1.0.0')).rejects.toMatchObject({ code: 'apps.nothing_active' });
    await put(never.id, 'contact', CONTACT);
    const said = { workspaceId: never.id, activate: false };
    await bench.bus.call(publishVersion, said, bench.as(ada));
    await expect(publishApp(never.id, '1.0.0')).rejects.toMatchObject({ code: 'apps.nothing_active' });
  });

  it('are listed page by page, each to those who may see it', async () => {
    const [hidden, listed, shown] = [await workspace(), await workspace(), await workspace()];
    for (const { id } of [hidden, listed, shown]) await publishApp(id, '1.0.0');
    const mine = await workspace(bob, {});
    const listing = { slug: listed.slug, visibility: 'listed', listing: { workspaces: [mine.id] }, ifMatch: '*' };
    await bench.bus.call(method.updateApp, listing, bench.as(ada));
    await open(shown.slug);
    const seen = async (owner: typeof ada, asked: string): Promise<readonly string[]> => {
      const slugs: string[] = [];
      let cursor = '';
      do {
        const page = await bench.bus.call(method.listApps, { workspace: asked, limit: 2, cursor }, bench.as(owner));
        slugs.push(...page.items.map(({ slug }) => slug));
        cursor = page.nextCursor;
      } while (cursor !== '');
      return slugs.filter((slug) => [hidden, listed, shown].some((one) => one.slug === slug));
    };
    expect(await seen(bob, '')).toEqual([shown.slug]);
    expect(await seen(bob, mine.slug)).toEqual([listed.slug, shown.slug].sort());
    expect(await seen(ada, hidden.slug)).toEqual([hidden.slug, listed.slug, shown.slug].sort());
    await expect(seen(bob, hidden.slug)).rejects.toMatchObject({ code: 'workspaces.not_found' });
  });

  it('say how they are used where one is shown, and not in a list', async () => {
    const { id, slug } = await workspace();
    await publishApp(id, '1.0.0');
    const said = { slug, docs: '# Contacts\nSend `contact.made`.', ifMatch: '*' };
    expect((await bench.bus.call(method.updateApp, said, bench.as(ada))).app?.docs).toBe(said.docs);
    expect((await bench.bus.call(method.getApp, { slug }, bench.as(ada))).app?.docs).toBe(said.docs);
    const listed = await bench.bus.call(method.listApps, { workspace: id, where: `slug = '${slug}'` }, bench.as(ada));
    expect(listed.items.map(({ docs }) => docs)).toEqual(['']);
    expect((await bench.bus.call(method.updateApp, { slug, docs: '', ifMatch: '*' }, bench.as(ada))).app?.docs).toBe('');
  });

  it('are seen by all who read their workspace, who see less of them than who may change them', async () => {
    const { id, slug } = await workspace();
    await publishApp(id, '1.0.0');
    const listing = { slug, visibility: 'listed', listing: { workspaces: ['ws_of_a_customer'] }, ifMatch: '*' };
    expect((await bench.bus.call(method.updateApp, listing, bench.as(ada))).app?.listedFor).toEqual(['ws_of_a_customer']);
    const invited = { workspaceId: id, userId: 'vera', roles: ['viewer'] };
    await bench.bus.call(MembersService.method.inviteMember, invited, bench.as(ada));
    const vera = bench.as(person('vera'));
    expect((await bench.bus.call(method.getApp, { slug }, vera)).app).toMatchObject({ slug, visibility: 'listed', listedFor: [] });
    await expect(bench.bus.call(method.updateApp, { slug, name: 'Mine', ifMatch: '*' }, vera)).rejects.toMatchObject({
      code: 'apps.manage_denied',
      refusal: 'forbidden',
    });
  });

  it('stand in each other, at most five deep', async () => {
    const nest = async (inner: string, consent: string) => {
      const outer = await workspace(ada, {});
      await install(outer.id, { app: inner, slug: 'inner', consent });
      return { ...outer, digest: (await publish(outer.id))?.digest ?? '' };
    };
    let { slug, id } = await workspace();
    for (let depth = 1; depth <= 5; depth += 1) {
      const consent = (await publishApp(id, '1.0.0'))?.permissions?.digest ?? '';
      const outer = await nest(slug, consent);
      ({ slug, id } = outer);
      const asked = { workspaceId: id, digest: outer.digest };
      const files = await Array.fromAsync(bench.bus.stream(fetchModel, asked, bench.as(servicePrincipal('gateway'))));
      const deepest = Array<string>(depth).fill('inner').join('.');
      expect(files.filter(({ app }) => app !== undefined).map(({ instance }) => instance)).toHaveLength(depth);
      expect(files.at(-1)).toMatchObject({ instance: deepest, path: 'automations/inner.yaml' });
    }
    await expect(publishApp(id, '1.0.0')).rejects.toMatchObject({ code: 'apps.too_deep' });
  });
});
