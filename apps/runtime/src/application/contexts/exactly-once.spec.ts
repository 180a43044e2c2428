import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { DomainError, type Json, type JsonMap } from '@millrace/kernel';
import { applyWrite, type LoadRequest, type WriteRequest } from '@millrace/language';
import { SqliteKeyValue } from '@millrace/messaging';
import { SystemIds } from '@millrace/service';
import fc from 'fast-check';
import { Contexts } from './contexts';
import { RiggedBucket, SetClock } from './testing/rigging';

const GLOBAL: LoadRequest = { context: 'global', instance: '', owner: '' };
const USER: LoadRequest = { context: 'user', instance: '', owner: 'ada' };

const broken = (): never => {
  throw new DomainError('kv.unavailable', 'unavailable', 'The store is away.');
};

let store: SqliteKeyValue;
let bucket: RiggedBucket;
let processes: readonly [Contexts, Contexts];

beforeEach(async () => {
  const clock = new SetClock();
  store = new SqliteKeyValue({ file: ':memory:', clock });
  bucket = new RiggedBucket(await store.bucket('contexts'));
  const ids = new SystemIds(clock);
  processes = [new Contexts(bucket, clock, ids), new Contexts(bucket, clock, ids)];
});

afterEach(async () => {
  await store.close();
});

type Change = Pick<WriteRequest, 'path' | 'op' | 'value'>;

const change: fc.Arbitrary<Change> = fc.oneof(
  fc.record({ path: fc.constantFrom(['n'], ['m', 'n']), op: fc.constant('increment' as const), value: fc.integer({ min: 1, max: 5 }) }),
  fc.record({ path: fc.constantFrom(['l'], ['m', 'l']), op: fc.constant('push' as const), value: fc.nat(9) }),
  fc.record({ path: fc.constantFrom(['n'], ['l', 0], ['m']), op: fc.constant('delete' as const) }),
  fc.record({ path: fc.constantFrom(['m'], ['l']), op: fc.constant('merge' as const), value: fc.constantFrom<Json>({ x: 1 }, [7]) }),
);

const moves = fc.array(
  fc.record({
    run: fc.constantFrom('run_1', 'run_2', 'run_3'),
    writes: fc.array(
      fc.tuple(fc.constantFrom(GLOBAL, USER), change).map(([name, one]): WriteRequest => ({ ...name, ...one })),
      { maxLength: 3 },
    ),
    awaited: fc.boolean(),
    breaks: fc.constantFrom('no' as const, 'beforePut' as const, 'afterPut' as const),
    repeats: fc.nat(2),
    settles: fc.boolean(),
    at: fc.constantFrom(0 as const, 1 as const),
  }),
  { maxLength: 12 },
);

/** Context by context, each as a whole; nothing after one that is refused. */
function applied(model: Readonly<Record<string, JsonMap>>, writes: readonly WriteRequest[]): Readonly<Record<string, JsonMap>> {
  let after = model;
  for (const context of new Set(writes.map((write) => write.context))) {
    try {
      const mine = writes.filter((write) => write.context === context);
      after = { ...after, [context]: mine.reduce((value, write) => applyWrite(value, write).value, after[context] ?? {}) };
    } catch {
      return after;
    }
  }
  return after;
}

it('whatever breaks off and whoever repeats it, each flush is in the contexts once', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uuid(), moves, async (workspace, list) => {
      let model: Readonly<Record<string, JsonMap>> = {};
      for (const [number, { run, writes, awaited, breaks, repeats, settles, at }] of list.entries()) {
        const [request] = writes;
        const attempt = async (contexts: Contexts): Promise<unknown> => {
          if (!awaited) return contexts.flush(workspace, { run, number, writes }).catch((error: unknown) => error);
          return request && contexts.write(workspace, { run, number, request }).catch((error: unknown) => error);
        };
        if (breaks !== 'no') bucket[breaks] = broken;
        await attempt(processes[at]);
        bucket.beforePut = bucket.afterPut = () => undefined;
        const first = await attempt(processes[at]);
        for (let again = 0; again < repeats; again++) expect(await attempt(processes[again === 0 ? 1 : 0])).toEqual(first);
        if (settles) for (const contexts of processes) contexts.settle(run, number + 1);
        model = applied(model, awaited ? writes.slice(0, 1) : writes);
        for (const name of [GLOBAL, USER]) expect((await processes[0].load(workspace, name)).value).toEqual(model[name.context] ?? {});
      }
    }),
    { numRuns: 150 },
  );
});
