// `npm run verify:security`: the rows of the security requirements, each with the verdict of the tests that prove it. A row of which a part does
// not exist yet says so; it is never met. Ends with 1 when a row failed, or a battery belongs to no row: nothing else would run it.
import { globSync } from 'node:fs';
import { ROWS } from './rows.mjs';
import { runSpecs } from './run-specs.mjs';
import { tableOf, verdictOf } from './verdict.mjs';

const specs = ROWS.flatMap(({ parts }) => parts).flatMap((part) => ('spec' in part ? [part.spec] : []));
const outcomes = await runSpecs(specs);
const verdicts = ROWS.map((row) => verdictOf(row, outcomes));
const count = (/** @type {string} */ wanted) => verdicts.filter(({ verdict }) => verdict === wanted).length;

console.log(`\nThe requirements of security, and how many tests show each\n\n${tableOf(ROWS, verdicts)}\n`);
console.log(`${count('met')} met, ${count('part missing')} with a part missing, ${count('failed')} failed`);

const forgotten = globSync('e2e/{security,authorization}/**/*.spec.ts').filter((spec) => !specs.includes(spec));
for (const spec of forgotten) console.error(`${spec} belongs to no row of tools/security/rows.mjs.`);
process.exitCode = count('failed') === 0 && forgotten.length === 0 ? 0 : 1;
