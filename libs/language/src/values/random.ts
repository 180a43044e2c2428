const MASK = 0xffff_ffff_ffff_ffffn;
const GAMMA = 0x9e37_79b9_7f4a_7c15n;

/** FNV-1a, 64 bit, over the UTF-8 bytes of a text. */
export function fnv1a(text: string): bigint {
  let hash = 0xcbf2_9ce4_8422_2325n;
  for (const byte of new TextEncoder().encode(text)) hash = ((hash ^ BigInt(byte)) * 0x100_0000_01b3n) & MASK;
  return hash;
}

/** The nth draw (from 0) of SplitMix64 started at `seed`. */
export function splitMix64(seed: bigint, n: number): bigint {
  let z = (seed + GAMMA * BigInt(n + 1)) & MASK;
  z = ((z ^ (z >> 30n)) * 0xbf58_476d_1ce4_e5b9n) & MASK;
  z = ((z ^ (z >> 27n)) * 0x94d0_49bb_1331_11ebn) & MASK;
  return z ^ (z >> 31n);
}

/** One sequence of draws: where it stands is a number, so that it can be kept and taken back. No secret: who knows the seed knows all. */
export class Chance {
  private start: bigint | undefined;

  constructor(
    private readonly seed: string,
    public drawn = 0,
  ) {}

  private draw(): bigint {
    // Most runs draw nothing, and the hash is dear.
    this.start ??= fnv1a(this.seed);
    const value = splitMix64(this.start, this.drawn);
    this.drawn += 1;
    return value;
  }

  /** At least 0 and less than 1. */
  fraction(): number {
    return Number(this.draw() >> 11n) / 2 ** 53;
  }

  /** A UUID, version 4 layout. */
  uuid(): string {
    const high = (this.draw() & 0xffff_ffff_ffff_0fffn) | 0x4000n;
    const low = (this.draw() & 0x3fff_ffff_ffff_ffffn) | 0x8000_0000_0000_0000n;
    const hex = high.toString(16).padStart(16, '0') + low.toString(16).padStart(16, '0');
    return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
  }
}
