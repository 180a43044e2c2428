import { createInterface } from 'node:readline';
import { setTimeout } from 'node:timers/promises';
import { aDurable, done } from '../../contract/fixture';
import { JetStreamEventLog } from '../jetstream-event-log';
import { LogFixtures } from '../log-fixtures';

/**
 * A process that consumes a log until somebody stops it. Each line it prints is a JSON array: `begin` or `end`, the id and the key of an
 * event; `lost` when it was told that an event is no longer its own; `ready` first and `stopped` last. It kills itself when it meets the
 * subject `poison`, and stops in order when its input ends. At a line of input it says `paused` and stands still until SIGCONT: between two
 * turns of its event loop, so that all it had begun is said before, and nothing is just being handed out.
 */
const [, , url = '', prefix = '', attempts = '5'] = process.argv;
const log = await JetStreamEventLog.open(new LogFixtures(url).options(prefix));

function say(...line: readonly string[]): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

const consumption = await log.consume(
  aDurable({ attempts: Number(attempts), parallel: 8 }),
  async ({ id, key = '', subject }, { signal }) => {
    say('begin', id, key);
    if (subject === 'poison') process.kill(process.pid, 'SIGKILL');
    signal.addEventListener('abort', () => say('lost', id, key));
    await setTimeout(20);
    say('end', id, key);
    return done;
  },
);
say('ready');
for await (const _ of createInterface(process.stdin)) {
  say('paused');
  process.kill(process.pid, 'SIGSTOP');
}
await consumption.stop(5_000);
await log.close();
say('stopped');
