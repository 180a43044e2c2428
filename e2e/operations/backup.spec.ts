import { execFile } from 'node:child_process';
import { createHmac, randomBytes } from 'node:crypto';
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { EventFeed, MillraceClient } from '@millrace/client';
import { ContextsService, EventsService, LiveService, SecretsService, WorkspacesService } from '@millrace/contracts';
import type { Json, JsonMap } from '@millrace/kernel';
import { EventsSeen, signedIn, startStandaloneProcess, temporaryFolder, type StandaloneProcess } from '@millrace/testing';

jest.setTimeout(240_000);

const MAIN = fileURLToPath(new URL('../../dist/apps/standalone/main.js', import.meta.url));
const PASSWORD = 'a-password-for-tests';
const KEY = 'a key that only the workspace knows';
/** Orders that are accepted before the backup begins, and after it has ended. */
const ORDERS = 60;
const PATIENCE = 60_000;
const TICKS = { MILLRACE_SCHEDULE_MIN: '1000' };

const AUTOMATIONS = {
  book: `
when: { events: [orders.placed] }
do:
  - set: { name: session.id, value: orders }
  - set: { name: session.booked, type: push, value: '{{payload.no}}' }
  - emit: { event: orders.booked, payload: { no: '{{payload.no}}' } }
`,
  report: `
when: { endpoint: { path: report, methods: [get] } }
do:
  - set: { name: session.id, value: orders }
output: { booked: '{{session.booked}}' }
`,
  pay: `
when: { endpoint: { path: pay, access: public, respond: accepted } }
do:
  - emit: { event: orders.asked, payload: { order: '{{body.order}}' } }
  - wait: { oneOf: [{ event: orders.paid, filters: { payload.order: '{{body.order}}' } }], timeout: 30d, output: paid }
  - emit: { event: orders.shipped, payload: { order: '{{body.order}}', sum: '{{paid.payload.sum}}' } }
output: { sum: '{{paid.payload.sum}}' }
`,
  signed: "when: { endpoint: { verify: { preset: github, secret: '{{secret.KEY}}' } } }\ndo: []\noutput: '{{body.said}}'\n",
  beat: "when: { schedules: ['* * * * * *'] }\ndo:\n  - emit: { event: beats.struck }\n",
};

const textOf = (value: Json | undefined): string => (typeof value === 'string' ? value : '');
const numberOf = ({ payload }: JsonMap): number => Number((payload as JsonMap)['no']);
const orderOf = ({ payload }: JsonMap): number => Number((payload as JsonMap)['order']);
const numbers = (count: number): number[] => Array.from({ length: count }, (_, no) => no);
const sorted = (values: readonly number[]): number[] => values.toSorted((one, other) => one - other);

