import { median, perSecond, ratiosOf, spread, verdict } from '../rounds/figures.mjs';
import { race } from '../rounds/race.mjs';
import { handling, ignoring, type Following } from './handling';
import { calling, matching } from './matching';

const OPTIONS = { rounds: 5, milliseconds: 1_000 };
const SIZES = [10, 1_000, 10_000] as const;
const BARS = { growth: 1.3, noOp: 0.6 };

type Speeds = ReadonlyMap<string, readonly number[]>;

console.log(
  `bench match   node ${process.versions.node}   ${OPTIONS.rounds} rounds of ${OPTIONS.milliseconds} ms, per second of the processor, medians [min–max]`,
);
const met = [...(await language()), ...(await calls()), ...(await runtime())];
process.exitCode = met.every(Boolean) ? 0 : 1;

/** The language alone: one automation wants the event. */
async function language(): Promise<readonly boolean[]> {
  const speeds = await race([...SIZES.map((size) => matching(size, 'one')), ...SIZES.map((size) => matching(size, 'each'))], OPTIONS);
  console.log(' matchEvents, one automation wants the event; cost beside that of 10 automations');
  // What was not looked at for a while has to come from memory: a fact of the machine, shown and not held to a bar.
  for (const size of SIZES) grown(speeds, `each of ${size}`, 'each of 10');
  return SIZES.map((size) => grown(speeds, `one of ${size}`, 'one of 10', BARS.growth));
}

/** The language alone: one automation answers the call. */
async function calls(): Promise<readonly boolean[]> {
  const speeds = await race(SIZES.map(calling), OPTIONS);
  console.log(' matchEndpoint, one automation answers; cost beside that of 10 automations');
  return SIZES.map((size) => grown(speeds, `call, ${size}`, 'call, 10', BARS.growth));
}

/** From the log through the runtime's HandleEvent: no automation wants the event. */
async function runtime(): Promise<readonly boolean[]> {
  const contestants: Following[] = [await ignoring()];
  for (const size of SIZES) contestants.push(await handling(size));
  const speeds = await race(contestants, OPTIONS);
  for (const contestant of contestants) await contestant[Symbol.asyncDispose]();
  console.log(' from append to done, no automation wants the event; cost beside that of 10 automations');
  const growth = SIZES.map((size) => grown(speeds, `runtime, ${size}`, 'runtime, 10', BARS.growth));
  const ratios = ratiosOf(of(speeds, 'runtime, 10000'), of(speeds, 'no-op'));
  const isFast = median(ratios) >= BARS.noOp;
  console.log(
    ` B12 no-op consumer ${perSecond(of(speeds, 'no-op'))}; 10,000 automations beside it ${spread(ratios)}   bar ${BARS.noOp}   ${verdict(ratios, isFast)}`,
  );
  return [...growth, isFast];
}

function grown(speeds: Speeds, name: string, least: string, bar?: number): boolean {
  const growth = ratiosOf(of(speeds, least), of(speeds, name));
  const isMet = bar === undefined || median(growth) <= bar;
  const judged = bar === undefined ? '' : `   bar ${bar}   ${verdict(growth, isMet)}`;
  console.log(`   ${name.padEnd(16)} ${perSecond(of(speeds, name)).padStart(12)}   ${spread(growth)}${judged}`);
  return isMet;
}

function of(speeds: Speeds, name: string): readonly number[] {
  return speeds.get(name) ?? [];
}
