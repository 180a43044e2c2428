import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { EventFeed, MillraceClient } from '@millrace/client';
import { EventsService, WorkspacesService } from '@millrace/contracts';
import type { JsonMap } from '@millrace/kernel';
import { ClusterProcess, EventsSeen } from '@millrace/testing';

jest.setTimeout(240_000);

/** Milliseconds to wait for an event: a process must be missed, and another one take its place, on a busy machine. */
const PATIENCE = 100_000;
const ORDERS = 120;
const AT_ONCE = 10;

const BOOK = `
when: { events: [orders.placed] }
do:
  - set: { name: session.id, value: orders }
  - set: { name: session.booked, type: push, value: '{{payload.no}}' }
  - emit: { event: orders.booked, payload: { no: '{{payload.no}}' } }
`;
const REPORT = `
when: { endpoint: { path: report, methods: [get] } }
do:
  - set: { name: session.id, value: orders }
output: { booked: '{{session.booked}}' }
`;

const numberOf = ({ payload }: JsonMap): number => Number((payload as JsonMap)['no']);
const numbers = (count: number): number[] => Array.from({ length: count }, (_, no) => no);

let cluster: ClusterProcess;
const feeds: EventFeed[] = [];

beforeAll(async () => {
  cluster = await ClusterProcess.start();
});

afterEach(() => {
  for (const feed of feeds.splice(0)) feed.stop();
});

afterAll(async () => {
  await cluster[Symbol.asyncDispose]();
});

/** A workspace that books orders, somebody who listens to it, and somebody who places orders whatever happens. */
class Shop {
  readonly seen = new EventsSeen(PATIENCE);

  private constructor(
    private readonly ada: MillraceClient,
    private readonly workspaceId: string,
  ) {}

  static async open(name: string): Promise<Shop> {
    const ada = await cluster.as('ada');
    const { id: workspaceId } = (await ada.call(WorkspacesService.method.createWorkspace, { name })) as { id: string };
    for (const [slug, source] of Object.entries({ book: BOOK, report: REPORT })) {
      await ada.call(WorkspacesService.method.putAutomation, { workspaceId, slug, source });
    }
    await ada.call(WorkspacesService.method.publishVersion, { workspaceId });
    const shop = new Shop(ada, workspaceId);
    const feed = ada.events(workspaceId, { types: ['orders.*'] });
    feeds.push(feed);
    await feed.start(shop.seen.take);
    return shop;
  }

  /** Places orders, some at once, each again under its own id until it is accepted. `between` is called when that many are accepted. */
  async place(from: number, count: number, between?: { readonly after: number; readonly act: () => Promise<void> }): Promise<void> {
    let acting: Promise<void> | undefined;
    for (let no = from; no < from + count; no += AT_ONCE) {
      if (between !== undefined && no - from >= between.after) acting ??= between.act();
      await Promise.all(Array.from({ length: AT_ONCE }, (_, index) => this.insist(no + index)));
    }
    await acting;
  }

  /** Resolves when each of so many orders was heard of as placed and as booked. */
  async allBooked(count: number): Promise<void> {
    for (const no of numbers(count)) await this.seen.until((event) => event['type'] === 'orders.booked' && numberOf(event) === no);
  }

  /** The numbers of the events of a type as they were heard, in the order of the numbers. */
  heard(type: string): number[] {
    const of = this.seen.events.filter((event) => event['type'] === type);
    return of.map(numberOf).toSorted((one, other) => one - other);
  }

  /** The orders that were booked as the runs wrote them down, in the order of the numbers. */
  async written(): Promise<number[]> {
    const answer = await this.ada.fetch(`/v1/workspaces/${this.workspaceId}/webhooks/report`);
    const { booked } = (await answer.json()) as { booked: number[] };
    return booked.toSorted((one, other) => one - other);
  }

  private async insist(no: number): Promise<void> {
    const event = { id: `order-${no}`, type: 'orders.placed', key: `customer-${no % 7}`, payload: { no } };
    for (;;) {
      const accepted = await this.ada.call(EventsService.method.emitEvents, { workspaceId: this.workspaceId, events: [event] }).then(
        () => true,
        () => false,
      );
      if (accepted) return;
    }
  }
}

async function withoutLoss(shop: Shop, count: number): Promise<void> {
  await shop.allBooked(count);
  expect(shop.heard('orders.placed')).toEqual(numbers(count));
  expect(shop.heard('orders.booked')).toEqual(numbers(count));
  expect(await shop.written()).toEqual(numbers(count));
}

describe('while orders come in, nothing is lost and nothing is done twice', () => {
  it('when one of two runtimes is killed', async () => {
    const shop = await Shop.open('A runtime is killed');
    await shop.place(0, ORDERS, { after: 40, act: () => cluster.kill('runtime-1') });
    await withoutLoss(shop, ORDERS);
  });

  it('when one of two gateways is killed', async () => {
    const shop = await Shop.open('A gateway is killed');
    await shop.place(0, ORDERS, { after: 40, act: () => cluster.kill('gateway-1') });
    await withoutLoss(shop, ORDERS);
  });

  it('when each of the events services is killed in turn: who listens goes on at the other one', async () => {
    const shop = await Shop.open('An events service is killed');
    await shop.place(0, ORDERS, { after: 40, act: () => cluster.kill('events-1') });
    await shop.place(ORDERS, ORDERS, { after: 40, act: () => cluster.kill('events-2') });
    await withoutLoss(shop, 2 * ORDERS);
  });

  it('when the NATS server is killed and started again', async () => {
    const shop = await Shop.open('NATS is killed');
    await shop.place(0, ORDERS, {
      after: 40,
      act: async () => {
        await cluster.nats.kill();
        await cluster.nats.start();
      },
    });
    await withoutLoss(shop, ORDERS);
  });

  it('when a runtime stands still until the other one has done its work, and then goes on', async () => {
    const shop = await Shop.open('A runtime stands still');
    await shop.place(0, ORDERS, { after: 40, act: async () => cluster.signal('runtime-2', 'SIGSTOP') });
    await shop.allBooked(ORDERS);
    cluster.signal('runtime-2', 'SIGCONT');
    await shop.place(ORDERS, ORDERS);
    await withoutLoss(shop, 2 * ORDERS);
  });
});