describe('a standalone that goes on from its backup', () => {
  const folder = temporaryFolder();
  const [data, backup, restored] = ['data', 'backup', 'restored'].map((name) => join(folder.path, name)) as [string, string, string];
  const bytes = randomBytes(70_000);
  const seen = new EventsSeen(PATIENCE);
  const locations: string[] = [];
  let millrace: StandaloneProcess;
  let ada: MillraceClient;
  let feed: EventFeed | undefined;
  let id: string;
  let file: string;
  /** Positions of somebody who listens: as the backup begins, and at the end. */
  let positions: readonly string[];
  let placed = 0;
  let before = 0;
  let said: string;

  const post = (path: string, body: JsonMap, headers: Readonly<Record<string, string>> = {}): Promise<Response> => {
    const json = { 'content-type': 'application/json', ...headers };
    return fetch(`${millrace.url}/v1/workspaces/${id}/webhooks/${path}`, { method: 'POST', headers: json, body: JSON.stringify(body) });
  };
  const emit = (event: JsonMap): Promise<JsonMap> => ada.call(EventsService.method.emitEvents, { workspaceId: id, events: [event] });
  const place = async (count: number): Promise<void> => {
    for (const end = placed + count; placed < end; placed += 1)
      await emit({ id: `order-${placed}`, type: 'orders.placed', payload: { no: placed } });
  };
  const poll = (since?: string): Promise<JsonMap> =>
    ada.call(LiveService.method.pollEvents, { workspaceId: id, types: ['orders.*'], wait: 0, ...(since === undefined ? {} : { since }) });
  const position = async (): Promise<string> => textOf((await poll())['next']);

  /** All events of a type that the history has. */
  const found = async (type: string): Promise<readonly JsonMap[]> => {
    const all: JsonMap[] = [];
    for (let cursor = ''; ;) {
      const question = { workspaceId: id, types: [type], limit: 200, ...(cursor === '' ? {} : { cursor }) };
      const page = (await ada.call(EventsService.method.searchEvents, question)) as unknown as { items?: JsonMap[]; nextCursor?: string };
      all.push(...(page.items ?? []));
      cursor = page.nextCursor ?? '';
      if (cursor === '') return all;
    }
  };
  /** The numbers that `of` takes from the events of a type, in their order, once the history has that many. */
  const settled = async (type: string, count: number, of: (event: JsonMap) => number): Promise<number[]> => {
    const end = AbortSignal.timeout(PATIENCE);
    let all = await found(type);
    while (all.length < count && !end.aborted) all = await found(type);
    return sorted(all.map(of));
  };
  const listen = async (): Promise<void> => {
    feed?.stop();
    feed = ada.events(id, { types: ['orders.*', 'beats.*'] });
    await feed.start(seen.take);
  };

  /** Everything a workspace may have, at work. */
  const open = async (): Promise<void> => {
    id = textOf((await ada.call(WorkspacesService.method.createWorkspace, { name: 'Backed up' }))['id']);
    await ada.call(SecretsService.method.setSecret, { workspaceId: id, name: 'KEY', value: KEY });
    for (const [slug, source] of Object.entries(AUTOMATIONS))
      await ada.call(WorkspacesService.method.putAutomation, { workspaceId: id, slug, source });
    await ada.call(WorkspacesService.method.publishVersion, { workspaceId: id });
    await ada.call(ContextsService.method.putContext, { workspaceId: id, kind: 'global', owner: '-', value: { colour: 'red' } });
    const headers = { 'content-type': 'application/octet-stream' };
    const uploaded = await ada.fetch(`/v1/workspaces/${id}/files?name=a.bin&visibility=workspace`, {
      method: 'POST',
      body: bytes,
      headers,
    });
    file = textOf(((await uploaded.json()) as JsonMap)['id']);
    await listen();
    for (const order of [1, 2, 3]) {
      const accepted = await post('pay', { order });
      locations.push(accepted.headers.get('location') ?? '');
      await seen.until((event) => event['type'] === 'orders.asked' && orderOf(event) === order);
    }
  };

  /** Backs up while orders come in; answers what the command said. */
  const backUpUnderLoad = async (): Promise<string> => {
    const ended = new AbortController();
    const taking = promisify(execFile)(process.execPath, ['--disable-warning=ExperimentalWarning', MAIN, 'backup', backup], {
      env: { PATH: process.env['PATH'], MILLRACE_DATA: data },
    }).finally(() => ended.abort());
    // What it fails with is told below.
    taking.catch(() => undefined);
    while (!ended.signal.aborted) await place(1);
    return (await taking).stdout;
  };

  beforeAll(async () => {
    millrace = await startStandaloneProcess({ folder: data, password: PASSWORD, environment: TICKS });
    ada = await signedIn(millrace.url, 'ada', PASSWORD);
    await open();
    await place(ORDERS);
    before = placed;
    const first = await position();
    said = await backUpUnderLoad();
    await place(ORDERS);
    positions = [first, await position()];
    await millrace.kill();
    cpSync(backup, restored, { recursive: true });
    millrace = await startStandaloneProcess({ folder: restored, password: 'another-password', environment: TICKS, ports: millrace.ports });
    ada = await signedIn(millrace.url, 'ada', PASSWORD);
    await listen();
  });

  afterAll(async () => {
    feed?.stop();
    await millrace.stop();
    folder[Symbol.dispose]();
  });

  it('has all that was accepted before it began, in order and once, and nothing of what came after it', async () => {
    expect(said).toContain(`${backup} is ${data} as it was at `);
    const kept = sorted((await found('orders.placed')).map(numberOf));
    expect(kept.length).toBeGreaterThanOrEqual(before);
    expect(kept.length).toBeLessThanOrEqual(placed - ORDERS);
    expect(kept).toEqual(numbers(kept.length));
  });

  it('finishes what was in hand, once', async () => {
    const kept = numbers((await found('orders.placed')).length);
    expect(await settled('orders.booked', kept.length, numberOf)).toEqual(kept);
    const report = await ada.fetch(`/v1/workspaces/${id}/webhooks/report`);
    expect(sorted(((await report.json()) as { booked: number[] }).booked)).toEqual(kept);
  });

  it('has the runs that waited: they go on with what they waited for, and end once', async () => {
    for (const [index, location] of locations.entries()) {
      expect((await fetch(`${millrace.url}${location}`)).status).toBe(202);
      await emit({ type: 'orders.paid', payload: { order: index + 1, sum: index + 70 } });
      const answer = await fetch(`${millrace.url}${location}`, { headers: { prefer: 'wait=20' } });
      expect([answer.status, await answer.json()]).toEqual([200, { sum: index + 70 }]);
    }
    expect(await settled('orders.shipped', locations.length, orderOf)).toEqual([1, 2, 3]);
  });

  it('has its secrets, files, contexts and people, and its schedules strike', async () => {
    const body = { said: 'hello' };
    const signature = `sha256=${createHmac('sha256', KEY).update(JSON.stringify(body)).digest('hex')}`;
    expect(await (await post('signed', body, { 'x-hub-signature-256': signature })).text()).toBe('hello');
    expect((await post('signed', body, { 'x-hub-signature-256': signature.replace(/.$/, 'x') })).ok).toBe(false);
    const content = await ada.fetch(`/v1/workspaces/${id}/files/${file}/content`);
    expect(Buffer.from(await content.arrayBuffer()).equals(bytes)).toBe(true);
    expect(await ada.call(ContextsService.method.getContext, { workspaceId: id, kind: 'global', owner: '-' })).toMatchObject({
      value: { colour: 'red' },
    });
    const now = Date.now();
    await seen.until(({ type, time }) => type === 'beats.struck' && Date.parse(textOf(time)) >= now);
  });

  it('tells those who listened that there is a gap, also once it has come as far as they had', async () => {
    const gap = { recovered: false, reason: 'epoch' };
    for (const since of positions) expect(await poll(since)).toMatchObject(gap);
    await place(placed);
    for (const since of positions) expect(await poll(since)).toMatchObject(gap);
    expect(await poll(await position())).toMatchObject({ recovered: true });
  });
});
