import { afterEach, describe, expect, it } from '@jest/globals';
import { Alarms } from '@millrace/kernel';
import { SystemIds } from '@millrace/service';
import { liveBench, readerIn } from '../../../../testing/live-bench';
import { WorkspaceReading } from '../reading/workspace-reading';
import { PollEvents } from './poll-events';

/** Rings when the test says so. */
class HandAlarms extends Alarms {
  ring: () => void = () => undefined;
  override set(_at: number, ring: () => void): () => void {
    this.ring = ring;
    return () => undefined;
  }
}

const cleanups: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

async function polls() {
  const bench = await liveBench(cleanups);
  const { clock, feed } = bench;
  const alarms = new HandAlarms();
  const use = new PollEvents({ feed, clock, alarms, ids: new SystemIds(clock) });
  const reading = new WorkspaceReading(readerIn('ws_1'), clock);
  /** Asks, and resolves when the question has begun to wait. */
  const ask = async (since?: string) => {
    const polled = use.run({ reading, asOf: use.expect() }, { wait: 1_000, limit: 10, ...(since === undefined ? {} : { since }) });
    for (let turns = 0; turns < 5; turns++) await Promise.resolve();
    return { polled };
  };
  return { ...bench, alarms, ask };
}

describe('a question that waits', () => {
  it('is answered with nothing when the time is over, and with where to go on', async () => {
    const { alarms, ask, head } = await polls();
    const { polled } = await ask();
    alarms.ring();
    expect(await polled).toEqual({ events: [], next: head(), recovered: true, more: false });
  });

  it('is answered as soon as something happens', async () => {
    const { ask, say, head } = await polls();
    const { polled } = await ask(head());
    const ids = await say({});
    expect((await polled).events.map(({ id }) => id)).toEqual(ids);
  });

  it('is answered at once when another log takes the place of the one it follows: what was between is lost', async () => {
    const { ask, feed } = await polls();
    const { polled } = await ask();
    feed.begin({ epoch: 'new', first: 1n, last: 7n, bytes: 0, capacity: 1 }, 'epoch');
    expect(await polled).toEqual({ events: [], next: 'new-7', recovered: false, reason: 'epoch', more: false });
  });
});
