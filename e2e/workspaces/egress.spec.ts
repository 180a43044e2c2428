import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { MillraceClient } from '@millrace/client';
import { AppsService, DraftsService, EventsService, InstancesService, RuntimeService, WorkspacesService } from '@millrace/contracts';
import type { JsonMap } from '@millrace/kernel';
import { signedIn, startStandaloneProcess, temporaryFolder, type StandaloneProcess } from '@millrace/testing';

const PASSWORD = 'a-password-for-tests';
/** How often what follows the log is asked for before it is taken for missing. */
const TRIES = 500;

const { createWorkspace, publishVersion, updateWorkspace } = WorkspacesService.method;
const { runAutomation, testAutomation } = RuntimeService.method;

/** Fetches what it is told, and answers with what came of it. */
const FETCHING = `
  - try:
      do: [{ fetch: { url: '{{url}}', outputMode: detailed_response, output: got } }, { set: { name: answer, value: { status: '{{got.status}}' } } }]
      catch: [{ set: { name: answer, value: { code: '{{$error.code}}', message: '{{$error.message}}', details: '{{$error.details}}' } } }]
`;
const REACH = `arguments: { url: { type: string } }\ndo:${FETCHING}output: '{{answer}}'\n`;
const LATE = `when: { events: [begin] }
do:
  - set: { name: url, value: '{{payload.url}}' }
${FETCHING.slice(1)}  - emit: { event: first, payload: '{{answer}}' }
  - wait: { oneOf: [{ event: go }], timeout: 1d }
${FETCHING.slice(1)}  - emit: { event: second, payload: '{{answer}}' }
`;
const APP = {
  'workspace.yaml': 'name: Probe\npermissions: { hosts: [127.0.0.1, localhost] }\n',
  'automations/reach.yaml': REACH,
};

