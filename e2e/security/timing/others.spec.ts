import { Agent, request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Crowd } from './crowd';
import { quantile } from './pairs';

const EVENTS = 2_000;
/** Of so many calls the first meets the one request; half of the blocks are alone, by turns. */
const CALLS = 20;
const BLOCKS = 25;
/** What is compared: so many of the calls are faster. The slowest of all tell more of the machine. */
const SHARE = 0.9;
/** How many times as long they may take. */
const MOST = 2;
/** The embedded history is searched in the process that serves, which goes through rows and serves by turns. */
const MOST_BESIDE_A_SEARCH = 4;

describe('the others', () => {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  let crowd: Crowd;

  beforeAll(async () => {
    crowd = await Crowd.make(EVENTS);
  });

  afterAll(async () => {
    agent.destroy();
    await crowd.stop();
  });

  const call = async (): Promise<number> => {
    const before = performance.now();
    const { promise, resolve, reject } = Promise.withResolvers<number>();
    request(`${crowd.ground.url}/v1/workspaces`, { agent, headers: { authorization: crowd.authorization } }, (answer) => {
      answer.resume().once('end', () => resolve(answer.statusCode ?? 0));
    })
      .once('error', reject)
      .end();
    expect(await promise).toBe(200);
    return performance.now() - before;
  };

  it.each<[string, number, () => Promise<unknown>]>([
    ['slow senders', MOST, () => crowd.sendSlowly()],
    ['a URL of 8 KiB', MOST, () => crowd.ask(`/v1/workspaces?where=${'x'.repeat(8_000)}`)],
    ['a filter like a pattern', MOST_BESIDE_A_SEARCH, () => crowd.search(`payload.words starts with '${'(a+)+'.repeat(200)}$'`)],
    [
      'a filter of many terms',
      MOST_BESIDE_A_SEARCH,
      () => crowd.search(Array.from({ length: 60 }, (_, at) => `payload.at != ${at}`).join(' and ')),
    ],
    ['a costly search', MOST_BESIDE_A_SEARCH, () => crowd.search("payload.words ends with 'ord39x'")],
  ])('go on beside %s', async (_, most, hog) => {
    const [alone, beside]: [number[], number[]] = [[], []];
    const block = async (into: number[], other: () => Promise<unknown>): Promise<void> => {
      const busy = other();
      for (let at = 0; at < CALLS; at++) into.push(await call());
      await busy;
    };
    for (let at = 0; at < BLOCKS; at++) {
      if (at % 2 === 0) await block(alone, async () => undefined);
      await block(beside, hog);
      if (at % 2 === 1) await block(alone, async () => undefined);
    }
    expect(quantile(SHARE, beside) / quantile(SHARE, alone)).toBeLessThan(most);
  });
});
