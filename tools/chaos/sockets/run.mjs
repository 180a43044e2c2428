import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { chanceOf } from '../chance.mjs';
import { judge } from '../events/checks.mjs';
import { readLog } from '../events/evidence.mjs';
import { Ledger } from '../ledger.mjs';
import { Passage } from '../passage.mjs';
import { publish } from '../publish.mjs';
import { summaryOf, tell } from '../report.mjs';
import { verdict } from '../verdict.mjs';
import { StandaloneVictim } from '../victims/standalone.mjs';
import { Audience, ManyThings } from './audience.mjs';
import { LIMITS } from './limits.mjs';

const SECOND = 1_000;

/**
 * @typedef {{ victim: StandaloneVictim, passage: Passage, audience: Audience }} Stage
 * @typedef {{ what: string, milliseconds: number, checks: number, back: number }} Drop
 */

/**
 * Drops very many sockets at once, again and again and at last with their process, and looks at what each of them saw and what it cost to let
 * them in again.
 * @param {import('../chaos.mjs').Plan} plan
 * @returns {Promise<number>} the exit code
 */
export async function run(plan) {
  const { kills, sockets, rate, seed } = plan;
  console.log(
    `chaos sockets   seed ${seed}   ${sockets} sockets dropped at once ${kills} times, then by a kill, at ${rate} events a second`,
  );
  const folder = mkdtempSync(join(tmpdir(), 'millrace-chaos-'));
  const victim = await StandaloneVictim.start(join(folder, 'data'), { environment: LIMITS });
  const passage = await Passage.to(() => victim.process.ports.http);
  const ledger = new Ledger(join(folder, 'ledger.ndjson'));
  const audience = new Audience();
  try {
    const load = new ManyThings({ victim, ledger, rate, seed, chance: chanceOf(seed) });
    const workspace = await publish(victim, 'Mill', {});
    await audience.enter({ url: passage.url, token: () => victim.token() }, workspace, sockets);
    const sending = load.run([workspace]);
    const drops = await dropped({ victim, passage, audience }, kills);
    load.stop();
    await sending;
    await load.end(workspace);
    await audience.ended();
    audience.leave();
    const code = await victim.stop();
    const log = await victim.stores((stores) => readLog(stores, [workspace]));
    console.log(` ${summaryOf(ledger, victim)}   ${log.length} events on the log`);
    for (const { what, milliseconds, checks, back } of drops)
      console.log(` ${what}: ${back} back after ${milliseconds} ms, ${checks} tokens looked at`);
    const verdicts = judge({ sent: [...ledger.sent.values()], log, answers: [], watches: audience.watches });
    const costly = drops.filter(({ checks, back }) => checks > back).map(({ what, checks, back }) => `${what}: ${checks} for ${back}`);
    const notes = code === 0 ? [] : [`It ended with ${code}.`];
    return tell(folder, [...verdicts, verdict('identities checked more than once a reconnect', costly)], notes, victim);
  } finally {
    audience.leave();
    await passage.close();
    await victim.end();
  }
}

/**
 * @param {Stage} stage
 * @param {number} times
 */
async function dropped(stage, times) {
  const { passage, victim } = stage;
  /** @type {Drop[]} */
  const drops = [];
  for (let time = 1; time <= times; time++) {
    await sleep(SECOND);
    drops.push(await drop(stage, `drop ${time}`, async () => passage.cut()));
  }
  await sleep(SECOND);
  drops.push(await drop(stage, 'kill', () => victim.kill()));
  return drops;
}

/**
 * Drops all and resolves when all are back. Looks at tokens that were not for requests of the load, which bring one each.
 * @param {Stage} stage
 * @param {string} what
 * @param {() => Promise<void>} act
 * @returns {Promise<Drop>}
 */
async function drop({ victim, audience }, what, act) {
  const { size } = new Set(audience.watches);
  const rounds = audience.resumes / size + 1;
  const before = what === 'kill' ? 0 : await looks(victim);
  const begun = performance.now();
  await act();
  await audience.back(rounds);
  return { what, milliseconds: Math.round(performance.now() - begun), checks: (await looks(victim)) - before, back: size };
}

/** @param {StandaloneVictim} victim */
async function looks(victim) {
  const [tokens, requests] = [
    await victim.metric('millrace_gateway_tokens_checked_total'),
    await victim.metric('millrace_http_requests_total', 'class="emit"'),
  ];
  return tokens - requests;
}
