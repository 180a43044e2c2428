import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chanceOf } from '../chance.mjs';
import { Ledger } from '../ledger.mjs';
import { publish } from '../publish.mjs';
import { summaryOf, tell } from '../report.mjs';
import { startVictim } from '../victims/start.mjs';
import { automations } from './automations.mjs';
import { judge } from './checks.mjs';
import { delaysOf, percentile } from './delays.mjs';
import { readContexts, readStores } from './evidence.mjs';
import { Load } from './load.mjs';
import { Quiet } from './quiet.mjs';
import { openSink } from './sink.mjs';

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
  const victim = await startVictim(plan, join(folder, 'data'));
  try {
    const workspace = await publish(victim, 'Chaos', automations(sink.url));
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
    const stores = await victim.stores((of) => readStores(of, workspace));
    writeFileSync(join(folder, 'log.ndjson'), stores.log.map((fact) => JSON.stringify(fact)).join('\n'));
    const verdicts = judge({
      ...{ sent: [...ledger.sent.values()], ...stores, ...contexts },
      ...{ history: quiet.seen, calls: sink.calls, mostRepeated: kills * victim.inFlight },
      stoodStill: victim.faults.some(({ what }) => what === 'pause'),
      mayBeBegun: victim.faults.some(({ what }) => what === 'nats'),
    });
    const notes = [
      ...(isQuiet ? [] : [`It did not come to rest in ${plan.rest} s: what is missing may only be late.`]),
      ...(code === 0 ? [] : [`It ended with ${code}.`]),
    ];
    console.log(` ${summaryOf(ledger, victim)}   ${stores.log.length} events on the log   at rest after ${settled} s`);
    console.log(delayLine(stores.log));
    return tell(folder, verdicts, notes, victim);
  } finally {
    await victim.end();
    sink.close();
  }
}

/** @param {readonly import('./evidence.mjs').Fact[]} log */
function delayLine(log) {
  const delays = delaysOf(log);
  const [half, most, all] = [50, 99, 100].map((percent) => percentile(delays, percent));
  return ` ordered work began after ${half} ms (p50), ${most} ms (p99), ${all} ms (longest)`;
}
