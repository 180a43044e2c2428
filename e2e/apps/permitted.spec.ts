import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { MillraceClient } from '@millrace/client';
import {
  AppsService,
  DraftsService,
  EventsService,
  InstancesService,
  SecretsService,
  VersionsService,
  WorkspacesService,
} from '@millrace/contracts';
import type { Json, JsonMap } from '@millrace/kernel';
import { signedIn, startStandaloneProcess, temporaryFolder, type StandaloneProcess } from '@millrace/testing';
import { exampleFiles } from './example-files';

const PASSWORD = 'a-password-for-tests';
/** How often the audit is asked for before what it lacks is taken for missing: the history follows the log. */
const TRIES = 500;
const KEY = 'a-key-that-nobody-guesses';

const textOf = (value: Json | undefined): string => (typeof value === 'string' ? value : '');
const mapOf = (value: Json | undefined): JsonMap =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonMap) : {};

const endpoint = (instructions: string): string =>
  `when: { endpoint: { access: public } }\ndo:\n  - try:\n      do: [${instructions}]\n      catch: [{ set: { name: answer, value: { code: '{{$error.code}}' } } }]\noutput: '{{answer}}'\n`;

/** Reaches whatever address it is told; its author says that this is one host. */
const PROBE = {
  'workspace.yaml': 'name: Probe\npermissions: { hosts: [allowed.example] }\n',
  'automations/reach.yaml':
    "arguments: { url: { type: string } }\ndo: [{ fetch: { url: '{{url}}', output: answer } }]\noutput: '{{answer}}'\n",
  'automations/count.yaml': "do: [{ set: { name: global.count, type: increment, output: count } }]\noutput: '{{count}}'\n",
};

/** Does what it is told; its author says that this is little. */
const MEDDLER = {
  'workspace.yaml':
    'name: Meddler\npermissions: { hosts: [127.0.0.1], emits: [allowed.told], reads: [workspaces.configured], secrets: [ALLOWED], files: false }\n',
  'automations/tell.yaml': "arguments: { event: { type: string } }\ndo: [{ emit: { event: '{{event}}' } }]\n",
  'automations/hear.yaml': "arguments: { event: { type: string } }\ndo: [{ wait: { oneOf: [{ event: '{{event}}' }] } }]\n",
  'automations/send.yaml':
    "arguments: { url: { type: string }, name: { type: string } }\ndo: [{ fetch: { url: '{{url}}', headers: { x-key: '{{secret[{{name}}]}}' } } }]\n",
  'automations/keep.yaml':
    "arguments: { url: { type: string }, mode: { type: string } }\ndo: [{ fetch: { url: '{{url}}', outputMode: '{{mode}}' } }]\n",
};

