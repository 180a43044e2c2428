import { randomBytes, randomInt, scrypt, timingSafeEqual } from 'node:crypto';

/** Cost of one guess as a power of two: 32 MiB, and about a tenth of a second of one core. */
const COST = 15;
const BLOCK = 8;
const KEY_BYTES = 32;
/** No letter that reads like another. */
const ALPHABET = 'abcdefghjkmnpqrstuvwxyz23456789';

/** Hashes passwords by scrypt. Each hash holds its own salt and cost, so the cost can be raised later. */
export class Passwords {
  /** What is compared with where there is no hash, so that the answer takes as long. */
  private readonly nobodys: string;

  constructor(private readonly cost = COST) {
    this.nobodys = written(cost, Buffer.alloc(16), Buffer.alloc(KEY_BYTES));
  }

  /** A hash of the password: `scrypt$cost$salt$key`. */
  async hash(password: string): Promise<string> {
    const salt = randomBytes(16);
    return written(this.cost, salt, await derived(password, salt, this.cost));
  }

  /** Whether the password has this hash; without a hash never. */
  async isRight(password: string, hash: string | undefined): Promise<boolean> {
    const [, cost, salt = '', key = ''] = (hash ?? this.nobodys).split('$');
    const given = await derived(password, Buffer.from(salt, 'base64url'), Number(cost));
    return timingSafeEqual(given, Buffer.from(key, 'base64url')) && hash !== undefined;
  }
}

/** A password nobody has to remember for long: four groups of five, about 99 bits. */
export function newPassword(): string {
  const group = () => Array.from({ length: 5 }, () => ALPHABET[randomInt(ALPHABET.length)]).join('');
  return [group(), group(), group(), group()].join('-');
}

function written(cost: number, salt: Buffer, key: Buffer): string {
  return ['scrypt', cost, salt.toString('base64url'), key.toString('base64url')].join('$');
}

function derived(password: string, salt: Buffer, cost: number): Promise<Buffer> {
  const N = 2 ** cost;
  const options = { N, r: BLOCK, p: 1, maxmem: 129 * N * BLOCK };
  return new Promise((resolve, reject) => {
    scrypt(password.normalize('NFKC'), salt, KEY_BYTES, options, (error, key) => {
      if (error === null) resolve(key);
      else reject(error);
    });
  });
}
