import { writeSync } from 'node:fs';
import { Clock } from '@millrace/kernel';
import { aDurable, anEvent, gate } from '../../contract/fixture';
import { SqliteEventLog } from '../sqlite-event-log';

/**
 * A process that works with a log until somebody kills it: `append` prints the id of each event once the log has it; `consume` prints
 * the id of each event it handles, kills itself when it meets the subject `poison`, and ends in order after the subject `last`.
 */
class SystemClock extends Clock {
  now(): number {
    return Date.now();
  }
}

const [, , work, file = ''] = process.argv;
const log = new SqliteEventLog({ file, clock: new SystemClock(), durability: 'fast', backOff: [1] });

/** In the pipe when it returns, however slow its reader is: `process.stdout` would keep what a full pipe does not take, and lose it with the process. */
function say(line: string): void {
  writeSync(1, `${line}\n`);
}

async function append(caller: number): Promise<never> {
  for (let n = 0; ; n++) {
    const batch = [0, 1, 2].map((index) => anEvent({ id: `${caller}-${n}-${index}`, key: `k${caller}` }));
    for (const { id } of await log.append(batch)) say(id);
  }
}

if (work === 'append') await Promise.all([0, 1, 2, 3, 4, 5, 6, 7].map(append));
if (work === 'consume') {
  const last = gate();
  await log.consume(aDurable({ attempts: 2, parallel: 4 }), async ({ id, subject }) => {
    if (subject === 'poison') process.kill(process.pid, 'SIGKILL');
    if (subject === 'last') last.open();
    say(id);
    return { kind: 'done' };
  });
  await last.opened;
  await log.close();
}
