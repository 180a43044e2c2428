/** How often a value is there. */
export interface Counted {
  readonly value: string | number | boolean | null;
  readonly count: number;
}

export const OPERATIONS = ['sum', 'avg', 'min', 'max', 'percentiles', 'distinct'] as const;

export type Operation = (typeof OPERATIONS)[number];

export interface Percentile {
  readonly percent: number;
  readonly value: number;
}

/** What was found out: one number, or several, or none when there is nothing to say it of. */
export interface Measured {
  readonly value?: number;
  readonly percentiles?: readonly Percentile[];
}

type Numbers = readonly { readonly value: number; readonly count: number }[];

const PERCENTS = [50, 90, 95, 99];

/** Measures a field by how often each of its values is there. All but `distinct` are of its numbers, and exact. */
export function measure(op: Operation, values: readonly Counted[]): Measured {
  const numbers = values.filter((each): each is Numbers[number] => typeof each.value === 'number');
  switch (op) {
    case 'distinct':
      return { value: values.filter(({ value }) => value !== null).length };
    case 'sum':
      return { value: sumOf(numbers) };
    case 'avg':
      return numbers.length === 0 ? {} : { value: sumOf(numbers) / countOf(numbers) };
    case 'min':
      return edgeOf(numbers, (value, least) => value < least);
    case 'max':
      return edgeOf(numbers, (value, most) => value > most);
    case 'percentiles':
      return { percentiles: percentilesOf(numbers) };
  }
}

function sumOf(numbers: Numbers): number {
  return numbers.reduce((sum, { value, count }) => sum + value * count, 0);
}

function countOf(numbers: Numbers): number {
  return numbers.reduce((sum, { count }) => sum + count, 0);
}

function edgeOf(numbers: Numbers, isBeyond: (value: number, edge: number) => boolean): Measured {
  const [first, ...others] = numbers;
  if (first === undefined) return {};
  return { value: others.reduce((edge, { value }) => (isBeyond(value, edge) ? value : edge), first.value) };
}

/** The least value that so many percent of all numbers do not exceed. */
function percentilesOf(numbers: Numbers): readonly Percentile[] {
  const sorted = numbers.toSorted((a, b) => a.value - b.value);
  const total = countOf(sorted);
  return PERCENTS.flatMap((percent) => {
    const rank = Math.max(1, Math.ceil((total * percent) / 100));
    let passed = 0;
    const found = sorted.find(({ count }) => (passed += count) >= rank);
    return found === undefined ? [] : [{ percent, value: found.value }];
  });
}
