// `npm run test:cluster -- [--servers=a,b] [path…]`: the specs that need real servers, with the servers of the stack. They are left running, for
// the next time; CI, which has no next time, stops them.
import { closingLine, forgetCounts, formatCounts } from '../launch/closing-line.mjs';
import { Halt } from '../launch/halt.mjs';
import { JEST } from '../launch/jest.mjs';
import { run } from '../launch/run.mjs';
import { down } from './down.mjs';
import { serversNamed } from './server.mjs';
import { up } from './up.mjs';

const FOLDER = '.stack';
const SERVERS = '--servers=';

const words = process.argv.slice(2);
const names = words.filter((word) => word.startsWith(SERVERS)).flatMap((word) => word.slice(SERVERS.length).split(','));
process.exitCode = await main(words.filter((word) => !word.startsWith(SERVERS)));

/** @param {string[]} args of jest */
async function main(args) {
  try {
    return await testOnStack(args);
  } catch (error) {
    if (!(error instanceof Halt)) throw error;
    console.error(error.message);
    console.log(formatCounts({ passed: 0, failed: 1, skipped: 0 }));
    return 1;
  } finally {
    if (process.env['CI'] !== undefined) await down([], { folder: FOLDER });
  }
}

/**
 * A server that does not run fails the specs that need it, each with its own words; where the stack is required, nothing is tried without it.
 * @param {string[]} args
 */
async function testOnStack(args) {
  const { running, failures } = await up(await serversNamed(names), { folder: FOLDER, tell: (text) => console.error(text) });
  for (const { name, reason } of failures) console.error(`\n${name} does not run.\n${reason}\n`);
  if (failures.length > 0 && process.env['MILLRACE_STACK'] === 'required') {
    console.log(formatCounts({ passed: 0, failed: failures.length, skipped: 0 }));
    return 1;
  }
  const settings = Object.assign({}, ...Object.values(running).map((server) => server.settings));
  forgetCounts();
  const code = await run(process.execPath, [...JEST, '--config', 'jest.cluster.config.mjs', ...args], settings);
  console.log(closingLine(code));
  return code;
}
