import { Session } from 'node:inspector/promises';
import { ratiosOf } from '../rounds/figures.mjs';
import { House } from './house';

const BUSY = 100;
const CALLS = 3_000;
const ABREAST = 8;

export interface Crowds {
  /** Bytes of memory for each idle workspace, in all services together. */
  readonly bytes: number;
  /** Milliseconds that making one of the crowd took, among others that were made. */
  readonly making: number;
  /** Milliseconds, round by round. */
  readonly few: readonly number[];
  readonly many: readonly number[];
  readonly ratios: readonly number[];
}

export interface CrowdOptions {
  /** Workspaces that do nothing. */
  readonly idle: number;
  /** Automations of each of them. */
  readonly automations: number;
  readonly rounds: number;
}

/** Two houses in turns: one with the busy workspaces alone, one with as many and a crowd that does nothing. */
export async function crowds({ idle, automations, rounds }: CrowdOptions): Promise<Crowds> {
  await using small = await House.open();
  await using large = await House.open();
  const [busyFew, busyMany] = [await settle(small), await settle(large)];
  const before = await used();
  const begun = performance.now();
  const crowd = await large.workspaces(idle, automations);
  const making = (performance.now() - begun) / idle;
  // The last one answers: all that were published before it have been seen.
  await large.knock(crowd.at(-1) ?? '');
  const bytes = ((await used()) - before) / idle;
  const latencies = { few: [] as number[], many: [] as number[] };
  for (let round = -1; round < rounds; round += 1) {
    const [one, other] = [await p99(small, busyFew), await p99(large, busyMany)];
    if (round < 0) continue;
    latencies.few.push(one);
    latencies.many.push(other);
  }
  return { ...latencies, bytes, making, ratios: ratiosOf(latencies.many, latencies.few) };
}

/** The workspaces that are called, each called once. */
async function settle(house: House): Promise<readonly string[]> {
  const busy = await house.workspaces(BUSY, 1);
  for (const workspaceId of busy) await house.knock(workspaceId);
  return busy;
}

/** The slowest of a hundred calls, in milliseconds. */
async function p99(house: House, workspaces: readonly string[]): Promise<number> {
  const times: number[] = [];
  let next = 0;
  const caller = async (): Promise<void> => {
    while (next < CALLS) {
      const workspaceId = workspaces[next % workspaces.length] ?? '';
      next += 1;
      const begun = performance.now();
      await house.knock(workspaceId);
      times.push(performance.now() - begun);
    }
  };
  await Promise.all(Array.from({ length: ABREAST }, caller));
  return times.toSorted((a, b) => a - b)[Math.floor(times.length * 0.99)] ?? Number.NaN;
}

/** Bytes in use after what is not has been let go of. Only what is waited for is collected. */
async function used(): Promise<number> {
  const session = new Session();
  session.connect();
  for (let time = 0; time < 2; time += 1) await session.post('HeapProfiler.collectGarbage');
  session.disconnect();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
