import { Session } from 'node:inspector';
import { Stage } from '../../apps/runtime/testing/stage';
import { serviceBench } from '@millrace/testing';
import { ratiosOf } from '../rounds/figures.mjs';

const BUSY = 100;
const CALLS = 3_000;
const ABREAST = 8;

export interface Crowds {
  /** Bytes of memory for each idle workspace. */
  readonly bytes: number;
  /** Milliseconds, round by round. */
  readonly few: readonly number[];
  readonly many: readonly number[];
  readonly ratios: readonly number[];
}

/** Two runtimes in turns: one with the busy workspaces alone, one with as many and a crowd that does nothing. */
export async function crowds({
  few,
  many,
  rounds,
}: {
  readonly few: number;
  readonly many: number;
  readonly rounds: number;
}): Promise<Crowds> {
  await using small = await Stage.open(serviceBench);
  await using large = await Stage.open(serviceBench);
  const busyFew = await settle(small, few);
  const before = used();
  const busyMany = await settle(large, many);
  const bytes = (used() - before) / many;
  const latencies = { few: [] as number[], many: [] as number[] };
  for (let round = -1; round < rounds; round += 1) {
    const [one, other] = [await p99(small, busyFew), await p99(large, busyMany)];
    if (round < 0) continue;
    latencies.few.push(one);
    latencies.many.push(other);
  }
  return { ...latencies, bytes, ratios: ratiosOf(latencies.many, latencies.few) };
}

/** So many workspaces, each with an automation of its own; answers those that are called. */
async function settle(stage: Stage, count: number): Promise<readonly string[]> {
  const all: string[] = [];
  for (let index = 0; index < count; index += 1) all.push(await stage.workspace({ a: sourceOf(index) }));
  for (const workspaceId of all.slice(0, BUSY)) await stage.knock(workspaceId, 'a');
  return all.slice(0, BUSY);
}

/** The slowest of a hundred calls, in milliseconds. */
async function p99(stage: Stage, workspaces: readonly string[]): Promise<number> {
  const times: number[] = [];
  let next = 0;
  const caller = async (): Promise<void> => {
    while (next < CALLS) {
      const workspaceId = workspaces[next % workspaces.length] ?? '';
      next += 1;
      const begun = performance.now();
      await stage.knock(workspaceId, 'a');
      times.push(performance.now() - begun);
    }
  };
  await Promise.all(Array.from({ length: ABREAST }, caller));
  return times.toSorted((a, b) => a - b)[Math.floor(times.length * 0.99)] ?? Number.NaN;
}

/** Bytes in use after what is not has been let go of. */
function used(): number {
  const session = new Session();
  session.connect();
  session.post('HeapProfiler.collectGarbage');
  session.disconnect();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

function sourceOf(index: number): string {
  return `when: { endpoint: { path: a, access: public }, events: [orders.placed] }\ndo: []\noutput: workspace ${index}\n`;
}
