import type { mongo } from 'mongoose';
import { isDuplicate } from '../server';

export interface Counter {
  readonly _id: string;
  readonly last: number;
}

const ID = 'sequence';

interface Asked {
  readonly count: number;
  readonly give: (first: number) => void;
  readonly refuse: (reason: unknown) => void;
}

/**
 * Numbers for events, one row of them for all processes: what is asked for later is larger, wherever it is asked. Numbers may be left
 * out. Those who ask while an answer is under way share the next question to the server.
 */
export class Sequence {
  private waiting: Asked[] = [];
  private asking = false;

  constructor(private readonly counters: mongo.Collection<Counter>) {}

  /** The first of `count` numbers, at least 1, that nobody else has. */
  take(count: number): Promise<number> {
    const { promise, resolve: give, reject: refuse } = Promise.withResolvers<number>();
    this.waiting.push({ count, give, refuse });
    if (!this.asking) void this.ask();
    return promise;
  }

  private async ask(): Promise<void> {
    this.asking = true;
    while (this.waiting.length > 0) await this.answer(this.waiting.splice(0));
    this.asking = false;
  }

  private async answer(asked: readonly Asked[]): Promise<void> {
    const count = asked.reduce((sum, each) => sum + each.count, 0);
    try {
      let next = (await this.raise(count)) - count + 1;
      for (const each of asked) {
        each.give(next);
        next += each.count;
      }
    } catch (error) {
      for (const { refuse } of asked) refuse(error);
    }
  }

  private async raise(by: number): Promise<number> {
    try {
      return await this.count(by);
    } catch (error) {
      // Two processes that begin to count at once: one of them is told that the counter is there.
      if (isDuplicate(error)) return this.count(by);
      throw error;
    }
  }

  private async count(by: number): Promise<number> {
    const raised = await this.counters.findOneAndUpdate({ _id: ID }, { $inc: { last: by } }, { upsert: true, returnDocument: 'after' });
    if (raised === null) throw new Error('The server counted and did not say how far.');
    return raised.last;
  }
}
