import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WorkspacesService } from '@millrace/contracts';
import { chanceOf } from '../chance.mjs';
import { automations } from './automations.mjs';
import { isBroken, judge } from './checks.mjs';
import { readContexts } from './evidence.mjs';
import { Ledger } from './ledger.mjs';
import { Load } from './load.mjs';
import { Quiet } from './quiet.mjs';
import { openSink } from './sink.mjs';
import { breachesOf, tableOf } from './table.mjs';
import { ClusterVictim } from './victims/cluster.mjs';
import { StandaloneVictim } from './victims/standalone.mjs';

/** @import { Victim } from './victims/victim.mjs' */

/**
 * Hurts a Millrace while events come in, and judges what it made of them: one process that is killed, or a cluster of which a part is.
 * @param {import('../chaos.mjs').Plan} plan
 * @returns {Promise<number>} the exit code
 */
export async function run(plan) {
  const { kills, rate, seconds, seed, platform } = plan;
  const chance = chanceOf(seed);
  const folder = mkdtempSync(join(tmpdir(), 'millrace-chaos-'));
  console.log(`chaos runtime   ${platform}   seed ${seed}   ${kills} kills in ${seconds} s at ${rate} events a second`);
  const sink = await openSink(chanceOf(chance.below(2 ** 31)));
  const victim = await (platform === 'cluster' ? ClusterVictim.start() : StandaloneVictim.start(join(folder, 'data')));
  try {
    const workspace = await publish(victim, automations(sink.url));
    const ledger = new Ledger(join(folder, 'ledger.ndjson'));
    const load = new Load({ victim, workspace, ledger, rate, seed, chance: chanceOf(chance.below(2 ** 31)) });
    const sending = load.run();
    await victim.hurt(plan, chanceOf(chance.below(2 ** 31)));
    load.stop();
    await sending;
    const begun = performance.now();
    const quiet = new Quiet(victim, workspace);
    const isQuiet = await quiet.reached(plan.rest * 1000);
    const settled = Math.round((performance.now() - begun) / 1000);
    const contexts = await readContexts(victim, workspace);
    const code = await victim.stop();
    const stores = await victim.stores(workspace);
    const verdicts = judge({
      ...{ sent: [...ledger.sent.values()], ...stores, ...contexts },
      ...{ history: quiet.seen, calls: sink.calls, mostRepeated: kills * victim.inFlight },
      stoodStill: victim.faults.some(({ what }) => what === 'pause'),
    });
    const notes = [
      ...(isQuiet ? [] : [`It did not come to rest in ${plan.rest} s: what is missing may only be late.`]),
      ...(code === 0 ? [] : [`It ended with ${code}.`]),
    ];
    console.log(summary(ledger, stores.log.length, settled, victim));
    return tell(folder, verdicts, notes, victim);
  } finally {
    await victim.end();
    sink.close();
  }
}

/**
 * Makes a workspace with these automations that run.
 * @param {Victim} victim
 * @param {Record<string, string>} sources
 */
async function publish(victim, sources) {
  const client = await victim.client();
  const created = await client.call(WorkspacesService.method.createWorkspace, { name: 'Chaos' });
  const { id: workspaceId } = /** @type {{ id: string }} */ (created);
  for (const [slug, source] of Object.entries(sources)) {
    await client.call(WorkspacesService.method.putAutomation, { workspaceId, slug, source });
  }
  await client.call(WorkspacesService.method.publishVersion, { workspaceId });
  return workspaceId;
}

/**
 * @param {Ledger} ledger
 * @param {number} onLog
 * @param {number} settled
 * @param {Victim} victim
 */
function summary(ledger, onLog, settled, { faults }) {
  const backs = faults.map(({ at, back }) => back - at).sort((a, b) => a - b);
  const sent = `sent ${ledger.sent.size}: ${ledger.count('ok')} accepted, ${ledger.count('failed')} refused, ${ledger.count('unknown')} unknown`;
  return ` ${sent}   ${onLog} events on the log   back after ${backs.at(0) ?? 0}–${backs.at(-1) ?? 0} ms   at rest after ${settled} s`;
}

/**
 * Prints the verdicts; where a promise was broken, also how to look at it.
 * @param {string} folder
 * @param {readonly import('./checks.mjs').Verdict[]} verdicts
 * @param {readonly string[]} notes
 * @param {Victim} victim
 */
function tell(folder, verdicts, notes, { faults, outputs }) {
  console.log(tableOf(verdicts));
  if (notes.length === 0 && !verdicts.some(isBroken)) {
    rmSync(folder, { recursive: true, force: true });
    return 0;
  }
  writeFileSync(join(folder, 'output.log'), outputs);
  writeFileSync(join(folder, 'faults.json'), JSON.stringify(faults));
  console.log(
    [
      ...notes,
      breachesOf(verdicts),
      `hurt at ms ${faults.map(({ what, at, back }) => `${at}–${back} (${what})`).join(', ')}`,
      `kept: ${folder}`,
    ].join('\n'),
  );
  return 1;
}
