import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { AppsService, DraftsService, InstancesService, LifeService, WorkspacesService } from '@millrace/contracts';
import { person, serviceBench, type ServiceBench } from '@millrace/testing';
import { interrupted, Interruptions } from '../../testing/interrupted';
import { workspacesService } from '../index';

const { publishApp, updateApp } = AppsService.method;
const { getInstance, installApp, updateInstance, upgradeInstance } = InstancesService.method;
const { createWorkspace, deleteWorkspace, publishVersion, updateWorkspace } = WorkspacesService.method;

const PLAIN = 'do: []\n';
const FETCHES = "do: [{ fetch: { url: 'https://api.example.com/a' } }]\n";

describe('apps that are upgraded by themselves', () => {
  const interruptions = new Interruptions();
  let bench: ServiceBench;
  let publisher: string;
  let workspaceId: string;
  let app: string;
  /** Digest of the permissions of the number that was offered last. */
  let consent = '';
  let count = 0;
  const [ada, bob] = [person('ada'), person('bob')];

  beforeAll(async () => {
    bench = await serviceBench(interrupted(workspacesService(), interruptions));
  });

  beforeEach(async () => {
    publisher = await create(ada);
    app = `app-${count}`;
    workspaceId = await create(ada);
    await offer('1.0.0');
  });

  afterEach(() => {
    expect(interruptions.isOver()).toBe(true);
  });

  afterAll(async () => {
    await bench[Symbol.asyncDispose]();
  });

  const create = async (who: typeof ada): Promise<string> => {
    count += 1;
    const { workspace } = await bench.bus.call(createWorkspace, { name: `App ${count}` }, bench.as(who));
    return workspace?.id ?? '';
  };
  const apply = async (id: string, files: Readonly<Record<string, string>>) =>
    bench.bus.call(DraftsService.method.applyDraft, { workspaceId: id, ifMatch: '*', files, prefer: 'handling=lenient' }, bench.as(ada));
  /** Publishes a number of the app: of this automation, and this configuration. */
  const offer = async (number: string, automation = PLAIN, schema = '{}') => {
    await apply(publisher, {
      'automations/greet.yaml': `${automation}output: '${number}'\n`,
      'workspace.yaml': `name: Of an app\nlanguage: 1\nconfig: { schema: ${schema} }\n`,
    });
    await bench.bus.call(publishVersion, { workspaceId: publisher }, bench.as(ada));
    const { version: made } = await bench.bus.call(publishApp, { workspaceId: publisher, number, slug: app }, bench.as(ada));
    consent = made?.permissions?.digest ?? '';
  };
  const wants = (autoUpgrade: string, who = ada, id = workspaceId) =>
    bench.bus.call(updateWorkspace, { workspaceId: id, ifMatch: '*', settings: { autoUpgrade } }, bench.as(who));
  const install = (range: string, who = ada, id = workspaceId) => {
    const config = Buffer.from(JSON.stringify({ host: id === workspaceId ? 7 : 'h' }));
    return bench.bus.call(installApp, { workspaceId: id, app, slug: 'crm', range, consent, config }, bench.as(who));
  };
  const version = async (who = ada, id = workspaceId) =>
    (await bench.bus.call(getInstance, { workspaceId: id, instance: 'crm' }, bench.as(who))).instance?.version;
  /** Waits until a version has been heard of by a workspace that takes all and is served last: so has everybody. */
  const witness = async (): Promise<(number: string) => Promise<void>> => {
    const id = await create(ada);
    await install('latest', ada, id);
    await wants('minor', ada, id);
    return (number) => eventually(async () => (await version(ada, id)) === number);
  };
  const drain = async (): Promise<void> => {
    for (const { parts } of bench.services) await parts.outbox?.drain();
  };
  const told = async (type: string): Promise<readonly unknown[]> => {
    await drain();
    const events = await Array.fromAsync(bench.platform.eventLog.read('first', `${workspaceId}.apps.${type}`, { live: false }));
    return events.map(({ payload, actor }) => [actor.id, JSON.parse(new TextDecoder().decode(payload)) as unknown]);
  };
  const upgraded = (from: string, to: string) => ['workspaces', { instance: 'crm', app, from, to }];

  it('move on within their range, as far as the workspace says', async () => {
    await install('^1.0.0');
    const handled = await witness();
    const steps = [
      ['none', '1.0.1', '1.0.0'],
      ['patch', '1.0.2', '1.0.2'],
      ['patch', '1.1.0', '1.0.2'],
      ['minor', '1.1.1', '1.1.1'],
    ] as const;
    for (const [reach, number, then] of steps) {
      await wants(reach);
      await offer(number);
      await handled(number);
      expect([number, await version()]).toEqual([number, then]);
    }
    expect(await told('upgraded')).toEqual([upgraded('1.0.0', '1.0.2'), upgraded('1.0.2', '1.1.1')]);
  });

  it('wait for consent to what may do more, and then go on', async () => {
    await install('latest');
    await wants('minor');
    await offer('1.1.0', FETCHES);
    await eventually(async () => (await told('consent.asked')).length > 0);
    expect(await told('consent.asked')).toEqual([
      ['workspaces', { instance: 'crm', app, version: '1.1.0', added: ['call the host api.example.com'] }],
    ]);
    expect([await version(), await told('upgraded')]).toEqual(['1.0.0', []]);
    await bench.bus.call(upgradeInstance, { workspaceId, instance: 'crm', consent }, bench.as(ada));
    await offer('1.1.1', FETCHES);
    await eventually(async () => (await version()) === '1.1.1');
    expect((await told('upgraded')).at(-1)).toEqual(upgraded('1.1.0', '1.1.1'));
  });

  it('stay where they are outside their range, where their configuration would not fit, and while nothing may change', async () => {
    await install('~1.0.0');
    await wants('minor');
    const handled = await witness();
    await offer('1.0.1', PLAIN, '{ type: object, properties: { host: { type: string } } }');
    await handled('1.0.1');
    await offer('1.1.0');
    await handled('1.1.0');
    const range = { workspaceId, instance: 'crm', range: 'latest', ifMatch: '*' };
    await bench.bus.call(updateInstance, range, bench.as(ada));
    await bench.bus.call(LifeService.method.suspendWorkspace, { workspaceId, suspended: true, reason: 'Winter.' }, bench.as(ada));
    await offer('1.1.1');
    await handled('1.1.1');
    expect([await version(), await told('upgraded'), await told('consent.asked')]).toEqual(['1.0.0', [], []]);
  });

  it('stay where they are when they are not locked, or are gone', async () => {
    await install('latest');
    await wants('minor');
    await apply(workspaceId, { 'apps.lock': '{}\n' });
    const handled = await witness();
    await offer('1.0.1');
    await handled('1.0.1');
    expect(await version()).toBe('');
    await bench.bus.call(deleteWorkspace, { workspaceId, ifMatch: '*' }, bench.as(ada));
    await offer('1.0.2');
    await handled('1.0.2');
    expect(await told('upgraded')).toEqual([]);
  });

  it('stay where they are when the owner may not see the app any more', async () => {
    const show = (visibility: string) => bench.bus.call(updateApp, { slug: app, visibility, ifMatch: '*' }, bench.as(ada));
    await show('public');
    workspaceId = await create(bob);
    await install('latest', bob);
    await wants('minor', bob);
    const handled = await witness();
    await offer('1.0.1');
    await handled('1.0.1');
    await show('private');
    await offer('1.0.2');
    await handled('1.0.2');
    expect(await version(bob)).toBe('1.0.1');
  });

  it('move on after all when somebody changed what is installed meanwhile, each once', async () => {
    await install('latest');
    await wants('patch');
    await bench.bus.call(publishApp, { workspaceId: publisher, number: '1.0.1' }, bench.as(ada));
    const labelled = `crm: { app: ${app}, version: latest, labels: [a] }\n`;
    interruptions.before('drafts', 'update', () => apply(workspaceId, { 'apps.yaml': labelled }));
    await drain();
    await eventually(async () => (await version()) === '1.0.1');
    expect(await told('upgraded')).toEqual([upgraded('1.0.0', '1.0.1')]);
    expect((await bench.bus.call(getInstance, { workspaceId, instance: 'crm' }, bench.as(ada))).instance?.labels).toEqual(['a']);
  });

  async function eventually(holds: () => Promise<boolean>): Promise<void> {
    const deadline = Date.now() + 20_000;
    while (!(await holds())) {
      if (Date.now() > deadline) throw new Error('It did not happen in 20 s.');
      await new Promise(setImmediate);
    }
  }
});
