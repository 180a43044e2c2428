import { ScalarType } from '@bufbuild/protobuf';

interface IntegerRange {
  readonly least: bigint;
  readonly most: bigint;
  /** Whether a JavaScript number cannot hold it. */
  readonly long: boolean;
}

const signed = (bits: bigint): IntegerRange => ({ least: -(2n ** (bits - 1n)), most: 2n ** (bits - 1n) - 1n, long: bits > 32n });
const unsigned = (bits: bigint): IntegerRange => ({ least: 0n, most: 2n ** bits - 1n, long: bits > 32n });

const RANGES: ReadonlyMap<ScalarType, IntegerRange> = new Map([
  [ScalarType.INT32, signed(32n)],
  [ScalarType.SINT32, signed(32n)],
  [ScalarType.SFIXED32, signed(32n)],
  [ScalarType.UINT32, unsigned(32n)],
  [ScalarType.FIXED32, unsigned(32n)],
  [ScalarType.INT64, signed(64n)],
  [ScalarType.SINT64, signed(64n)],
  [ScalarType.SFIXED64, signed(64n)],
  [ScalarType.UINT64, unsigned(64n)],
  [ScalarType.FIXED64, unsigned(64n)],
]);

const LONGEST = 20;

/** Whether the type is a whole number of 64 bits, which JSON carries as a text. */
export function isLong(scalar: ScalarType): boolean {
  return RANGES.get(scalar)?.long ?? false;
}

/** Reads a number of this type as it is written; undefined when it is none, or does not fit. A long one is a bigint. */
export function readNumber(scalar: ScalarType, source: string): number | bigint | undefined {
  const range = RANGES.get(scalar);
  if (range === undefined) return readFloat(scalar, source);
  if (source.length > LONGEST || !/^-?\d+$/.test(source)) return undefined;
  const value = BigInt(source);
  if (value < range.least || value > range.most) return undefined;
  return range.long ? value : Number(value);
}

/** What to tell who sent something else. */
export function wantedNumber(scalar: ScalarType): string {
  const range = RANGES.get(scalar);
  return range === undefined ? 'a number' : `a whole number from ${range.least} to ${range.most}${range.long ? ', as a text' : ''}`;
}

function readFloat(scalar: ScalarType, source: string): number | undefined {
  if (!/^-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?$/.test(source)) return undefined;
  const value = scalar === ScalarType.FLOAT ? Math.fround(Number(source)) : Number(source);
  return Number.isFinite(value) ? value : undefined;
}
