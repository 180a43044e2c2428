import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { ApiProblem, type EventFeed, type MillraceClient } from '@millrace/client';
import { EventsService, WorkspacesService } from '@millrace/contracts';
import type { JsonMap } from '@millrace/kernel';
import { ClusterProcess, EventsSeen, ServerDoor } from '@millrace/testing';

jest.setTimeout(240_000);

/** Milliseconds in which all goes on by itself, on a busy machine. */
const PATIENCE = 60_000;
const ORDERS = 20;

const BOOK = `
when: { events: [orders.placed] }
do:
  - emit: { event: orders.booked, payload: { no: '{{payload.no}}' } }
`;

/** The same automation, changed so that it can be seen. */
const LATE = BOOK.replace('no:', 'late: true, no:');

const numbers = (count: number, from = 0): number[] => Array.from({ length: count }, (_, no) => from + no);

const doors = new Map<string, ServerDoor>();
const feeds: EventFeed[] = [];
let cluster: ClusterProcess;

beforeAll(async () => {
  for (const server of ['MONGODB', 'ELASTICSEARCH', 'S3', 'ISSUER']) doors.set(server, await ServerDoor.to(`MILLRACE_${server}_URL`));
  const environment = Object.fromEntries(
    ['MONGODB', 'ELASTICSEARCH', 'S3'].map((server) => [`MILLRACE_${server}_URL`, doors.get(server)?.url ?? '']),
  );
  cluster = await ClusterProcess.start({ environment, keycloak: doors.get('ISSUER')?.url ?? '' });
});

afterEach(() => {
  for (const feed of feeds.splice(0)) feed.stop();
});

afterAll(async () => {
  await cluster[Symbol.asyncDispose]();
  for (const door of doors.values()) await door[Symbol.asyncDispose]();
});

/** A workspace that books orders, and somebody who listens to it. */
class Shop {
  readonly seen = new EventsSeen(PATIENCE);

  private constructor(
    readonly ada: MillraceClient,
    readonly workspaceId: string,
  ) {}

  static async open(name: string): Promise<Shop> {
    const ada = await cluster.as('ada');
    const { id: workspaceId } = (await ada.call(WorkspacesService.method.createWorkspace, { name })) as { id: string };
    const shop = new Shop(ada, workspaceId);
    await shop.draft(BOOK);
    await shop.publish();
    const feed = ada.events(workspaceId, { types: ['orders.*'] });
    feeds.push(feed);
    await feed.start(shop.seen.take);
    await shop.trade(0);
    return shop;
  }

  draft(source: string): Promise<JsonMap> {
    const request = { workspaceId: this.workspaceId, slug: 'book', source, ...(source === BOOK ? {} : { ifMatch: '*' }) };
    return this.ada.call(WorkspacesService.method.putAutomation, request);
  }

  publish(): Promise<JsonMap> {
    return this.ada.call(WorkspacesService.method.publishVersion, { workspaceId: this.workspaceId });
  }

  /** Places orders, one after the other, and resolves when each was heard of as placed and as booked. */
  async trade(from: number): Promise<void> {
    for (const no of numbers(ORDERS, from)) {
      const event = { id: `order-${no}`, type: 'orders.placed', key: `customer-${no % 3}`, payload: { no } };
      await this.ada.call(EventsService.method.emitEvents, { workspaceId: this.workspaceId, events: [event] });
    }
    for (const type of ['orders.placed', 'orders.booked'])
      for (const no of numbers(ORDERS, from)) await this.seen.until((event) => event['type'] === type && noOf(event) === no);
  }

  /** The numbers that the history knows to be booked. */
  async found(): Promise<readonly number[]> {
    const question = { workspaceId: this.workspaceId, types: ['orders.booked'], limit: 200 };
    const { items = [] } = (await this.ada.call(EventsService.method.searchEvents, question)) as unknown as { items?: readonly JsonMap[] };
    return items.map(noOf).toSorted((one, other) => one - other);
  }
}

const noOf = ({ payload }: JsonMap): number => Number((payload as JsonMap)['no']);

/** Does something while nobody reaches a server. */
async function without<T>(server: string, act: () => Promise<T>): Promise<T> {
  const door = doors.get(server);
  await door?.shut();
  try {
    return await act();
  } finally {
    await door?.open();
  }
}

