import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { StagedBlobs } from '@millrace/blobs';
import {
  AppsService,
  ExchangeService,
  InstancesService,
  MembersService,
  RightsService,
  VersionsService,
  WorkspacesService,
} from '@millrace/contracts';
import { person, serviceBench, type ServiceBench } from '@millrace/testing';
import { extract, pack } from 'tar-stream';
import { workspacesService } from '../../index';

const { createWorkspace, publishVersion } = WorkspacesService.method;
const { consentInstance, installApp, listInstances } = InstancesService.method;
const { importWorkspace } = ExchangeService.method;
const { publishApp, updateApp } = AppsService.method;

type Files = Readonly<Record<string, string>>;

const MAIL: Files = { 'workspace.yaml': 'name: Mail\n', 'automations/send.yaml': 'do: []\n', 'assets/logo.svg': '<svg/>' };
const CRM: Files = { 'workspace.yaml': 'description: knows people\n', 'automations/add.yaml': 'do: []\n' };
const HOTEL: Files = { 'workspace.yaml': 'name: Hotel\n', 'automations/greet.yaml': 'do:\n  - crm.add: {}\n' };

/** An installation, with what somebody does there. */
class Platform {
  private constructor(
    readonly bench: ServiceBench,
    private readonly staged: StagedBlobs,
  ) {}

  async [Symbol.asyncDispose](): Promise<void> {
    await this.bench[Symbol.asyncDispose]();
  }

  static async open(): Promise<Platform> {
    const bench = await serviceBench(workspacesService());
    const [service] = bench.services;
    if (service === undefined) throw new Error('The bench has no service.');
    return new Platform(bench, new StagedBlobs(bench.platform.blobs, service.parts.clock, service.parts.ids));
  }

  as(who = 'ada') {
    return this.bench.as(person(who));
  }

  /** A workspace with these files in its draft; its id. */
  async made(slug: string, files: Files): Promise<string> {
    const { workspace } = await this.bench.bus.call(createWorkspace, { name: slug, slug }, this.as());
    await this.take(await tarred(files), { workspaceId: workspace?.id ?? '' });
    return workspace?.id ?? '';
  }

  /** Publishes what is in a draft as this number of its app; the digest of its permissions. */
  async offer(workspaceId: string, number: string): Promise<string> {
    await this.bench.bus.call(publishVersion, { workspaceId }, this.as());
    const { version } = await this.bench.bus.call(publishApp, { workspaceId, number }, this.as());
    return version?.permissions?.digest ?? '';
  }

  async install(workspaceId: string, app: string, consent: string): Promise<void> {
    await this.bench.bus.call(installApp, { workspaceId, app, consent }, this.as());
  }

  /** Consents to whatever a draft says is installed. */
  async consent(workspaceId: string): Promise<void> {
    const { items } = await this.bench.bus.call(listInstances, { workspaceId }, this.as());
    for (const { slug: instance, permissions } of items) {
      await this.bench.bus.call(consentInstance, { workspaceId, instance, consent: permissions?.digest ?? '' }, this.as());
    }
  }

  async take(archive: Uint8Array, fields: object, who = 'ada') {
    const { ref } = await this.staged.put(archive);
    return this.bench.bus.call(importWorkspace, { ref, ...fields }, this.as(who));
  }

  /** Publishes a draft, and takes the version out with its apps. */
  async exported(workspaceId: string, format = 'tar.gz'): Promise<Buffer> {
    const { version } = await this.bench.bus.call(publishVersion, { workspaceId }, this.as());
    return this.export(workspaceId, { version: version?.id ?? '', format });
  }

  async export(workspaceId: string, fields: object, who = 'ada'): Promise<Buffer> {
    const asked = { workspaceId, version: '1', format: 'tar.gz', apps: true, ...fields };
    const pieces = await Array.fromAsync(this.bench.bus.stream(VersionsService.method.exportVersion, asked, this.as(who)));
    return Buffer.concat(pieces.map(({ bytes }) => bytes));
  }

  /** A workspace that installs crm, and crm installs mail. */
  async hotel(): Promise<string> {
    const mail = await this.offer(await this.made('mail', MAIL), '1.2.0');
    const crm = await this.made('crm', CRM);
    await this.install(crm, 'mail', mail);
    const consent = await this.offer(crm, '0.1.0');
    const hotel = await this.made('hotel', HOTEL);
    await this.install(hotel, 'crm', consent);
    return hotel;
  }
}

