import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { MillraceClient } from '@millrace/client';
import { DraftsService, RuntimeService, SchedulesService, WorkspacesService } from '@millrace/contracts';
import type { JsonMap } from '@millrace/kernel';
import { signedIn, startStandaloneProcess, temporaryFolder, type StandaloneProcess } from '@millrace/testing';

const PASSWORD = 'a-password-for-tests';
/** How often what follows a change is asked for before it is taken for missing. */
const TRIES = 500;
const { createWorkspace, publishVersion, updateWorkspace } = WorkspacesService.method;
const FILES = {
  'automations/says.yaml': `do: []\noutput: '{% date("2026-07-01T10:00:00Z", "D MMMM HH:mm") %}'\n`,
  'automations/daily.yaml': "when: { schedules: ['30 8 * * *'] }\ndo: []\n",
  'automations/own.yaml': "when: { schedules: [{ cron: '30 8 * * *', timeZone: America/New_York }] }\ndo: []\n",
};

describe('where a workspace is', () => {
  const folder = temporaryFolder();
  let millrace: StandaloneProcess;
  let ada: MillraceClient;
  let workspaceId: string;

  beforeAll(async () => {
    millrace = await startStandaloneProcess({ folder: folder.path, password: PASSWORD });
    ada = await signedIn(millrace.url, 'ada', PASSWORD);
    workspaceId = (await ada.call(createWorkspace, { name: 'Hotel' }))['id'] as string;
    await publish(FILES);
  });

  afterAll(async () => {
    await millrace.stop();
    folder[Symbol.dispose]();
  });

  async function publish(files: Record<string, string>): Promise<void> {
    await ada.call(DraftsService.method.applyDraft, { workspaceId, files, ifMatch: '*' });
    await ada.call(publishVersion, { workspaceId });
  }

  const settle = (settings: { zone?: string; locale?: string }) => ada.call(updateWorkspace, { workspaceId, settings, ifMatch: '*' });
  const zones = async () => {
    const { items } = await ada.call(SchedulesService.method.listSchedules, { workspaceId });
    const found = items as unknown as readonly { readonly automation: string; readonly timeZone: string }[];
    return Object.fromEntries(found.map(({ automation, timeZone }): [string, string] => [automation, timeZone]));
  };
  const says = async () => (await ada.call(RuntimeService.method.runAutomation, { workspaceId, slug: 'says', payload: {} }))['output'];
  const until = async <T>(read: () => Promise<T>, isThere: (found: T) => boolean): Promise<T> => {
    for (let tries = 0; ; tries++) {
      const found = await read();
      if (isThere(found) || tries === TRIES) return found;
    }
  };

  it('is what its schedules strike by and its dates are written by, unless they or its file say otherwise', async () => {
    expect([await until(zones, (found) => found['daily'] !== undefined), await says()]).toEqual([
      { daily: 'UTC', own: 'America/New_York' },
      '1 July 10:00',
    ]);
    expect(await settle({ zone: 'Asia/Tokyo', locale: 'fr' })).toMatchObject({ settings: { zone: 'Asia/Tokyo', locale: 'fr' } });
    expect(await until(says, (text) => text === '1 juillet 19:00')).toBe('1 juillet 19:00');
    expect(await zones()).toEqual({ daily: 'Asia/Tokyo', own: 'America/New_York' });
    const { items } = await ada.call(SchedulesService.method.listSchedules, { workspaceId, automation: 'daily' });
    const [daily] = items as unknown as readonly JsonMap[];
    const { times } = await ada.call(SchedulesService.method.previewSchedule, {
      workspaceId,
      scheduleId: daily?.['id'] as string,
      count: 1,
    });
    expect(times).toMatchObject([{ at: expect.stringContaining('T23:30:00'), local: expect.stringContaining('08:30') }]);
    await publish({ 'workspace.yaml': 'name: Hotel\ntimeZone: Europe/Paris\n' });
    expect(await until(says, (text) => text === '1 juillet 12:00')).toBe('1 juillet 12:00');
    expect(await zones()).toEqual({ daily: 'Europe/Paris', own: 'America/New_York' });
  });

  it('is named as the world names it, and anything else is refused with its place', async () => {
    const patched = (settings: JsonMap) =>
      ada.fetch(`/v1/workspaces/${workspaceId}`, {
        method: 'PATCH',
        headers: { 'content-type': 'application/json', 'if-match': '*' },
        body: JSON.stringify({ settings }),
      });
    const refused = async (settings: JsonMap): Promise<JsonMap> => (await (await patched(settings)).json()) as JsonMap;
    expect(await refused({ zone: 'Mars/Base' })).toMatchObject({
      code: 'workspaces.zone_unknown',
      detail: expect.stringContaining('Europe/Paris'),
      errors: [{ pointer: '/settings/zone' }],
    });
    expect(await refused({ locale: 'xx' })).toMatchObject({ code: 'workspaces.locale_unknown', errors: [{ pointer: '/settings/locale' }] });
    expect((await patched({ zone: 'utc', locale: 'pt-BR' })).status).toBe(200);
  });
});
