import { mkdtempSync, readFileSync } from 'node:fs';
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
import { LIMITS } from '../sockets/limits.mjs';
import { verdict } from '../verdict.mjs';
import { StandaloneVictim } from '../victims/standalone.mjs';
import { LongStory, Readers } from './readers.mjs';

const ALL = 100;
const STOPPED = 5;
const MOST_GROWTH = 20;
const SECOND = 1_000;
/** Seconds that are compared with those before, and how often: a young process grows by itself. */
const WINDOW = 20;
const WINDOWS = 12;
/** MiB by which a process that no longer does may differ from one window to the next. */
const STEADY = 5;

/** @typedef {{ quick: Readers, stopped: Readers, passage: Passage, victim: StandaloneVictim }} Stage */

/**
 * Five of a hundred sockets stop reading: they are let go and get all of it when they come back; the others notice nothing, and the process does
 * not grow by it.
 * @param {import('../chaos.mjs').Plan} plan
 * @returns {Promise<number>} the exit code
 */
export async function run({ rate, seed }) {
  console.log(`chaos slow   seed ${seed}   ${STOPPED} of ${ALL} sockets stop reading at ${rate} events a second`);
  const folder = mkdtempSync(join(tmpdir(), 'millrace-chaos-'));
  const victim = await StandaloneVictim.start(join(folder, 'data'), { environment: LIMITS });
  const passage = await Passage.to(() => victim.process.ports.http);
  const ledger = new Ledger(join(folder, 'ledger.ndjson'));
  const [quick, stopped] = [new Readers(), new Readers()];
  const leave = () => [quick, stopped].forEach((readers) => readers.leave());
  try {
    const load = new LongStory({ victim, ledger, rate, seed, chance: chanceOf(seed) });
    const workspace = await publish(victim, 'Mill', {});
    await quick.enter(victim, workspace, ALL - STOPPED, false);
    await stopped.enter({ url: passage.url, token: () => victim.token() }, workspace, STOPPED, true);
    const sending = load.run([workspace]);
    const found = await watched({ quick, stopped, passage, victim });
    load.stop();
    await sending;
    await load.end(workspace);
    await Promise.all([quick.ended(), stopped.ended()]);
    leave();
    const code = await victim.stop();
    const log = await victim.stores((stores) => readLog(stores, [workspace]));
    console.log(` ${summaryOf(ledger, victim)}   ${log.length} events on the log`);
    const watches = [...quick.watches, ...stopped.watches];
    const gaps = stopped.watches.flatMap(({ name, gaps: all }) => all.map(({ reason }) => `${name}: ${reason}`));
    const verdicts = [
      ...judge({ sent: [...ledger.sent.values()], log, answers: [], watches }),
      ...found,
      verdict('what they had missed is a gap', gaps),
    ];
    return tell(folder, verdicts, code === 0 ? [] : [`It ended with ${code}.`], victim);
  } finally {
    leave();
    await passage.close();
    await victim.end();
  }
}

/**
 * Makes them stop, and looks at all from before that until they are back.
 * @param {Stage} stage
 */
async function watched({ quick, stopped, passage, victim }) {
  const before = await steady(victim);
  quick.slowest();
  await sleep(WINDOW * SECOND);
  const usual = quick.slowest();
  passage.stop();
  const { memory: during, behind } = await looked(
    victim,
    stopped.until(({ resumes }) => resumes > 0),
  );
  const then = quick.slowest();
  const closed = await victim.metric('millrace_live_closed_total');
  const lost = quick.watches.filter(({ resumes }) => resumes > 0).map(({ name }) => name);
  console.log(
    ` memory ${before} MiB, then ${during} MiB, and ${behind} behind   99 % of the others' events within ${usual} ms, then within ${then} ms`,
  );
  return [
    verdict('those who stopped reading are not let go', closed >= STOPPED ? [] : [`${closed} of ${STOPPED} were`]),
    verdict('those who stopped reading are not held to a queue', behind >= STOPPED ? [] : [`${behind} of ${STOPPED} were behind`]),
    verdict('others are cut off', lost),
    verdict(`memory grows by more than ${MOST_GROWTH} MiB`, during - before > MOST_GROWTH ? [`from ${before} to ${during} MiB`] : []),
  ];
}

/**
 * Resolves when a process has come to the memory that it stays with, in MiB.
 * @param {StandaloneVictim} victim
 */
async function steady(victim) {
  let before = 0;
  for (let window = 0; window < WINDOWS; window++) {
    const { memory } = await looked(victim, sleep(WINDOW * SECOND));
    if (memory - before <= STEADY) return memory;
    before = memory;
  }
  return before;
}

/**
 * Looks at a process until something is over: the memory that it has half of the time or less, in MiB, and how many are behind at most.
 * @param {StandaloneVictim} victim
 * @param {Promise<unknown>} over
 */
async function looked(victim, over) {
  let behind = 0;
  /** @type {number[]} */
  const memory = [];
  const look = async () => {
    const [, kibibytes = '0'] = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${victim.process.pid}/status`, 'utf8')) ?? [];
    memory.push(Math.round(Number(kibibytes) / 1024));
    behind = Math.max(behind, await victim.metric('millrace_live_behind'));
  };
  const end = over.then(() => 'over');
  do await look();
  while ((await Promise.race([end, sleep(SECOND / 2)])) !== 'over');
  memory.sort((a, b) => a - b);
  return { memory: memory[Math.floor(memory.length / 2)] ?? 0, behind };
}
