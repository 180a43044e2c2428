/**
 * What became of one mutant, as Stryker tells it.
 * @typedef {{ status: string, fileName: string, mutatorName: string, replacement?: string | undefined, location: { start: { line: number, column: number } } }} Mutant
 */

const NOTICED = ['Killed', 'Timeout'];
const MISSED = ['Survived', 'NoCoverage'];

/**
 * The share of the mutants that were noticed, in per cent. Those that could not be tried – they do not compile, or are ignored – do not
 * count.
 * @param {readonly Mutant[]} mutants
 */
export function scoreOf(mutants) {
  const count = (/** @type {string[]} */ wanted) => mutants.filter(({ status }) => wanted.includes(status)).length;
  const noticed = count(NOTICED);
  const tried = noticed + count(MISSED);
  const score = tried === 0 ? 100 : (100 * noticed) / tried;
  const notes = [`${count(['Timeout'])} by their time`, `${count(['NoCoverage'])} in code that no spec runs`];
  return { score, text: `${score.toFixed(1)} % of ${tried} mutants noticed (${notes.join(', ')})` };
}

/**
 * Those that nobody noticed, one a line, by file and place.
 * @param {readonly Mutant[]} mutants
 */
export function survivorsText(mutants) {
  return mutants
    .filter(({ status }) => MISSED.includes(status))
    .map(({ fileName, location: { start }, mutatorName, replacement = '' }) => {
      const shown = replacement.replaceAll(/\s+/g, ' ').slice(0, 80);
      return `  ${fileName.replace(`${process.cwd()}/`, '')}:${start.line}:${start.column} ${mutatorName} → ${shown}`;
    })
    .join('\n');
}