describe('the hosts that a workspace reaches', () => {
  const folder = temporaryFolder();
  /** Addresses that were asked for. */
  const received: string[] = [];
  let server: Server;
  let millrace: StandaloneProcess;
  let ada: MillraceClient;
  let here: string;
  let there: string;
  let workspaceId: string;
  let made = 0;

  beforeAll(async () => {
    server = createServer(({ headers: { host = '' }, url = '' }, response) => {
      received.push(`${host.split(':')[0] ?? ''}${url}`);
      if (url === '/away') response.writeHead(302, { location: `${there}/led` }).end();
      else response.writeHead(204).end();
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    [here, there] = [`http://127.0.0.1:${port}`, `http://localhost:${port}`];
    const environment = { MILLRACE_FETCH_ALLOW: '127.0.0.1,localhost' };
    millrace = await startStandaloneProcess({ folder: folder.path, password: PASSWORD, environment });
    ada = await signedIn(millrace.url, 'ada', PASSWORD);
  });

  beforeEach(async () => {
    workspaceId = await workspace({ 'automations/reach.yaml': REACH, 'automations/late.yaml': LATE });
    received.length = 0;
  });

  afterAll(async () => {
    await millrace.stop();
    server.close();
    folder[Symbol.dispose]();
  });

  async function workspace(files: Record<string, string>): Promise<string> {
    made += 1;
    const { id } = await ada.call(createWorkspace, { name: `Reaching ${made}` });
    await ada.call(DraftsService.method.applyDraft, { workspaceId: id as string, files, ifMatch: '*', prefer: 'handling=lenient' });
    return id as string;
  }

  /** What the workspace is warned of. */
  const publish = async (id = workspaceId) => {
    const { problems = [] } = await ada.call(publishVersion, { workspaceId: id });
    return (problems as unknown as readonly JsonMap[]).filter(({ severity }) => severity === 'warning');
  };
  const reach = (...egress: string[]) => ada.call(updateWorkspace, { workspaceId, settings: { egress }, ifMatch: '*' });
  const run = async (url: string, slug = 'reach') => (await ada.call(runAutomation, { workspaceId, slug, payload: { url } }))['output'];
  const emit = (type: string, payload: JsonMap = {}) =>
    ada.call(EventsService.method.emitEvents, { workspaceId, events: [{ type, payload }] });
  const refusal = { code: 'runtime.egress_refused', details: { setting: 'egress', host: 'localhost' } };

  /** Events of a type, as soon as the history has so many. */
  const told = async (type: string, count = 1): Promise<readonly JsonMap[]> => {
    for (let tries = 0; ; tries++) {
      const { items } = await ada.call(EventsService.method.searchEvents, { workspaceId, where: `type = '${type}'` });
      const found = (items ?? []) as unknown as readonly JsonMap[];
      if (found.length >= count || tries === TRIES) return found;
    }
  };
  const audited = async (type: string): Promise<JsonMap | undefined> => {
    for (let tries = 0; tries < TRIES; tries++) {
      const { items } = await ada.call(EventsService.method.listAudit, { workspaceId });
      const found = (items as unknown as readonly JsonMap[]).find((entry) => entry['type'] === type);
      if (found !== undefined) return found;
    }
    return undefined;
  };

  it('are all until it names some, and then those alone, redirects among them; what is refused is on record', async () => {
    await publish();
    expect([await run(`${here}/a`), await run(`${there}/a`)]).toEqual([{ status: 204 }, { status: 204 }]);
    await reach('127.0.0.1');
    received.length = 0;
    expect(await run(`${here}/b`)).toEqual({ status: 204 });
    expect(await run(`${there}/b`)).toMatchObject({ ...refusal, message: expect.stringContaining('settings.egress') });
    expect(await run(`${here}/away`)).toMatchObject(refusal);
    expect(received).toEqual(['127.0.0.1/b', '127.0.0.1/away']);
    expect(await audited('runtime.egress.refused')).toMatchObject({
      actor: { kind: 'automation', id: 'reach' },
      payload: { instance: '', app: '', automation: 'reach', host: 'localhost' },
    });
    expect(await told('runtime.egress.refused', 2)).toHaveLength(2);
    expect(await audited('workspaces.updated')).toMatchObject({ payload: { changed: ['egress'] } });
    await reach();
    expect(await run(`${there}/c`)).toEqual({ status: 204 });
  });

  it('hold for tests of the draft, also of a workspace that was never published', async () => {
    await reach('127.0.0.1');
    const test = async (url: string) => (await ada.call(testAutomation, { workspaceId, slug: 'reach', payload: { url } }))['output'];
    expect([await test(`${here}/a`), await test(`${there}/a`)]).toMatchObject([{ status: 204 }, refusal]);
    expect(received).toEqual(['127.0.0.1/a']);
  });

  it('hold for a run that goes on as they are now, not as they were when it began', async () => {
    await publish();
    await reach('127.0.0.1', 'localhost');
    await emit('begin', { url: `${there}/a` });
    expect(await told('first')).toMatchObject([{ payload: { status: 204 } }]);
    await reach('127.0.0.1');
    await emit('go');
    expect(await told('second')).toMatchObject([{ payload: refusal }]);
    expect(received).toEqual(['localhost/a']);
  });

  it('open nothing that the platform keeps closed', async () => {
    await publish();
    await reach('169.254.169.254', '10.0.0.1');
    for (const url of ['http://169.254.169.254/latest/meta-data', 'http://10.0.0.1/']) {
      expect(await run(url)).toMatchObject({ code: 'runtime.fetch_refused' });
    }
  });

  it('bound its apps besides what they were permitted, and both are missed at publish', async () => {
    const publisher = await workspace(APP);
    await publish(publisher);
    const { permissions } = await ada.call(AppsService.method.publishApp, { workspaceId: publisher, number: '1.0.0', slug: 'probe' });
    const consent = (permissions as JsonMap)['digest'] as string;
    await ada.call(InstancesService.method.installApp, { workspaceId, app: 'probe', consent });
    const through = {
      'automations/through.yaml':
        "arguments: { url: { type: string } }\ndo: [{ probe.reach: { url: '{{url}}', output: answer } }]\noutput: '{{answer}}'\n",
    };
    const constant = { 'automations/constant.yaml': "do: [{ fetch: { url: 'http://elsewhere.test/' } }]\n" };
    const files = { ...through, ...constant };
    await ada.call(DraftsService.method.applyDraft, { workspaceId, files, ifMatch: '*', prefer: 'handling=lenient' });
    await reach('127.0.0.1');
    expect(await publish()).toMatchObject([
      { code: 'host-unreached', severity: 'warning', file: 'automations/constant.yaml', line: 1 },
      { code: 'host-unreached', severity: 'warning', file: 'apps.yaml', message: expect.stringContaining('localhost') },
    ]);
    expect([await run(`${here}/a`, 'through'), await run(`${there}/a`, 'through')]).toMatchObject([{ status: 204 }, refusal]);
    expect(await audited('runtime.egress.refused')).toMatchObject({
      payload: { instance: 'probe', app: 'probe', automation: 'probe.reach' },
    });
    await reach('127.0.0.2');
    expect(await run('http://127.0.0.2:1/', 'through')).toMatchObject({ code: 'runtime.permission_missing' });
    expect(received).toEqual(['127.0.0.1/a']);
  });

  it('are named as hosts are, and anything else is refused with its place', async () => {
    const patched = (egress: string[]) =>
      ada.fetch(`/v1/workspaces/${workspaceId}`, {
        method: 'PATCH',
        headers: { 'content-type': 'application/json', 'if-match': '*' },
        body: JSON.stringify({ settings: { egress } }),
      });
    for (const wrong of ['*', 'https://api.test', 'api.test:443']) {
      const answer = await patched(['api.test', wrong]);
      expect([answer.status, await answer.json()]).toMatchObject([400, { errors: [{ pointer: '/settings/egress/1' }] }]);
    }
    expect((await patched(['api.test'])).status).toBe(200);
  });
});