interface Received {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

describe('what an app may do', () => {
  const folder = temporaryFolder();
  const received: Received[] = [];
  let server: Server;
  let standalone: StandaloneProcess;
  let ada: MillraceClient;

  beforeAll(async () => {
    server = createServer((request, response) => {
      void text(request).then((body) => {
        received.push({ headers: request.headers, body });
        // The first call is told to come again.
        response.writeHead(received.length === 1 ? 503 : 204, { 'retry-after': '0' }).end();
      });
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    standalone = await startStandaloneProcess({
      folder: folder.path,
      password: PASSWORD,
      environment: { MILLRACE_FETCH_ALLOW: '127.0.0.1' },
    });
    ada = await signedIn(standalone.url, 'ada', PASSWORD);
  });

  afterAll(async () => {
    await standalone.stop();
    server.close();
    folder[Symbol.dispose]();
  });

  const workspace = async (slug: string, files: Record<string, string>): Promise<string> => {
    const made = await ada.call(WorkspacesService.method.createWorkspace, { name: slug, slug });
    const workspaceId = textOf(made['id']);
    await ada.call(DraftsService.method.applyDraft, { workspaceId, files, ifMatch: '*', prefer: 'handling=lenient' });
    return workspaceId;
  };

  const publish = async (workspaceId: string): Promise<string> =>
    textOf((await ada.call(WorkspacesService.method.publishVersion, { workspaceId, message: 'm' }))['id']);

  /** Publishes these files as an app; the digest of its permissions. */
  const app = async (slug: string, files: Record<string, string>): Promise<string> => {
    const workspaceId = await workspace(slug, files);
    await publish(workspaceId);
    const version = await ada.call(AppsService.method.publishApp, { workspaceId, number: '1.0.0' });
    return textOf(mapOf(version['permissions'])['digest']);
  };

  /** Publishes the meddler, once; the digest of its permissions. */
  let published: Promise<string> | undefined;
  const meddler = (): Promise<string> => (published ??= app('meddler', MEDDLER));

  /** An entry of the audit, as soon as history has it. */
  const auditEntry = async (workspaceId: string, type: string): Promise<JsonMap | undefined> => {
    for (let tries = 0; tries < TRIES; tries++) {
      const { items } = await ada.call(EventsService.method.listAudit, { workspaceId });
      const found = (items as unknown as readonly JsonMap[]).find((entry) => entry['type'] === type);
      if (found !== undefined) return found;
    }
    return undefined;
  };

  const ask = async (workspaceId: string, path: string): Promise<Json> => {
    const response = await ada.fetch(`/v1/workspaces/${workspaceId}/webhooks/${path}`, { method: 'POST' });
    return (await response.json()) as Json;
  };

  it('is to sign what it sends with a secret it never shows, and to send it again until somebody takes it', async () => {
    const consent = await app('http-tools', exampleFiles('apps/http-tools'));
    const { port } = server.address() as AddressInfo;
    const send = `{ http-tools.send-webhook: { url: 'http://127.0.0.1:${port}/hooks', type: order.paid, data: { n: 7 }, output: answer } }`;
    const shop = await workspace('caller', { 'automations/send.yaml': endpoint(send) });
    await ada.call(SecretsService.method.setSecret, { workspaceId: shop, name: 'WEBHOOK_KEY', value: KEY });
    const config = { signingKey: '{{secret.WEBHOOK_KEY}}', attempts: 3 };
    await ada.call(InstancesService.method.installApp, { workspaceId: shop, app: 'http-tools', config, consent });
    await publish(shop);
    const answer = mapOf(await ask(shop, 'send'));
    expect(answer).toMatchObject({ status: 204 });
    expect(received).toHaveLength(2);
    const { headers, body } = received[1] ?? { headers: {}, body: '' };
    const signed = `${String(headers['webhook-id'])}.${String(headers['webhook-timestamp'])}.${body}`;
    expect(headers['webhook-signature']).toBe(`v1,${createHmac('sha256', KEY).update(signed).digest('base64')}`);
    expect(headers['webhook-id']).toBe(answer['id']);
    expect(JSON.parse(body)).toMatchObject({ type: 'order.paid', data: { n: 7 } });
    const { items } = await ada.call(EventsService.method.searchEvents, { workspaceId: shop });
    expect(JSON.stringify(items)).not.toContain(KEY);
  });

  it('ends at what was consented to: the rest is refused by name, and on record', async () => {
    const consent = await app('probe', PROBE);
    const { port } = server.address() as AddressInfo;
    const reach = `{ one.reach: { url: 'http://127.0.0.1:${port}/', output: answer } }`;
    const host = await workspace('host', {
      'automations/reach.yaml': endpoint(reach),
      'automations/count.yaml': endpoint(
        '{ one.count: { output: a } }, { two.count: { output: b } }, { one.count: { output: a } }, { set: { name: answer, value: { a: "{{a}}", b: "{{b}}" } } }',
      ),
    });
    for (const slug of ['one', 'two']) {
      await ada.call(InstancesService.method.installApp, { workspaceId: host, app: 'probe', slug, consent });
    }
    const first = await publish(host);
    const calls = received.length;
    expect(await ask(host, 'reach')).toEqual({ code: 'runtime.permission_missing' });
    expect(received).toHaveLength(calls);
    expect(await auditEntry(host, 'runtime.permissions.refused')).toMatchObject({
      payload: { instance: 'one', app: 'probe', automation: 'one.reach', permission: 'hosts', name: '127.0.0.1' },
    });
    expect(await ask(host, 'count')).toEqual({ a: 2, b: 1 });

    const { etag } = await ada.call(InstancesService.method.getInstance, { workspaceId: host, instance: 'one' });
    const off = { workspaceId: host, instance: 'one', disabled: true, ifMatch: textOf(etag) };
    await ada.call(InstancesService.method.updateInstance, off);
    await publish(host);
    expect(await ask(host, 'count')).toEqual({ code: 'runtime.automation_not_found' });
    await ada.call(VersionsService.method.activateVersion, { workspaceId: host, version: first });
    expect(await ask(host, 'count')).toEqual({ a: 4, b: 2 });
  });

  it.each([
    ['emits', 'secret.told', 'tell', 'event: secret.told'],
    ['reads', 'runtime.runs.finished', 'hear', 'event: runtime.runs.finished'],
    ['secrets', 'WEBHOOK_KEY', 'send', "url: '$URL', name: WEBHOOK_KEY"],
    ['files', 'file', 'keep', "url: '$URL', mode: file"],
  ])('is kept from what nobody consented to (%s), before anything is done', async (permission, name, automation, said) => {
    const consent = await meddler();
    const { port } = server.address() as AddressInfo;
    const call = `{ one.${automation}: { ${said.replace('$URL', `http://127.0.0.1:${port}/`)}, output: answer } }`;
    const host = await workspace(`kept-${permission}`, {
      'automations/caught.yaml': endpoint(call),
      'automations/failing.yaml': `when: { endpoint: { access: public } }\ndo: [${call}]\n`,
    });
    await ada.call(SecretsService.method.setSecret, { workspaceId: host, name: 'WEBHOOK_KEY', value: KEY });
    await ada.call(InstancesService.method.installApp, { workspaceId: host, app: 'meddler', slug: 'one', consent });
    await publish(host);
    const calls = received.length;
    expect(await ask(host, 'caught')).toEqual({ code: 'runtime.permission_missing' });
    expect(await ask(host, 'failing')).toMatchObject({
      code: 'runtime.permission_missing',
      detail: expect.stringMatching(new RegExp(`The app \`one\` may not .*\`${name}\``)) as unknown,
    });
    expect(received).toHaveLength(calls);
    expect(await auditEntry(host, 'runtime.permissions.refused')).toMatchObject({
      payload: { instance: 'one', app: 'meddler', automation: `one.${automation}`, permission, name },
    });
    const { items } = await ada.call(EventsService.method.searchEvents, { workspaceId: host });
    expect(JSON.stringify(items)).not.toContain('one.secret.told');
  });
});