async function tarred(files: Files): Promise<Buffer> {
  const tar = pack();
  for (const [name, text] of Object.entries(files)) tar.entry({ name }, text);
  tar.finalize();
  return gzipSync(Buffer.concat((await Array.fromAsync(tar as AsyncIterable<unknown>)) as Uint8Array[]));
}

async function filesIn(archive: Buffer): Promise<Files> {
  const tar = extract();
  tar.end(gunzipSync(archive));
  const files: Record<string, string> = {};
  for await (const entry of tar) {
    const chunks = (await Array.fromAsync(entry as AsyncIterable<unknown>)) as Uint8Array[];
    files[entry.header.name] = Buffer.concat(chunks).toString('utf8');
  }
  return files;
}

describe('an archive with apps', () => {
  let here: Platform;
  let hotel: string;
  let archive: Buffer;

  beforeAll(async () => {
    here = await Platform.open();
    hotel = await here.hotel();
    archive = await here.exported(hotel);
  });

  afterAll(async () => {
    await here[Symbol.asyncDispose]();
  });

  const notesOf = ({ report }: { readonly report: readonly { readonly file: string; readonly outcome: string }[] }) =>
    report.map(({ file, outcome }) => `${file} ${outcome}`);

  it('holds each locked version of an app once, before what needs it, with all its files', async () => {
    const files = await filesIn(archive);
    expect(Object.keys(files)).toEqual([
      'apps/mail@1.2.0/assets/logo.svg',
      'apps/mail@1.2.0/automations/send.yaml',
      'apps/mail@1.2.0/workspace.yaml',
      'apps/crm@0.1.0/apps.lock',
      'apps/crm@0.1.0/apps.yaml',
      'apps/crm@0.1.0/automations/add.yaml',
      'apps/crm@0.1.0/workspace.yaml',
      'apps.lock',
      'apps.yaml',
      'automations/greet.yaml',
      'workspace.yaml',
    ]);
    expect(files['apps/mail@1.2.0/automations/send.yaml']).toBe(MAIL['automations/send.yaml']);
    expect(Object.keys(await filesIn(await here.export(hotel, { apps: false })))).toEqual(Object.keys(files).slice(7));
  });

  it.each(['zip', 'tar.gz'])('is the same bytes after an import, a consent and an export, as %s', async (format) => {
    const first = await here.exported(hotel, format);
    const done = await here.take(first, { slug: `hotel-${format.slice(0, 3)}` });
    const workspaceId = done.workspace?.id ?? '';
    expect(notesOf(done).slice(0, 3)).toEqual(['apps/mail@1.2.0/ same', 'apps/crm@0.1.0/ same', 'apps.lock same']);
    expect(done.problems.map(({ code, file }) => `${file} ${code}`)).toEqual(['apps.lock app-lock']);
    await expect(here.exported(workspaceId, format)).rejects.toMatchObject({ code: 'workspaces.document_invalid' });
    await here.consent(workspaceId);
    expect((await here.exported(workspaceId, format)).equals(first)).toBe(true);
  });

  it('says where apps are not here what to do, makes none by itself, and runs when that is done', async () => {
    await using there = await Platform.open();
    const { workspace, report, problems, created } = await there.take(archive, { slug: 'moved' });
    const workspaceId = workspace?.id ?? '';
    expect(report.slice(0, 2)).toEqual([
      expect.objectContaining({ file: 'apps/mail@1.2.0/', outcome: 'refused', reason: expect.stringContaining('app=mail@1.2.0') }),
      expect.objectContaining({ file: 'apps/crm@0.1.0/', outcome: 'refused' }),
    ]);
    expect([created.length, problems.map(({ code }) => code)]).toEqual([4, ['app-lock']]);

    for (const [app, number] of [
      ['mail', '1.2.0'],
      ['crm', '0.1.0'],
    ] as const) {
      const done = await there.take(archive, { app: `${app}@${number}` });
      expect(done.workspace).toMatchObject({ slug: app, name: app === 'mail' ? 'Mail' : 'crm' });
      await there.consent(done.workspace?.id ?? '');
      await there.offer(done.workspace?.id ?? '', number);
    }
    await there.consent(workspaceId);
    expect((await there.exported(workspaceId)).equals(archive)).toBe(true);
  });

  it('tells of apps that have other files here, and changes none of them', async () => {
    await using there = await Platform.open();
    await there.offer(await there.made('mail', { ...MAIL, 'automations/send.yaml': 'do: [] # mine\n' }), '1.2.0');
    await there.offer(await there.made('crm', CRM), '9.0.0');
    const { report } = await there.take(archive, { slug: 'moved', dryRun: true });
    expect(report.slice(0, 2)).toEqual([
      expect.objectContaining({ outcome: 'refused', reason: expect.stringContaining('mail 1.2.0 has other files here') }),
      expect.objectContaining({ outcome: 'refused', reason: expect.stringContaining('there is no crm 0.1.0 here') }),
    ]);
    // Whose apps are not offered to them learns nothing of them.
    const told = await there.take(archive, { slug: 'moved', dryRun: true }, 'bob');
    expect(told.report.slice(0, 2).map(({ reason }) => reason.slice(0, 27))).toEqual([
      'there is no mail 1.2.0 here',
      'there is no crm 0.1.0 here,',
    ]);
  });

  it('brings its apps one by one into workspaces there are, and only those it holds', async () => {
    const { workspace } = await here.bench.bus.call(createWorkspace, { name: 'Copy', slug: 'copy' }, here.as());
    const into = { workspaceId: workspace?.id ?? '' };
    expect(await here.take(archive, { ...into, app: 'mail@1.2.0' })).toMatchObject({
      created: Object.keys(MAIL).sort(),
      report: expect.arrayContaining([expect.objectContaining({ file: 'apps/crm@0.1.0/' })]) as unknown,
    });
    await expect(here.take(archive, { ...into, app: 'mail@1.3.0' })).rejects.toMatchObject({
      code: 'workspaces.app_not_packed',
      message: expect.stringContaining('It holds mail@1.2.0, crm@0.1.0.'),
    });
    await expect(here.take(await tarred(HOTEL), { ...into, app: 'mail@1.2.0' })).rejects.toMatchObject({
      message: expect.stringContaining('apps=true'),
    });
  });

  it('is given only to who may read apps, and to whom each of them is offered, roles and all', async () => {
    const call = here.bench.bus.call.bind(here.bench.bus);
    const rules = [{ allow: ['export'], on: ['versions'] }];
    await call(RightsService.method.putRole, { workspaceId: hotel, role: 'packer', rules, ifNoneMatch: '*' }, here.as());
    for (const [userId, role] of [
      ['bob', 'editor'],
      ['eve', 'packer'],
    ] as const) {
      await call(MembersService.method.inviteMember, { workspaceId: hotel, userId, roles: [role] }, here.as());
    }
    const asBob = (version = '1') => here.export(hotel, { version }, 'bob');
    await expect(here.export(hotel, {}, 'eve')).rejects.toMatchObject({ code: 'apps.read_denied' });
    await expect(asBob()).rejects.toMatchObject({
      ...{ code: 'apps.withheld', refusal: 'forbidden' },
      message: expect.stringContaining('mail@1.2.0 is not offered to you, crm@0.1.0 is not offered to you.'),
    });
    await call(updateApp, { slug: 'crm', visibility: 'listed', listing: { workspaces: [hotel] }, ifMatch: '*' }, here.as());
    await call(updateApp, { slug: 'mail', visibility: 'public', ifMatch: '*' }, here.as());
    expect((await asBob()).equals(archive)).toBe(true);
    await here.take(await tarred({ 'roles.yaml': 'desk:\n  rules: [{ allow: [read], on: [events] }]\n' }), { workspaceId: 'crm' });
    await here.offer('crm', '0.1.1');
    await call(InstancesService.method.upgradeInstance, { workspaceId: hotel, instance: 'crm' }, here.as());
    const { version } = await call(publishVersion, { workspaceId: hotel }, here.as());
    await expect(asBob(version?.id)).rejects.toMatchObject({ message: expect.stringContaining('crm@0.1.1 has a roles.yaml') });
    expect(Object.keys(await filesIn(await here.export(hotel, { version: version?.id })))).toContain('apps/crm@0.1.1/roles.yaml');
  });
});
