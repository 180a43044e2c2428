/** Entries of two lists that stand for each other, by their places: `before` alone is gone, `after` alone is new. */
export interface Pair {
  readonly before?: number;
  readonly after?: number;
}

/** More places than that in a table are not worth the wait: what stands between equal ends is taken as it comes then. */
const MOST_CELLS = 1_000_000;

/** Pairs equal entries so that as many as can be keep their order. Those of the newer list come in its order, what is gone before what came in its place. */
export function align(before: readonly string[], after: readonly string[]): readonly Pair[] {
  const start = sameStart(before, after);
  const end = sameEnd(before.slice(start), after.slice(start));
  const inner = between(before.slice(start, before.length - end), after.slice(start, after.length - end)).map((pair) =>
    shifted(pair, start),
  );
  const head = Array.from({ length: start }, (_, index) => ({ before: index, after: index }));
  const tail = Array.from({ length: end }, (_, index) => ({ before: before.length - end + index, after: after.length - end + index }));
  return [...head, ...inner, ...tail];
}

function shifted({ before, after }: Pair, by: number): Pair {
  return { ...(before === undefined ? {} : { before: before + by }), ...(after === undefined ? {} : { after: after + by }) };
}

function sameStart(before: readonly string[], after: readonly string[]): number {
  const differing = after.findIndex((each, index) => before[index] !== each);
  return Math.min(before.length, differing === -1 ? after.length : differing);
}

function sameEnd(before: readonly string[], after: readonly string[]): number {
  return sameStart([...before].reverse(), [...after].reverse());
}

/** The longest common subsequence, read off its table. */
function between(before: readonly string[], after: readonly string[]): readonly Pair[] {
  const lengths = tableOf(before, after);
  const pairs: Pair[] = [];
  let [left, right] = [0, 0];
  while (left < before.length || right < after.length) {
    if (left < before.length && right < after.length && before[left] === after[right]) {
      pairs.push({ before: left++, after: right++ });
    } else if (right >= after.length || (left < before.length && lengths(left + 1, right) >= lengths(left, right + 1))) {
      pairs.push({ before: left++ });
    } else {
      pairs.push({ after: right++ });
    }
  }
  return pairs;
}

/** How many entries two rests have in common, by where they begin. */
function tableOf(before: readonly string[], after: readonly string[]): (left: number, right: number) => number {
  const width = after.length + 1;
  if (before.length * width > MOST_CELLS) return () => 0;
  const cells = new Uint32Array((before.length + 1) * width);
  const at = (left: number, right: number): number => cells[left * width + right] as number;
  for (let left = before.length - 1; left >= 0; left -= 1) {
    for (let right = after.length - 1; right >= 0; right -= 1) {
      cells[left * width + right] =
        before[left] === after[right] ? at(left + 1, right + 1) + 1 : Math.max(at(left + 1, right), at(left, right + 1));
    }
  }
  return at;
}
