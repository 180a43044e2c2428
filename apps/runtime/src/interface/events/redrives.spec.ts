import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { DeadLettersService } from '@millrace/contracts';
import type { LoggedEvent } from '@millrace/messaging';
import { AdminServer } from '@millrace/observability';
import { start, type RunningService } from '@millrace/service';
import { person, serviceBench, type ServiceBench } from '@millrace/testing';
import { digestOf, Neighbourhood, neighbours } from '../../../testing/neighbours';
import { payloadOf, workspaceNamed } from '../../../testing/stage';
import { runtimeService } from '../../runtime.module';

const WORKSPACE = workspaceNamed(1);
const SOURCES = { pay: 'when: { events: orders.placed }\ndo: [{ emit: { event: orders.paid, payload: { no: "{{payload.no}}" } } }]\n' };
const encode = (value: object) => new TextEncoder().encode(JSON.stringify(value));

let bench: ServiceBench;
let runtime: RunningService;

beforeEach(async () => {
  const known = new Neighbourhood();
  bench = await serviceBench(neighbours(known, async () => undefined));
  known.versions.set(WORKSPACE, SOURCES);
  known.models.set(digestOf(SOURCES), SOURCES);
  const active = await bench.platform.keyValue.bucket('active');
  await active.put(WORKSPACE, encode({ workspaceId: WORKSPACE, slug: WORKSPACE, digest: digestOf(SOURCES) }));
  await failed([0, 1, 2]);
  await begin();
});

afterEach(async () => {
  await runtime.stop();
  await bench[Symbol.asyncDispose]();
});

const begin = async (): Promise<void> => {
  runtime = await start(runtimeService({}), bench.platform, new AdminServer({ host: '127.0.0.1', port: 0 }));
};

/** These orders are dead letters: whoever followed the log before could not handle them. */
async function failed(orders: readonly number[]): Promise<void> {
  const { eventLog, clock } = bench.platform;
  const envelope = { correlationId: 'cor', actor: { kind: 'user', id: 'ada' }, source: {}, time: clock.now() } as const;
  await eventLog.append(
    orders.map((no) => ({ ...envelope, id: `evt_${no}`, workspaceId: WORKSPACE, type: 'orders.placed', payload: encode({ no }) })),
  );
  const durable = { name: 'runtime', filter: ['*.>'], order: 'key', parallel: 1, attempts: 1, start: 'first' } as const;
  const all = Promise.withResolvers<undefined>();
  const consumption = await eventLog.consume(durable, async ({ id }) => {
    if (id === `evt_${orders.at(-1)}`) all.resolve(undefined);
    return { kind: 'dead', reason: 'no' };
  });
  await all.promise;
  await consumption.stop(10_000);
}

async function first(type: string, isWanted: (event: LoggedEvent) => boolean = () => true): Promise<LoggedEvent> {
  for await (const event of bench.platform.eventLog.read('first', `${WORKSPACE}.${type}`, { live: true })) {
    if (isWanted(event)) return event;
  }
  throw new Error('The log ended.');
}

describe('a redrive at a rate', () => {
  it('goes on when the runtime that began it is gone, each event once', async () => {
    const request = { workspaceId: WORKSPACE, all: true, rate: 1 };
    expect(await bench.bus.call(DeadLettersService.method.redriveDeadLetters, request, bench.as(person('ada')))).toMatchObject({
      count: 3,
    });
    await first('runtime.dead-letters.redriven');
    await runtime.stop();
    await begin();
    await first('orders.paid', (event) => payloadOf(event)['no'] === 2);
    const paid = await Array.fromAsync(bench.platform.eventLog.read('first', `${WORKSPACE}.orders.paid`, { live: false }));
    expect(paid.map((event) => payloadOf(event)['no'])).toEqual([0, 1, 2]);
  });
});
