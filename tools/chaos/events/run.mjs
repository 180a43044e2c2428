import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chanceOf } from '../chance.mjs';
import { Ledger } from '../ledger.mjs';
import { publish } from '../publish.mjs';
import { summaryOf, tell } from '../report.mjs';
import { startVictim } from '../victims/start.mjs';
import { judge } from './checks.mjs';
import { readLog } from './evidence.mjs';
import { searched, settled } from './history.mjs';
import { AUTOMATIONS, Load } from './load.mjs';
import { Crowd } from './watching/crowd.mjs';

const WORKSPACES = ['Mill', 'Weir', 'Sluice'];

/** @typedef {import('../chaos.mjs').Plan} Plan */
/** @typedef {import('../victims/victim.mjs').Victim} Victim */
/** @typedef {import('./watching/watch.mjs').Watch} Watch */

/**
 * Hurts a Millrace while events come in and many watch them, and compares what was accepted with the log, the history and what each saw.
 * @param {Plan} plan
 * @returns {Promise<number>} the exit code
 */
export async function run(plan) {
  const { kills, rate, seconds, seed, platform } = plan;
  const folder = mkdtempSync(join(tmpdir(), 'millrace-chaos-'));
  console.log(`chaos events   ${platform}   seed ${seed}   ${kills} kills in ${seconds} s at ${rate} events a second`);
  const victim = await startVictim(plan, join(folder, 'data'));
  const ledger = new Ledger(join(folder, 'ledger.ndjson'));
  const { verdicts, notes, log, watches } = await play(plan, victim, ledger);
  const sum = (/** @type {(watch: Watch) => number} */ of) => watches.reduce((all, watch) => all + of(watch), 0);
  console.log(` ${summaryOf(ledger, victim)}   ${log.length} events on the log`);
  console.log(
    ` ${watches.length} subscribers saw ${sum(({ seen }) => seen.length)} events   resumed ${sum(({ resumes }) => resumes)} times   ${sum(({ gaps }) => gaps.length)} gaps announced`,
  );
  return tell(folder, verdicts, notes, victim);
}

/**
 * Does so to this one, which is ended, and says what was found.
 * @param {Plan} plan
 * @param {Victim} victim
 * @param {Ledger} ledger
 */
export async function play(plan, victim, ledger) {
  const { rate, seed } = plan;
  const chance = chanceOf(seed);
  const crowd = new Crowd();
  try {
    const load = new Load({ victim, ledger, rate, seed, chance: chanceOf(chance.below(2 ** 31)) });
    /** @type {string[]} */
    const workspaces = [];
    for (const name of WORKSPACES) workspaces.push(await publish(victim, name, AUTOMATIONS));
    await crowd.enter(victim, workspaces);
    const sending = load.run(workspaces);
    await victim.hurt(plan, chanceOf(chance.below(2 ** 31)));
    load.stop();
    await sending;
    const notes = await comeToRest({ plan, victim, workspaces, ledger, load, crowd });
    const answers = await answersOf(victim, workspaces);
    crowd.leave();
    const code = await victim.stop();
    const log = await victim.stores((stores) => readLog(stores, workspaces));
    const { watches } = crowd;
    const mayBeBegun = victim.faults.some(({ what }) => what === 'nats');
    const verdicts = judge({ sent: [...ledger.sent.values()], log, answers, watches, mayBeBegun });
    return { verdicts, notes: [...notes, ...(code === 0 ? [] : [`It ended with ${code}.`])], log, watches };
  } finally {
    crowd.leave();
    await victim.end();
  }
}

/**
 * Waits until all that was accepted is in the history and was seen; answers what was not in time.
 * @param {{ plan: Plan, victim: Victim, workspaces: readonly string[], ledger: Ledger, load: Load, crowd: Crowd }} parts
 */
async function comeToRest({ plan, victim, workspaces, ledger, load, crowd }) {
  const patience = plan.rest * 1000;
  const isSettled = await settled(victim, workspaces, ledger, patience);
  for (const workspace of workspaces) await load.end(workspace);
  const late = await crowd.withoutEnd(patience);
  const isComplete = await settled(victim, workspaces, ledger, patience);
  return [
    ...(isSettled && isComplete ? [] : [`The history did not get all in ${plan.rest} s: what is missing may only be late.`]),
    ...late.map((name) => `Did not see the end in ${plan.rest} s: ${name}.`),
  ];
}

/**
 * @param {Victim} victim
 * @param {readonly string[]} workspaces
 */
async function answersOf(victim, workspaces) {
  /** @type {import('./evidence.mjs').Answer[]} */
  const answers = [];
  for (const workspace of workspaces) {
    answers.push({ workspace, lane: undefined, ...(await searched(victim, workspace, '')) });
    answers.push({ workspace, lane: 1, ...(await searched(victim, workspace, 'payload.lane = 1')) });
  }
  return answers;
}
