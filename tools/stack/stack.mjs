// `npm run stack -- up|status|down|logs [servers]`: real servers for tests and for trying the cluster platform, without containers.
import { existsSync, readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { Halt } from '../launch/halt.mjs';
import { down, status } from './down.mjs';
import { serversNamed } from './server.mjs';
import { up } from './up.mjs';

const BAD_USE = 2;
const USAGE = `npm run stack -- up [servers]      start them, all when none is named; those that run are left alone
npm run stack -- status            what runs, and the settings to reach it
npm run stack -- down [servers]    stop them; data and addresses are kept
npm run stack -- logs SERVER       what it wrote since its start
Options: --folder F   where state and data are, .stack when absent
         --fresh      with up: without the data of earlier times
         --json       with up and status: for programs`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    folder: { type: 'string', default: '.stack' },
    fresh: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  },
});
const [command = '', ...names] = positionals;
const { folder, fresh, json } = values;

/** @type {Record<string, () => Promise<number> | number>} */
const COMMANDS = {
  up: async () => {
    const { running, failures } = await up(await serversNamed(names), { folder, fresh, tell: (text) => console.error(text) });
    console.log(json ? JSON.stringify(running) : settingsText(running));
    for (const { name, reason } of failures) console.error(`\n${name} does not run.\n${reason}`);
    return failures.length > 0 ? 1 : 0;
  },
  status: () => {
    const found = status(folder);
    const lines = Object.entries(found).map(
      ([name, { up: runs, pid, version }]) => `${name} ${version}: ${runs ? `runs, pid ${pid}` : 'ended by itself'}`,
    );
    console.log(json ? JSON.stringify(found) : [...lines, settingsText(found)].join('\n'));
    return 0;
  },
  down: async () => {
    const stopped = await down(names, { folder });
    if (!json) console.log(stopped.length > 0 ? `Stopped: ${stopped.join(', ')}.` : 'Nothing ran.');
    return 0;
  },
  logs: () => {
    const log = status(folder)[names[0] ?? '']?.log ?? `${folder}/${names[0] ?? ''}.log`;
    if (!existsSync(log)) throw new Halt(`There is no log of ${names[0] ?? 'no server'} in ${folder}.`);
    process.stdout.write(readFileSync(log));
    return 0;
  },
};

// A client that asked in vain whether a server is well may hang still: it must not keep this process.
process.exit(await main());

async function main() {
  const chosen = Object.hasOwn(COMMANDS, command) ? COMMANDS[command] : undefined;
  if (chosen === undefined) {
    console.error(USAGE);
    return BAD_USE;
  }
  try {
    return await chosen();
  } catch (error) {
    if (!(error instanceof Halt)) throw error;
    console.error(error.message);
    return 1;
  }
}

/** @param {Record<string, { settings: Record<string, string> }>} running */
function settingsText(running) {
  return Object.values(running)
    .flatMap(({ settings }) => Object.entries(settings).map(([name, value]) => `${name}=${value}`))
    .join('\n');
}
