/** Far more than any document may have, and still read in no time; what is quoted is counted as if it were not. */
const MOST_OPEN = 500;
const DASHES = new RegExp(`(?:[-?][ \\t]+){${MOST_OPEN}}`);

/**
 * Where a text is nested so deep that not even a parser should look at it: the place at which the last level that is borne begins.
 * Undefined for any other text.
 */
export function tooDeepAt(text: string): number | undefined {
  let open = 0;
  for (let at = 0; at < text.length; at++) {
    const character = text.charCodeAt(at);
    // Brackets and braces.
    if (character === 0x5b || character === 0x7b) open += 1;
    else if ((character === 0x5d || character === 0x7d) && open > 0) open -= 1;
    if (open >= MOST_OPEN) return at;
  }
  const dashes = DASHES.exec(text);
  return dashes === null ? undefined : dashes.index + dashes[0].length;
}
