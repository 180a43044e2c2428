import { execFile } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { EventFeed, MillraceClient } from '@millrace/client';
import { EventsService, LiveService, LogService, SecretsService, WorkspacesService } from '@millrace/contracts';
import type { Json, JsonMap } from '@millrace/kernel';
import { ClusterProcess, EventsSeen, PrivateServer, temporaryFolder } from '@millrace/testing';
import { connect } from '@nats-io/transport-node';

jest.setTimeout(600_000);

/** Milliseconds for something that goes on by itself, on a busy machine. */
const PATIENCE = 100_000;
const ORDERS = 20;
const KEY = 'a key that only the workspace knows';

const AUTOMATIONS = {
  book: "when: { events: [orders.placed] }\ndo:\n  - emit: { event: orders.booked, payload: { no: '{{payload.no}}' } }\n",
  pay: `
when: { endpoint: { path: pay, access: public, respond: accepted } }
do:
  - emit: { event: orders.asked }
  - wait: { oneOf: [{ event: orders.paid }], timeout: 30d, output: paid }
output: { sum: '{{paid.payload.sum}}' }
`,
  signed: "when: { endpoint: { verify: { preset: github, secret: '{{secret.KEY}}' } } }\ndo: []\noutput: '{{body.said}}'\n",
};

const textOf = (value: Json | undefined): string => (typeof value === 'string' ? value : '');
const numberOf = ({ payload }: JsonMap): number => Number((payload as JsonMap)['no']);
const numbers = (count: number, from = 0): number[] => Array.from({ length: count }, (_, no) => from + no);

/** The servers that are copied, as an operator would, while they are stopped. */
class Copied {
  private readonly copies = temporaryFolder();

  private constructor(
    private readonly servers: Readonly<Record<string, PrivateServer>>,
    readonly settings: Readonly<Record<string, string>>,
  ) {}

  static async start(): Promise<Copied> {
    const [mongodb, s3] = [await PrivateServer.start('mongodb'), await PrivateServer.start('s3')];
    const settings = {
      MILLRACE_MONGODB_URL: mongodb.setting('MILLRACE_MONGODB_URL'),
      MILLRACE_S3_URL: s3.setting('MILLRACE_S3_URL'),
      MILLRACE_S3_ACCESS_KEY: s3.setting('MILLRACE_S3_ACCESS_KEY'),
      MILLRACE_S3_SECRET_KEY: s3.setting('MILLRACE_S3_SECRET_KEY'),
    };
    return new Copied({ mongodb, s3 }, settings);
  }

  async keep(nats: PrivateServer): Promise<void> {
    await this.whileStopped(nats, (from, to) => promisify(execFile)('cp', ['-a', from, to]));
  }

