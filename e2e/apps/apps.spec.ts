import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { EventFeed, MillraceClient } from '@millrace/client';
import { AppsService, DraftsService, EventsService, InstancesService, SchedulesService, WorkspacesService } from '@millrace/contracts';
import type { Json, JsonMap } from '@millrace/kernel';
import { EventsSeen, millraceUnderTest, type MillraceUnderTest } from '@millrace/testing';
import { exampleFiles } from './example-files';

const { createWorkspace, getAutomation, publishVersion } = WorkspacesService.method;
const { installApp } = InstancesService.method;

const textOf = (value: Json | undefined): string => (typeof value === 'string' ? value : '');
const mapOf = (value: Json | undefined): JsonMap =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonMap) : {};

const HOST = {
  'workspace.yaml': 'name: Shop\n',
  'automations/sold.yaml': `when: { endpoint: { path: sold, access: public } }
do:
  - digest.add: { title: '{{body.title}}', output: item }
  - set: { name: global.items, value: mine }
output: { item: '{{item}}', mine: '{{global.items}}' }
`,
  'automations/told.yaml': `when: { events: [digest.summary.made] }
do:
  - emit: { event: shop.told, payload: { count: '{{payload.count}}', title: '{{payload.title}}' } }
`,
};

describe('apps', () => {
  let millrace: MillraceUnderTest;
  let ada: MillraceClient;
  const feeds: EventFeed[] = [];

  beforeAll(async () => {
    millrace = await millraceUnderTest();
    ada = await millrace.as('ada');
  });

  afterAll(async () => {
    for (const feed of feeds) feed.stop();
    await millrace.stop();
  });

  /** A workspace with these files in its draft. */
  const workspace = async (slug: string, files: Record<string, string>): Promise<string> => {
    const made = await ada.call(createWorkspace, { name: slug, slug });
    const workspaceId = textOf(made['id']);
    await ada.call(DraftsService.method.applyDraft, { workspaceId, files, ifMatch: '*', prefer: 'handling=lenient' });
    return workspaceId;
  };

  const publish = (workspaceId: string) => ada.call(publishVersion, { workspaceId, message: 'm' });

  const watch = async (workspaceId: string, types: string[]): Promise<EventsSeen> => {
    const seen = new EventsSeen();
    const feed = ada.events(workspaceId, { types });
    feeds.push(feed);
    await feed.start(seen.take);
    return seen;
  };

  it('are published, installed with consent, called, heard, and apart from their host', async () => {
    const app = await workspace('digest', exampleFiles('apps/digest'));
    await publish(app);
    const version = await ada.call(AppsService.method.publishApp, { workspaceId: app, number: '1.0.0', changes: 'The first.' });
    const permissions = mapOf(version['permissions']);
    expect(permissions).toMatchObject({ emits: ['summary.made'], hosts: [], secrets: [], reads: [] });

    const shop = await workspace('shop', HOST);
    const asked = { workspaceId: shop, app: 'digest', range: '^1.0.0', config: { title: 'Sales' } };
    await expect(ada.call(installApp, asked)).rejects.toMatchObject({ status: 409, code: 'apps.consent_needed' });
    const instance = await ada.call(installApp, { ...asked, consent: textOf(permissions['digest']) });
    expect(instance).toMatchObject({ slug: 'digest', version: '1.0.0', consented: true });
    await publish(shop);
    expect(await ada.call(getAutomation, { workspaceId: shop, slug: 'sold' })).toMatchObject({ calls: ['app/digest.add'] });
    const seen = await watch(shop, ['digest.>', 'shop.*']);

    const sold = await ada.fetch(`/v1/workspaces/${shop}/webhooks/sold`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ title: 'A lamp' }),
    });
    expect(await sold.json()).toEqual({ item: { title: 'A lamp' }, mine: 'mine' });

    await ada.call(EventsService.method.emitEvents, {
      workspaceId: shop,
      events: [{ type: 'digest.item.added', payload: { title: 'A chair' } }],
    });
    const { items } = await ada.call(SchedulesService.method.listSchedules, { workspaceId: shop });
    const [schedule] = items as unknown as JsonMap[];
    expect(schedule).toMatchObject({ automation: 'digest.summarize' });
    await ada.call(SchedulesService.method.runSchedule, { workspaceId: shop, scheduleId: textOf(schedule?.['id']) });
    const summary = await seen.until(({ type }) => type === 'digest.summary.made');
    expect(mapOf(summary['payload'])).toMatchObject({ title: 'Sales', items: expect.arrayContaining([{ title: 'A lamp' }]) as unknown });
    const told = await seen.until(({ type }) => type === 'shop.told');
    expect(mapOf(told['payload'])).toMatchObject({ title: 'Sales' });
  });
});
