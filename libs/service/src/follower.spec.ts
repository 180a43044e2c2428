import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { SqliteEventLog, type Delivery, type LoggedEvent, type NewEvent, type Outcome } from '@millrace/messaging';
import { Follower } from './follower';

type Answer = (event: LoggedEvent, delivery: Delivery) => Promise<Outcome>;

const DONE: Outcome = { kind: 'done' };

class OrderNews extends Follower {
  constructor(
    log: SqliteEventLog,
    private readonly answer: Answer,
    grace?: number,
  ) {
    super(log, { name: 'shop-orders', filter: ['*.orders.>'], order: 'none', parallel: 2, start: 'first' }, grace);
  }

  protected hear(event: LoggedEvent, delivery: Delivery): Promise<Outcome> {
    return this.answer(event, delivery);
  }
}

const event = (id: string, type = 'orders.paid'): NewEvent => ({
  ...{ id, workspaceId: 'ws_1', type, time: 1, payload: new TextEncoder().encode('{}'), correlationId: 'c' },
  ...{ actor: { kind: 'user', id: 'ada' }, source: {} },
});

describe('Follower', () => {
  let log: SqliteEventLog;
  let heard: string[];

  beforeEach(() => {
    log = new SqliteEventLog({ file: ':memory:', clock: { now: () => Date.now() } });
    heard = [];
  });

  afterEach(() => log.close());

  /** One that has begun, and hears until the event of that id; what it hears after that is heard as well. */
  async function following(last: string, answer: Answer = () => Promise.resolve(DONE), grace?: number) {
    const { promise: told, resolve } = Promise.withResolvers<void>();
    const follower = new OrderNews(
      log,
      async (event, delivery) => {
        heard.push(event.id);
        const outcome = await answer(event, delivery);
        if (event.id === last) resolve();
        return outcome;
      },
      grace,
    );
    await follower.onApplicationBootstrap();
    return { follower, told };
  }

  it('hears what its durable asks for, from before its start and after it', async () => {
    await log.append([event('e1'), event('other', 'invoices.sent')]);
    const { follower, told } = await following('e2');
    await log.append([event('e2')]);
    await told;
    await follower.beforeApplicationShutdown();
    expect(heard.toSorted()).toEqual(['e1', 'e2']);
  });

  it('goes on where it was when it begins again', async () => {
    await log.append([event('e1')]);
    const before = await following('e1');
    await before.told;
    await before.follower.beforeApplicationShutdown();
    await log.append([event('e2')]);
    const after = await following('e2');
    await after.told;
    await after.follower.beforeApplicationShutdown();
    expect(heard).toEqual(['e1', 'e2']);
  });

  it('hears again what failed, which is no dead letter', async () => {
    const attempts: number[] = [];
    await log.append([event('e1')]);
    const { follower, told } = await following('e1', (_, { attempt }) => {
      attempts.push(attempt);
      return attempt === 1 ? Promise.reject(new Error('The store is away.')) : Promise.resolve(DONE);
    });
    await told;
    await follower.beforeApplicationShutdown();
    expect(attempts).toEqual([1, 2]);
    expect(await log.dead('shop-orders').list(10)).toEqual([]);
  }, 30_000);

  it('waits at shutdown for what is in hand, and hears nothing after it', async () => {
    const inHand = Promise.withResolvers<void>();
    const go = Promise.withResolvers<void>();
    await log.append([event('e1')]);
    const { follower } = await following('e1', async () => {
      inHand.resolve();
      await go.promise;
      return DONE;
    });
    await inHand.promise;
    const stopped = follower.beforeApplicationShutdown();
    await log.append([event('e2')]);
    go.resolve();
    await stopped;
    expect(heard).toEqual(['e1']);
  });

  it('gives up at shutdown what is not done in its time; it is heard again', async () => {
    const inHand = Promise.withResolvers<void>();
    await log.append([event('e1')]);
    const interrupted: Answer = async (_, { signal }) => {
      inHand.resolve();
      await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
      throw signal.reason;
    };
    const { follower } = await following('e1', interrupted, 1);
    await inHand.promise;
    await follower.beforeApplicationShutdown();
    const next = await following('e1');
    await next.told;
    await next.follower.beforeApplicationShutdown();
    expect(heard).toEqual(['e1', 'e1']);
  }, 30_000);

  it('has nothing to stop when it never began', async () => {
    await expect(new OrderNews(log, () => Promise.resolve(DONE)).beforeApplicationShutdown()).resolves.toBeUndefined();
  });
});
