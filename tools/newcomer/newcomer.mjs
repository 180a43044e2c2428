// Does what a newcomer does: `npm start`, then the commands that the README shows between its newcomer marks, and compares what they
// print with what the README says they print.
import { readFileSync } from 'node:fs';
import { blocksOf, shows } from './blocks.mjs';
import { startProduct } from './product.mjs';
import { runInOneShell } from './shell.mjs';

/** The address that the README shows; the check moves it to a free port. */
const SHOWN = /(127\.0\.0\.1|localhost):4000\b/g;

const blocks = blocksOf(readFileSync('README.md', 'utf8'));
const problems = [];
try {
  const product = await startProduct();
  // The README looks for the first password where the product keeps its data.
  process.env.MILLRACE_DATA = product.data;
  const here = (/** @type {string} */ text) => text.replaceAll(SHOWN, `$1:${product.port}`);
  problems.push(...(await tryBlocks(here)));
  const left = await product.stop();
  if (left !== undefined) problems.push(left);
  if (problems.length > 0) problems.push(`What \`npm start\` said:\n${product.said()}`);
} catch (error) {
  problems.push(error instanceof Error ? error.message : String(error));
}
console.log(
  problems.length === 0
    ? `The product started, stopped, and did the ${blocks.length} things that the README shows.`
    : problems.join('\n\n'),
);
process.exitCode = problems.length === 0 ? 0 : 1;

/**
 * @param {(text: string) => string} here
 * @returns {Promise<string[]>} what did not come out as shown
 */
async function tryBlocks(here) {
  const { code, errors, ran } = await runInOneShell(blocks.map(({ commands }) => here(commands)));
  const wrong = blocks.flatMap(({ commands, expected }, index) => {
    const result = ran[index];
    if (!result?.ran || !expected || shows({ ...expected, text: here(expected.text) }, result.output)) return [];
    return [`The README says that\n${commands}prints\n${expected.text}and it printed\n${result.output}`];
  });
  const last = ran.filter((result) => result.ran).length - 1;
  return code === 0
    ? wrong
    : [`These commands of the README failed (${code}):\n${blocks[last]?.commands ?? ''}${ran[last]?.output ?? ''}${errors}`, ...wrong];
}