/** The status and code that a call is refused with. */
async function refusal(call: Promise<unknown>): Promise<string> {
  const outcome = await call.then(
    () => 'done',
    (error: unknown) => error,
  );
  return outcome instanceof ApiProblem ? `${outcome.status} ${outcome.code}` : String(outcome);
}

/** Asks until the answer holds; the last answer when it does not in time. */
async function eventually<T>(ask: () => Promise<T>, holds: (answer: T) => boolean): Promise<T | undefined> {
  const end = AbortSignal.timeout(PATIENCE);
  let last: T | undefined;
  while (!end.aborted) {
    last = await ask().catch(() => undefined);
    if (last !== undefined && holds(last)) return last;
  }
  return last;
}

async function readiness(member: string): Promise<{ readonly status: number; readonly away: readonly string[] }> {
  const answer = await fetch(`${cluster.member(member).adminUrl}/readyz?verbose`);
  const { services } = (await answer.json()) as { services: { dependencies: { name: string; ok: boolean }[] }[] };
  const dependencies = services.flatMap((service) => service.dependencies);
  return { status: answer.status, away: dependencies.filter(({ ok }) => !ok).map(({ name }) => name) };
}

/** What a browser is told that wants to sign in. */
async function beginning(): Promise<{ readonly status: number; readonly code?: string }> {
  const answer = await fetch(`${cluster.url}/v1/auth/sign-in`, { redirect: 'manual' });
  const text = await answer.text();
  return { ...(answer.status === 303 ? {} : (JSON.parse(text) as { code: string })), status: answer.status };
}

describe('while a server is away', () => {
  it('MongoDB: runs go on with the versions that are known, changes are refused, and all is possible again when it is back', async () => {
    const shop = await Shop.open('Without documents');
    await without('MONGODB', async () => {
      expect(await refusal(shop.ada.call(WorkspacesService.method.createWorkspace, { name: 'Too early' }))).toBe(
        '503 documents.unavailable',
      );
      expect(await refusal(shop.draft(LATE))).toBe('503 documents.unavailable');
      await shop.trade(ORDERS);
    });
    expect(
      await eventually(
        () => refusal(shop.draft(LATE)),
        (outcome) => outcome === 'done',
      ),
    ).toBe('done');
    await shop.publish();
    await shop.trade(2 * ORDERS);
  });

  it('S3: versions that are read already run, none can be published, and it can be when it is back', async () => {
    const shop = await Shop.open('Without blobs');
    await shop.draft(LATE);
    await without('S3', async () => {
      expect(await refusal(shop.publish())).toBe('503 blobs.unavailable');
      await shop.trade(ORDERS);
    });
    expect(
      await eventually(
        () => refusal(shop.publish()),
        (outcome) => outcome === 'done',
      ),
    ).toBe('done');
    await shop.trade(2 * ORDERS);
    const late = await shop.seen.until((event) => event['type'] === 'orders.booked' && (event['payload'] as JsonMap)['late'] === true);
    expect(noOf(late)).toBeGreaterThanOrEqual(2 * ORDERS);
  });

  it('Elasticsearch: events are taken, delivered and acted upon, and the history has all of them when it is back', async () => {
    const shop = await Shop.open('Without history');
    await without('ELASTICSEARCH', async () => {
      expect(await refusal(shop.found())).toBe('503 history.store_unavailable');
      await shop.trade(ORDERS);
      expect(await readiness('events-1')).toEqual({ status: 200, away: ['history'] });
    });
    const all = numbers(2 * ORDERS);
    expect(
      await eventually(
        () => shop.found(),
        ({ length }) => length >= all.length,
      ),
    ).toEqual(all);
  });

  it('Keycloak: who is signed in stays so, nobody else can sign in, and everybody can when it is back', async () => {
    const shop = await Shop.open('Without sign-in');
    await without('ISSUER', async () => {
      await shop.trade(ORDERS);
      expect(await beginning()).toMatchObject({ status: 503, code: 'auth.provider_away' });
    });
    expect((await eventually(beginning, ({ status }) => status === 303))?.status).toBe(303);
    await shop.trade(2 * ORDERS);
  });
});
