import { parseArgs } from 'node:util';
import { median, ratiosOf, spread, verdict } from '../rounds/figures.mjs';
import { crowds } from './crowd';
import { House } from './house';

const { values } = parseArgs({ options: { rounds: { type: 'string' }, idle: { type: 'string' }, automations: { type: 'string' } } });
const ROUNDS = Number(values.rounds ?? 5);
const IDLE = Number(values.idle ?? 10_000);
/** Automations of each of them. */
const WRITTEN = Number(values.automations ?? 1);
const AUTOMATIONS = 500;
const SWITCHES = 40;
const BARS = { publish: 1_000, switched: 1_000, kilobytes: 40, growth: 1.2 };

console.log(`bench workspaces   node ${process.versions.node}   ${ROUNDS} rounds, medians [min–max]`);
const met = [...(await publishing()), ...(await crowding())];
process.exitCode = met.every(Boolean) ? 0 : 1;

/** Publishing a large workspace, beside checking its files alone; and how soon the version runs. */
async function publishing(): Promise<readonly boolean[]> {
  await using house = await House.open();
  const workspace = await house.workspace(AUTOMATIONS);
  const ours: number[] = [];
  const alone: number[] = [];
  for (let round = -1; round < ROUNDS; round += 1) {
    const [published, checked] = [await house.publish(workspace, round), house.check(AUTOMATIONS, round)];
    if (round < 0) continue;
    ours.push(published);
    alone.push(checked);
  }
  const isFast = median(ours) <= BARS.publish;
  console.log(
    ` publish, ${AUTOMATIONS} automations   ${spread(ours, 0)} ms   beside its checks alone ${spread(ratiosOf(ours, alone))}   bar ${BARS.publish} ms   ${verdict(ours, isFast)}`,
  );
  const small = await house.workspace(1);
  const switches: number[] = [];
  for (let version = 0; version < SWITCHES; version += 1) switches.push(await house.switched(small, version));
  const p99 = switches.toSorted((a, b) => a - b).at(-1) ?? Number.NaN;
  const isSoon = p99 <= BARS.switched;
  console.log(
    ` from published to running   p50 ${median(switches).toFixed(1)} ms, slowest of ${SWITCHES} ${p99.toFixed(1)} ms   bar ${BARS.switched} ms   ${isSoon ? 'met' : 'MISSED'}`,
  );
  return [isFast, isSoon];
}

/** What idle workspaces cost in memory, and those that are busy. */
async function crowding(): Promise<readonly boolean[]> {
  const { bytes, making, ratios, few, many } = await crowds({ idle: IDLE, automations: WRITTEN, rounds: ROUNDS });
  const kilobytes = bytes / 1024;
  const isSmall = kilobytes <= BARS.kilobytes;
  const isFlat = median(ratios) <= BARS.growth;
  const [crowd, each] = [IDLE.toLocaleString('en'), `${WRITTEN} automation${WRITTEN === 1 ? '' : 's'}`];
  console.log(` made ${crowd} workspaces of ${each}, ${making.toFixed(1)} ms each`);
  console.log(` an idle workspace   ${kilobytes.toFixed(1)} KB of ${crowd}   bar ${BARS.kilobytes} KB   ${isSmall ? 'met' : 'MISSED'}`);
  console.log(
    ` endpoint p99   of the busy alone ${spread(few)} ms, among ${crowd} ${spread(many)} ms   ${spread(ratios)}   bar ${BARS.growth}   ${verdict(ratios, isFlat)}`,
  );
  return [isSmall, isFlat];
}
