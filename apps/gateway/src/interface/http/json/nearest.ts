const LONGEST = 40;

/** The known name that `name` was most likely meant to be; undefined when none is near. Case, `_` and `-` do not count. */
export function nearest(name: string, known: Iterable<string>): string | undefined {
  if (name.length > LONGEST) return undefined;
  let best: string | undefined;
  let distance = name.length < 4 ? 2 : Math.max(2, Math.floor(name.length / 3)) + 1;
  for (const candidate of known) {
    const away = edits(plain(name), plain(candidate));
    if (away < distance) [best, distance] = [candidate, away];
  }
  return best;
}

function plain(name: string): string {
  return name.toLowerCase().replaceAll(/[_-]/g, '');
}

/** How many letters must be put in, left out or changed to make `b` of `a`. */
function edits(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (const [line, letter] of [...a].entries()) {
    const next = [line + 1];
    for (const [column, other] of [...b].entries()) {
      const [diagonal = 0, above = 0] = row.slice(column);
      next.push(Math.min((next[column] ?? 0) + 1, above + 1, diagonal + (letter === other ? 0 : 1)));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
