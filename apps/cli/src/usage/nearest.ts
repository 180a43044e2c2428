/** ` Did you mean x?` with the known word that is nearest to what was typed; nothing when none is near. */
export function didYouMean(typed: string, known: readonly string[]): string {
  const ranked = known.map((word) => ({ word, away: distance(typed.toLowerCase(), word.toLowerCase()) })).sort((a, b) => a.away - b.away);
  const [best] = ranked;
  const near = Math.max(2, Math.floor(typed.length / 3));
  return best === undefined || best.away > near ? '' : ` Did you mean \`${best.word}\`?`;
}

/** How many letters have to be put in, taken out or replaced to make one word of the other. */
function distance(from: string, to: string): number {
  const first = [...to, ''].map((_, index) => index);
  const last = [...from].reduce(
    (above, letter, row) =>
      [...to].reduce<number[]>((line, other, column) => [...line, cell(above, line, column, letter === other)], [row + 1]),
    first,
  );
  return last.at(-1) ?? 0;
}

function cell(above: readonly number[], line: readonly number[], column: number, same: boolean): number {
  const replaced = (above[column] ?? 0) + (same ? 0 : 1);
  return Math.min(replaced, (above[column + 1] ?? 0) + 1, (line[column] ?? 0) + 1);
}
