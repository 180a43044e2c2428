// `npm run fuzz:api -- [--minutes N] [--seed S]`: a foreign fuzzer against the API of a standalone of its own, as /openapi.json describes it –
// signed in, then as nobody. Exit code 1 when an answer was a fault, was not declared, or was given to nobody.
import '../jest/run-typescript.mjs';
import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import { Halt } from '../launch/halt.mjs';

const BAD_USE = 2;

const { values } = parseArgs({ options: { minutes: { type: 'string', default: '3' }, seed: { type: 'string' } } });
const minutes = Number(values.minutes);
const seed = Number(values.seed ?? randomInt(2 ** 31));
process.exitCode = await main();

/** @returns {Promise<number>} the exit code */
async function main() {
  if (!Number.isInteger(seed) || !(minutes > 0 && minutes <= 6)) {
    console.error('npm run fuzz:api: --seed is a whole number, --minutes one above 0 and at most 6: a token lives five minutes.');
    return BAD_USE;
  }
  try {
    const { run } = await import('./api/run.mjs');
    return await run({ seconds: Math.ceil(minutes * 60), seed });
  } catch (error) {
    if (!(error instanceof Halt)) throw error;
    console.error(error.message);
    return 1;
  }
}
