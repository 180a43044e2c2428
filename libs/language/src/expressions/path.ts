type PlainPiece = string | { readonly key: readonly string[] };

/** What may not stand in an unquoted segment of a path. */
const FORBIDDEN = /[(){}"'`,|&!=<>?+*;%[\]\n\r]/;

/** The keys of a path without references: segments joined by dots, bracketed keys as they are. What is wrong, when it is no path. */
export function keysOfPieces(pieces: readonly PlainPiece[]): readonly string[] | string {
  const keys: string[] = [];
  for (const [index, piece] of pieces.entries()) {
    if (typeof piece !== 'string') {
      if (index === 0) return 'a path begins with a name';
      keys.push(piece.key.join(''));
      continue;
    }
    const problem = addSegments(piece, index === 0, keys);
    if (problem !== undefined) return problem;
  }
  return keys;
}

function addSegments(text: string, first: boolean, keys: string[]): string | undefined {
  if (!first && text.trim() === '') return undefined;
  const segments = text.split('.');
  if (!first && segments.shift()?.trim() !== '') return 'a bracket is followed by a dot, a bracket or the end';
  for (const [index, segment] of segments.entries()) {
    const key = segment.trim();
    if (key === '') return index === 0 && first ? 'a path begins with a name' : 'there is nothing between two dots, or after the last';
    if (FORBIDDEN.test(key))
      return `${JSON.stringify(FORBIDDEN.exec(key)?.[0])} cannot stand in a name; put the key between brackets and quotes`;
    keys.push(key);
  }
  return undefined;
}

/** Cuts path text that came from a value into pieces: brackets hold an index, a quoted or a bare key. Undefined when it is no path. */
export function piecesOfText(text: string): readonly PlainPiece[] | undefined {
  const pieces: PlainPiece[] = [];
  let rest = text;
  while (rest !== '') {
    const bracket = /^\[\s*(?:"([^"]*)"|'([^']*)'|([^[\]{}]+?))\s*\]/.exec(rest);
    const plain = bracket === null ? /^[^[\]]+/.exec(rest) : null;
    const found = bracket ?? plain;
    if (found === null) return undefined;
    pieces.push(bracket === null ? found[0] : { key: [bracket[1] ?? bracket[2] ?? bracket[3] ?? ''] });
    rest = rest.slice(found[0].length);
  }
  return pieces;
}
