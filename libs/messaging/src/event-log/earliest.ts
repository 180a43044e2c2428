/** An event in the order of the log. */
interface Found {
  readonly place: number;
  readonly recordedAt: number;
}

/**
 * The first place from `low` on, below `high`, whose event was recorded at `time` or later; `high` when none was. `next`: the first event at
 * a place or behind it. Asked of at most as many events as `high - low` has binary digits.
 */
export async function earliest(
  time: number,
  { low, high }: { readonly low: number; readonly high: number },
  next: (from: number) => Promise<Found | undefined>,
): Promise<number> {
  let [from, to] = [low, high];
  while (from < to) {
    const middle = Math.floor((from + to) / 2);
    const found = await next(middle);
    if (found === undefined || found.recordedAt >= time) to = middle;
    else from = found.place + 1;
  }
  return from;
}