  async restore(nats: PrivateServer): Promise<void> {
    await this.whileStopped(nats, async (data, copy) => {
      rmSync(data, { recursive: true });
      await promisify(execFile)('cp', ['-a', copy, data]);
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const server of Object.values(this.servers)) await server[Symbol.asyncDispose]();
    this.copies[Symbol.dispose]();
  }

  private async whileStopped(nats: PrivateServer, act: (data: string, copy: string) => Promise<unknown>): Promise<void> {
    for (const [name, server] of Object.entries({ ...this.servers, nats })) {
      await server.stop();
      await act(server.data, join(this.copies.path, name));
      await server.start();
    }
  }
}

describe('a cluster that goes on from copies of its servers', () => {
  const seen = new EventsSeen(PATIENCE);
  let copied: Copied;
  let cluster: ClusterProcess;
  let ada: MillraceClient;
  let feed: EventFeed | undefined;
  let id: string;
  let location: string;
  let positions: readonly string[];

  const signIn = async (): Promise<void> => {
    ada = await cluster.as('ada');
  };
  const listen = async (): Promise<void> => {
    feed?.stop();
    feed = ada.events(id, { types: ['orders.*'] });
    await feed.start(seen.take);
  };
  const post = (path: string, body: JsonMap, headers: Readonly<Record<string, string>> = {}): Promise<Response> => {
    const json = { 'content-type': 'application/json', ...headers };
    return fetch(`${cluster.url}/v1/workspaces/${id}/webhooks/${path}`, { method: 'POST', headers: json, body: JSON.stringify(body) });
  };
  const emit = (event: JsonMap): Promise<JsonMap> => ada.call(EventsService.method.emitEvents, { workspaceId: id, events: [event] });
  const trade = async (from: number): Promise<void> => {
    for (const no of numbers(ORDERS, from)) await emit({ id: `order-${no}`, type: 'orders.placed', payload: { no } });
    for (const no of numbers(ORDERS, from)) await seen.until((event) => event['type'] === 'orders.booked' && numberOf(event) === no);
  };
  const poll = (since?: string): Promise<JsonMap> =>
    ada.call(LiveService.method.pollEvents, { workspaceId: id, types: ['orders.*'], wait: 0, ...(since === undefined ? {} : { since }) });
  const position = async (): Promise<string> => textOf((await poll())['next']);
  const found = async (type: string): Promise<number[]> => {
    const question = { workspaceId: id, types: [type], limit: 200 };
    const { items = [] } = (await ada.call(EventsService.method.searchEvents, question)) as unknown as { items?: JsonMap[] };
    return items.map(numberOf).toSorted((one, other) => one - other);
  };
  const rebuilt = async (): Promise<JsonMap> => {
    const end = AbortSignal.timeout(PATIENCE);
    let rebuild = await ada.call(LogService.method.rebuildHistory, {});
    while (rebuild['state'] !== 'finished' && !end.aborted) rebuild = await ada.call(LogService.method.getRebuild, {});
    return rebuild;
  };

  beforeAll(async () => {
    copied = await Copied.start();
    cluster = await ClusterProcess.start({ environment: copied.settings, instances: 'events=1,gateway=1,runtime=1' });
    await signIn();
    id = textOf((await ada.call(WorkspacesService.method.createWorkspace, { name: 'Copied' }))['id']);
    await ada.call(SecretsService.method.setSecret, { workspaceId: id, name: 'KEY', value: KEY });
    for (const [slug, source] of Object.entries(AUTOMATIONS))
      await ada.call(WorkspacesService.method.putAutomation, { workspaceId: id, slug, source });
    await ada.call(WorkspacesService.method.publishVersion, { workspaceId: id });
    await listen();
    location = (await post('pay', {})).headers.get('location') ?? '';
    await seen.until(({ type }) => type === 'orders.asked');
    await trade(0);
    const first = await position();
    await cluster.stop();
    await copied.keep(cluster.nats);
    await cluster.startAgain();
    await signIn();
    await listen();
    await trade(ORDERS);
    positions = [first, await position()];
    await cluster.stop();
    await copied.restore(cluster.nats);
    await cluster.loseHistory();
    const connection = await connect({ servers: cluster.nats.setting('MILLRACE_NATS_URL') });
    connection.publish('log.mark', 'restored-1763812800');
    await connection.drain();
    await cluster.startAgain();
    await signIn();
    await listen();
  });

  afterAll(async () => {
    feed?.stop();
    await cluster[Symbol.asyncDispose]();
    await copied[Symbol.asyncDispose]();
  });

  it('has its history again, made from the log: all that was accepted before the copies, and nothing of what came after them', async () => {
    expect(await rebuilt()).toMatchObject({ state: 'finished' });
    expect(await found('orders.placed')).toEqual(numbers(ORDERS));
    expect(await found('orders.booked')).toEqual(numbers(ORDERS));
  });

  it('has the run that waited, and its secrets', async () => {
    expect((await fetch(`${cluster.url}${location}`)).status).toBe(202);
    await emit({ type: 'orders.paid', payload: { sum: 70 } });
    const answer = await fetch(`${cluster.url}${location}`, { headers: { prefer: 'wait=20' } });
    expect([answer.status, await answer.json()]).toEqual([200, { sum: 70 }]);
    const body = { said: 'hello' };
    const signature = `sha256=${createHmac('sha256', KEY).update(JSON.stringify(body)).digest('hex')}`;
    expect(await (await post('signed', body, { 'x-hub-signature-256': signature })).text()).toBe('hello');
  });

  it('tells those who listened that there is a gap, and does new work once', async () => {
    for (const since of positions) expect(await poll(since)).toMatchObject({ recovered: false, reason: 'epoch' });
    await trade(3 * ORDERS);
    for (const since of positions) expect(await poll(since)).toMatchObject({ recovered: false, reason: 'epoch' });
    const booked = seen.events.filter(({ type }) => type === 'orders.booked').map(numberOf);
    expect(booked.toSorted((one, other) => one - other)).toEqual([...numbers(2 * ORDERS), ...numbers(ORDERS, 3 * ORDERS)]);
  });
});
