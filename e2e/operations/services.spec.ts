import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { MillraceClient } from '@millrace/client';
import { ServicesService } from '@millrace/contracts';
import type { JsonMap } from '@millrace/kernel';
import { signedIn, startStandaloneProcess, temporaryFolder, type StandaloneProcess } from '@millrace/testing';

const PASSWORD = 'a-password-for-tests';
const { listServices } = ServicesService.method;

describe('the services of a platform', () => {
  const folder = temporaryFolder();
  let millrace: StandaloneProcess;
  /** An admin of the platform. */
  let ada: MillraceClient;

  const start = async (): Promise<void> => {
    millrace = await startStandaloneProcess({ folder: folder.path, password: PASSWORD });
    ada = await signedIn(millrace.url, 'ada', PASSWORD);
  };

  beforeAll(start);

  afterAll(async () => {
    await millrace.stop();
    folder[Symbol.dispose]();
  });

  const list = async (asked: JsonMap = {}): Promise<readonly JsonMap[]> => (await ada.call(listServices, asked))['items'] as JsonMap[];
  /** Those of a start that is over: a service works before it is told of. */
  const all = async (): Promise<readonly JsonMap[]> => {
    for (;;) {
      const services = await list();
      if (services.length >= 4) return services;
    }
  };
  const names = async (asked?: JsonMap): Promise<readonly unknown[]> => (await list(asked)).map(({ service }) => service);

  it('are shown to who runs it: which, of which version, and whether they are ready', async () => {
    const services = await all();
    expect(services.map(({ service }) => service)).toEqual(['events', 'gateway', 'runtime', 'workspaces']);
    for (const service of services) {
      expect(service).toMatchObject({
        ready: true,
        startedAt: expect.stringMatching(/^\d{4}-/),
        version: expect.stringMatching(/^\d+\.\d+\.\d+/),
      });
    }
    expect(services[0]?.['dependencies']).toEqual([
      { name: 'key-value store', ok: true, essential: true },
      { name: 'event log', ok: true, essential: true },
      { name: 'history', ok: true, essential: false },
      { name: 'blob store', ok: true, essential: false },
      { name: 'document store', ok: true, essential: true },
      { name: 'live feed', ok: true, essential: true },
    ]);
    expect(await names({ where: "service = 'runtime'" })).toEqual(['runtime']);
    expect(await names({ sort: '-service', limit: 2 })).toEqual(['workspaces', 'runtime']);
    expect(await names({ where: 'ready = false' })).toEqual([]);
  });

  it('are shown to nobody else', async () => {
    const bob = await signedIn(millrace.url, 'bob', PASSWORD);
    await expect(bob.call(listServices, {})).rejects.toMatchObject({ status: 403, code: 'services.read_denied' });
  });

  it('are those of this start, when those before said that they end', async () => {
    const before = (await all()).map(({ id }) => id);
    await millrace.stop();
    await start();
    const after = (await all()).map(({ id }) => id);
    expect(after).toHaveLength(4);
    expect(after.filter((id) => before.includes(id))).toEqual([]);
  });
});
