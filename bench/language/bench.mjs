// How fast the language is on one core: expressions beside JSONata and a closure by hand, runs of thirty instructions, and whether a
// workspace of many automations is slower (quality.md B13, B11).
import '../../tools/jest/run-typescript.mjs';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { median, perSecond, ratiosOf, spread } from '../rounds/figures.mjs';
import { race } from '../rounds/race.mjs';

const OPTIONS = { rounds: 5, milliseconds: 1_000 };
const PEER = resolve('bench/peers/jsonata/node_modules/jsonata/jsonata.js');
const BARS = { jsonata: 15, runs: 20_000, growth: 1.3 };
const SIZES = [1, 100, 1_000];

if (!existsSync(PEER)) {
  console.error('The peer is not installed: npm ci --ignore-scripts --prefix bench/peers/jsonata');
  process.exit(1);
}
const { expressionContestants } = await import('./expressions.mjs');
const { INSTRUCTIONS, runContestant } = await import('./instructions.mjs');

console.log(
  `bench language   node ${process.versions.node}   ${OPTIONS.rounds} rounds of ${OPTIONS.milliseconds} ms, per second of the processor, medians [min–max]`,
);
const verdicts = [...(await expressions()), ...(await runs())];
process.exitCode = verdicts.every(Boolean) ? 0 : 1;

async function expressions() {
  const speeds = await race(expressionContestants(PEER), OPTIONS);
  const of = (/** @type {string} */ name) => speeds.get(name) ?? [];
  const beside = ratiosOf(of('millrace'), of('jsonata'));
  const share = ratiosOf(of('millrace'), of('closure'));
  const met = median(beside) >= BARS.jsonata;
  console.log(
    ` expressions     millrace ${perSecond(of('millrace'))}   jsonata ${perSecond(of('jsonata'))}   closure ${perSecond(of('closure'))}`,
  );
  console.log(`   beside jsonata  ${spread(beside)}   bar ${BARS.jsonata}   ${verdict(met)}`);
  console.log(`   beside closure  ${spread(share, 3)}`);
  return [met];
}

async function runs() {
  const each = SIZES.slice(1).map((size) => runContestant(size, 'each'));
  const speeds = await race([...SIZES.map((size) => runContestant(size, 'one')), ...each], OPTIONS);
  const of = (/** @type {string} */ name) => speeds.get(name) ?? [];
  const one = of('one of 1');
  const fast = median(one) >= BARS.runs;
  const instructions = perSecond(one.map((speed) => speed * INSTRUCTIONS)).replace('/s', ' instructions/s');
  console.log(` runs of ${INSTRUCTIONS}      ${perSecond(one)}   ${instructions}   bar ${BARS.runs}   ${verdict(fast)}`);
  console.log('   cost of an instruction, beside that in a workspace of 1 automation');
  const growths = SIZES.slice(1).map((size) => {
    const growth = ratiosOf(one, of(`one of ${size}`));
    const met = median(growth) <= BARS.growth;
    console.log(`   one of ${String(size).padStart(4)}     ${spread(growth)}   bar ${BARS.growth}   ${verdict(met)}`);
    // What was not run for a while has to come from memory: a fact of the machine, shown and not held to a bar.
    console.log(`   each in turn     ${spread(ratiosOf(one, of(`each of ${size}`)))}`);
    return met;
  });
  return [fast, ...growths];
}

/** @param {boolean} met */
function verdict(met) {
  return met ? 'met' : 'missed';
}
