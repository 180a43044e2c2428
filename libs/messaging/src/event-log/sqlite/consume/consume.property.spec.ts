import { describe, expect, it, jest } from '@jest/globals';
import { Clock } from '@millrace/kernel';
import fc from 'fast-check';
import { aDurable, anEvent, notes } from '../../contract/fixture';
import type { Consumption, Outcome } from '../../event-log';
import { SqliteEventLog } from '../sqlite-event-log';

// A busy machine may take its time.
jest.setTimeout(60_000);

class SystemClock extends Clock {
  now(): number {
    return Date.now();
  }
}

const ATTEMPTS = 3;

/** `failures`: how often an event's handler fails before it succeeds; `turns`: how long each try takes. */
const anyEvent = fc.record({
  key: fc.constantFrom('a', 'b', 'c', undefined),
  failures: fc.integer({ min: 0, max: ATTEMPTS }),
  turns: fc.integer({ min: 0, max: 3 }),
});
const anyRun = fc.record({
  batches: fc.array(fc.array(anyEvent, { minLength: 1, maxLength: 10 }), { minLength: 1, maxLength: 6 }),
  parallel: fc.integer({ min: 1, max: 5 }),
  consumers: fc.integer({ min: 1, max: 3 }),
  stopAfter: fc.integer({ min: 0, max: 6 }),
});

describe('consuming, whatever handlers do and whoever comes and goes', () => {
  it('ends every event once, done or dead, keeps the order of keys and never has two of one key out', async () => {
    await fc.assert(
      fc.asyncProperty(anyRun, async ({ batches, parallel, consumers, stopAfter }) => {
        const log = new SqliteEventLog({ file: ':memory:', clock: new SystemClock(), backOff: [0, 1] });
        const script = new Map(batches.flat().map((event, index) => [`e${index}`, event]));
        const ended = notes<string>();
        const out = new Set<string>();
        const problems: string[] = [];
        const handle = async ({ id, key }: { readonly id: string; readonly key?: string }, attempt: number): Promise<Outcome> => {
          const name = key ?? id;
          if (out.has(name)) problems.push(`${name} is out twice`);
          out.add(name);
          for (let turn = 0; turn < (script.get(id)?.turns ?? 0); turn++) await log.append([anEvent({ workspaceId: 'ws_turn' })]);
          out.delete(name);
          const failures = script.get(id)?.failures ?? 0;
          if (attempt > failures || attempt === ATTEMPTS) ended.add(id);
          if (attempt > failures) return { kind: 'done' };
          if (failures % 2 === 0) throw new Error('broken');
          return { kind: 'retry', delay: 1, reason: 'not yet' };
        };
        const durable = aDurable({ parallel, attempts: ATTEMPTS });
        const join = (): Promise<Consumption> => log.consume(durable, (event, { attempt }) => handle(event, attempt));
        let hands = await Promise.all(Array.from({ length: consumers }, join));
        let next = 0;
        for (const [index, batch] of batches.entries()) {
          await log.append(batch.map(({ key }) => anEvent({ id: `e${next++}`, ...(key !== undefined && { key }) })));
          if (index !== stopAfter) continue;
          await Promise.all(hands.map((hand) => hand.stop(1_000)));
          hands = await Promise.all(Array.from({ length: consumers }, join));
        }
        await ended.until(script.size);
        await Promise.all(hands.map((hand) => hand.stop(1_000)));
        const dead = (await log.dead('d').list(1_000)).map(({ event }) => event.id);
        await log.close();

        expect(problems).toEqual([]);
        expect([...ended.all].sort()).toEqual([...script.keys()].sort());
        expect([...dead].sort()).toEqual(
          [...script]
            .filter(([, { failures }]) => failures === ATTEMPTS)
            .map(([id]) => id)
            .sort(),
        );
        for (const wanted of ['a', 'b', 'c']) {
          const isOfKey = (id: string): boolean => script.get(id)?.key === wanted;
          expect(ended.all.filter(isOfKey)).toEqual([...script.keys()].filter(isOfKey));
        }
      }),
      { numRuns: 100 },
    );
  });
});
