import { parseArgs } from 'node:util';
import { median, perSecond, ratiosOf, spread, verdict } from '../rounds/figures.mjs';
import { inTurns } from '../rounds/pairs.mjs';
import { JetStreamContestant, RawContestant, SqliteContestant, type Contestant } from './contestants';
import { NatsServer } from './nats-server';

const { values } = parseArgs({ options: { rounds: { type: 'string' }, seconds: { type: 'string' } } });
const ROUNDS = Number(values.rounds ?? 5);
const SECONDS = Number(values.seconds ?? 2);
const BAR = 0.7;
/** Events that are consumed in one go. */
const BACKLOG = 30_000;

type Speeds = ReadonlyMap<string, readonly number[]>;
type Measure = (contestant: Contestant) => Promise<number>;

console.log(`bench log   node ${process.versions.node}   events of 1 KiB, ${ROUNDS} rounds of ${SECONDS} s, per second, medians [min–max]`);
const met = [...(await profile('fast')), ...(await profile('safe'))];
process.exitCode = met.every(Boolean) ? 0 : 1;

async function profile(durability: 'fast' | 'safe'): Promise<readonly boolean[]> {
  const server = await NatsServer.start(durability === 'safe' ? 'always' : '1s');
  const contestants: Contestant[] = [];
  try {
    contestants.push(
      await RawContestant.open(server),
      await JetStreamContestant.open(server, durability),
      new SqliteContestant(durability),
    );
    console.log(` ${durability}`);
    const one = judge('append, awaited one at a time', await race(contestants, (contestant) => appending(contestant, 1)));
    const many = judge('append, 64 in flight', await race(contestants, (contestant) => appending(contestant, 64)));
    if (durability === 'safe') return [one, many];
    for (const contestant of contestants) await fill(contestant);
    const unordered = judge('consume, any order', await race(contestants, (contestant) => consuming(contestant, 'none')));
    const ordered = judge('consume, in the order of keys', await race(contestants, (contestant) => consuming(contestant, 'key')));
    return [one, many, unordered, ordered];
  } finally {
    for (const contestant of contestants) await contestant.close();
    await server.stop();
  }
}

async function race(contestants: readonly Contestant[], measure: Measure): Promise<Speeds> {
  const turns = Object.fromEntries(contestants.map((contestant) => [contestant.name, () => measure(contestant)]));
  await inTurns(turns, 1);
  return inTurns(turns, ROUNDS);
}

/** The JetStream log beside the bare client; the embedded log is shown. */
function judge(what: string, speeds: Speeds): boolean {
  const of = (name: string): readonly number[] => speeds.get(name) ?? [];
  const ratios = ratiosOf(of('jetstream'), of('raw client'));
  const isMet = median(ratios) >= BAR;
  console.log(`  ${what}`);
  for (const name of speeds.keys()) console.log(`    ${name.padEnd(12)} ${perSecond(of(name)).padStart(10)}`);
  console.log(`    jetstream beside the raw client ${spread(ratios)}   bar ${BAR}   ${verdict(ratios, isMet)}`);
  return isMet;
}

async function appending(contestant: Contestant, inFlight: number): Promise<number> {
  const begun = performance.now();
  const end = begun + SECONDS * 1_000;
  let count = 0;
  const caller = async (): Promise<void> => {
    for (; performance.now() < end; count++) await contestant.append();
  };
  await Promise.all(Array.from({ length: inFlight }, caller));
  return (1_000 * count) / (performance.now() - begun);
}

async function fill(contestant: Contestant): Promise<void> {
  for (let left = BACKLOG; left > 0; left -= 100) await Promise.all(Array.from({ length: 100 }, () => contestant.append()));
}

async function consuming(contestant: Contestant, order: 'key' | 'none'): Promise<number> {
  const { begun, stop } = await contestant.consume(order, BACKLOG);
  const took = performance.now() - begun;
  await stop();
  return (1_000 * BACKLOG) / took;
}
