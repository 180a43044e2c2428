/** How the bytes of an answer may be packed, best first. */
export const CODINGS = ['br', 'gzip'] as const;

export type Coding = (typeof CODINGS)[number];

/** The coding, of the `offered`, for a caller who sent this `Accept-Encoding`; undefined: none. Of those it likes equally well, the best. */
export function codingFor(accepted: string | undefined, offered: readonly Coding[] = CODINGS): Coding | undefined {
  if (accepted === undefined) return undefined;
  const weights = new Map(accepted.split(',').map(weightOf));
  const weightFor = (coding: Coding): number => weights.get(coding) ?? weights.get('*') ?? 0;
  const [best] = offered.filter((coding) => weightFor(coding) > 0).sort((a, b) => weightFor(b) - weightFor(a));
  return best;
}

function weightOf(range: string): readonly [string, number] {
  const [name = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase());
  const weight = parameters.find((parameter) => parameter.startsWith('q='))?.slice('q='.length);
  const known = weight === undefined ? 1 : Number(weight);
  return [name === 'x-gzip' ? 'gzip' : name, Number.isNaN(known) ? 0 : known];
}
