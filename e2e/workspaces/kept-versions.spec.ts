import { readdirSync, readFileSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { MillraceClient } from '@millrace/client';
import { VersionsService, WorkspacesService } from '@millrace/contracts';
import type { Json } from '@millrace/kernel';
import { signedIn, startStandaloneProcess, temporaryFolder, type StandaloneProcess } from '@millrace/testing';

const PASSWORD = 'a-password-for-tests';
const textOf = (value: Json | undefined): string => (typeof value === 'string' ? value : '');
const { getVersion } = VersionsService.method;
const { createWorkspace, putAutomation, publishVersion } = WorkspacesService.method;

describe('versions on the disk of a standalone', () => {
  const folder = temporaryFolder();
  let millrace: StandaloneProcess;
  let ada: MillraceClient;
  let workspaceId: string;

  beforeAll(async () => {
    millrace = await startStandaloneProcess({ folder: folder.path, password: PASSWORD });
    ada = await signedIn(millrace.url, 'ada', PASSWORD);
    workspaceId = textOf((await ada.call(createWorkspace, { name: 'Kept' }))['id']);
    const source = 'when: { endpoint: { path: here, access: public } }\ndo: [{ emit: { event: been.here } }]\noutput: here\n';
    await ada.call(putAutomation, { workspaceId, slug: 'here', source });
    await ada.call(publishVersion, { workspaceId });
  });

  afterAll(async () => {
    await millrace.stop();
    folder[Symbol.dispose]();
  });

  const called = async (): Promise<string> => (await fetch(`${millrace.url}/v1/workspaces/${workspaceId}/webhooks/here`)).text();

  /** The one version that is kept. */
  const file = (): string => {
    const kept = join(folder.path, 'scratch', 'runtime', 'kept', workspaceId);
    return join(kept, readdirSync(kept)[0] ?? '');
  };

  /** Starts it again after it was ended, and what happened meanwhile. */
  const again = async (end: () => Promise<unknown>, meanwhile: () => void = () => undefined): Promise<void> => {
    await end();
    meanwhile();
    millrace = await startStandaloneProcess({ folder: folder.path, password: PASSWORD, ports: millrace.ports });
  };

  it('outlive its end, and one that is cut off is fetched anew', async () => {
    expect(await called()).toBe('here');
    await again(() => millrace.stop());
    const whole = readFileSync(file());
    expect(await called()).toBe('here');
    await again(
      () => millrace.kill(),
      () => truncateSync(file(), 7),
    );
    expect(await called()).toBe('here');
    await again(
      () => millrace.stop(),
      () => expect(readFileSync(file())).toEqual(whole),
    );
    const { version } = await (await signedIn(millrace.url, 'ada', PASSWORD)).call(getVersion, { workspaceId, version: '1' });
    expect(version).toMatchObject({
      problems: [{ code: 'endpoint-public' }, { code: 'event-unheard', severity: 'hint', file: 'automations/here.yaml', line: 2 }],
    });
  });
});
