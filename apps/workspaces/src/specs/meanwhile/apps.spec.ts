import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { AppsService, InstancesService, WorkspacesService } from '@millrace/contracts';
import { documentsUnavailable } from '@millrace/documents';
import { RemoteFault } from '@millrace/messaging';
import { person, serviceBench, type ServiceBench } from '@millrace/testing';
import { interrupted, Interruptions } from '../../../testing/interrupted';
import { workspacesService } from '../../index';

const { getApp, listAppVersions, publishApp } = AppsService.method;
const { installApp, listInstances, removeInstance } = InstancesService.method;
const { createWorkspace, deleteAutomation, publishVersion, putAutomation } = WorkspacesService.method;

describe('apps, while others are at work and when the store fails', () => {
  const interruptions = new Interruptions();
  let bench: ServiceBench;
  /** Installs `app`, which `publisher` publishes and which may do nothing. */
  let workspaceId: string;
  let publisher: string;
  let app: string;
  let consent: string;
  let count = 0;
  const ada = person('ada');

  beforeAll(async () => {
    bench = await serviceBench(interrupted(workspacesService(), interruptions));
  });

  beforeEach(async () => {
    publisher = await create();
    app = `apps-${count}`;
    consent = (await offer(publisher, '1.0.0'))?.permissions?.digest ?? '';
    workspaceId = await create();
  });

  afterEach(() => {
    expect(interruptions.isOver()).toBe(true);
  });

  afterAll(async () => {
    await bench[Symbol.asyncDispose]();
  });

  const create = async (): Promise<string> => {
    count += 1;
    const { workspace } = await bench.bus.call(createWorkspace, { name: 'Apps', slug: `apps-${count}` }, bench.as(ada));
    const id = workspace?.id ?? '';
    const source = new TextEncoder().encode(`do: []\noutput: ${count}\n`);
    await bench.bus.call(putAutomation, { workspaceId: id, slug: 'greet', source }, bench.as(ada));
    await publish(id);
    return id;
  };
  const publish = (id: string) => bench.bus.call(publishVersion, { workspaceId: id }, bench.as(ada));
  const offer = async (id: string, number: string, slug = '') =>
    (await bench.bus.call(publishApp, { workspaceId: id, number, slug }, bench.as(ada))).version;
  const install = (slug: string) => bench.bus.call(installApp, { workspaceId, app, slug, consent }, bench.as(ada));
  const remove = (instance: string) => bench.bus.call(removeInstance, { workspaceId, instance, ifMatch: '*' }, bench.as(ada));
  const installed = async () => (await bench.bus.call(listInstances, { workspaceId }, bench.as(ada))).items.map(({ slug }) => slug);

  /** Offers another number that has an automation more. */
  const offerMore = async (number: string) => {
    await bench.bus.call(
      putAutomation,
      { workspaceId: publisher, slug: 'more', source: new TextEncoder().encode('do: []\n') },
      bench.as(ada),
    );
    await publish(publisher);
    await offer(publisher, number);
  };

  it('are published with what is measured by the version before, also when that came meanwhile', async () => {
    interruptions.before('apps', 'update', () => offerMore('1.1.0'));
    const version = await offer(publisher, '1.2.0');
    expect(version?.automations.map(({ slug }) => slug)).toEqual(['greet', 'more']);
    const { items } = await bench.bus.call(listAppVersions, { slug: app }, bench.as(ada));
    expect(items.map(({ number }) => number)).toEqual(['1.2.0', '1.1.0', '1.0.0']);
  });

  it('do not break callers of a version that came meanwhile', async () => {
    interruptions.before('apps', 'update', async () => {
      await offerMore('1.1.0');
      await bench.bus.call(deleteAutomation, { workspaceId: publisher, slug: 'more', ifMatch: '*' }, bench.as(ada));
      await publish(publisher);
    });
    await expect(offer(publisher, '1.2.0')).rejects.toMatchObject({ code: 'apps.interface_broken' });
  });

  it('are published once under a number, by whoever is first', async () => {
    interruptions.before('apps', 'update', () => offer(publisher, '1.1.0'));
    await expect(offer(publisher, '1.1.0')).rejects.toMatchObject({ code: 'apps.number_taken', refusal: 'conflict' });
  });

  it('are installed and removed one after the other: who comes second is told how it is now', async () => {
    interruptions.before('drafts', 'update', () => install('one'));
    await expect(install('two')).rejects.toMatchObject({
      ...{
        code: 'apps.moved',
        refusal: 'conflict',
        facts: { etag: '1', updatedBy: expect.any(String), updatedAt: expect.any(Number) },
      },
    });
    expect(await installed()).toEqual(['one']);
    interruptions.before('drafts', 'update', () => remove('one'));
    await expect(install('two')).rejects.toMatchObject({ code: 'apps.moved', facts: { etag: '0' } });
    expect(await installed()).toEqual([]);
    await install('two');
    interruptions.before('drafts', 'update', () => install('three'));
    await expect(remove('two')).rejects.toMatchObject({ code: 'apps.precondition_failed', facts: { etag: expect.any(String) } });
    expect(await installed()).toEqual(['two', 'three']);
  });

  it('are not told to be gone when the store is away', async () => {
    interruptions.fail('workspaces', 'find');
    await expect(bench.bus.call(getApp, { slug: app }, bench.as(ada))).rejects.toThrow(RemoteFault);
    expect((await bench.bus.call(getApp, { slug: app }, bench.as(ada))).app).toMatchObject({ slug: app });
  });

  it('are no mistake of the workspace that installed them when the store is away', async () => {
    await install('one');
    interruptions.fail('apps', 'find');
    await expect(publish(workspaceId)).rejects.toThrow(RemoteFault);
    interruptions.before('apps', 'find', () => Promise.reject(documentsUnavailable('the disk is busy')));
    await expect(publish(workspaceId)).rejects.toMatchObject({ refusal: 'unavailable' });
    expect((await publish(workspaceId)).version).toMatchObject({ number: 2 });
  });

  it('are one app when two publish their workspace first', async () => {
    interruptions.before('apps', 'insert', () => offer(workspaceId, '1.0.0'));
    expect(await offer(workspaceId, '1.1.0')).toMatchObject({ app: `apps-${count}`, number: '1.1.0' });
    const id = await create();
    interruptions.before('apps', 'insert', () => offer(id, '1.0.0', 'one-of-two'));
    await expect(offer(id, '1.0.0')).rejects.toMatchObject({ code: 'apps.number_taken', facts: { app: 'one-of-two' } });
    interruptions.before('apps', 'insert', () => offer(publisher, '1.0.1'));
    await expect(offer(await create(), '1.0.0', app)).rejects.toMatchObject({ code: 'apps.slug_taken' });
  });

  it('are published whole or not at all', async () => {
    interruptions.fail('apps', 'insert');
    await expect(offer(workspaceId, '1.0.0')).rejects.toThrow(RemoteFault);
    interruptions.before('apps', 'insert', () => offer(publisher, '1.0.1'));
    expect(await offer(workspaceId, '1.0.0')).toMatchObject({ number: '1.0.0' });
    expect((await bench.bus.call(getApp, { slug: app }, bench.as(ada))).app).toMatchObject({ latest: '1.0.1' });
  });
});
