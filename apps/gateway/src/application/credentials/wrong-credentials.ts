import { DomainError } from '@millrace/kernel';
import type { Limiter } from '../policies/limits/limiter';

const CLASS = 'wrong-key';

/** Counts keys, tokens and signatures that prove nobody, by where they come from: who tries too many is not listened to for a while. */
export class WrongCredentials {
  constructor(private readonly limiter: Pick<Limiter, 'admit' | 'shutFor'>) {}

  /** Refuses (`auth.too_many_wrong`) while nothing unknown is looked at from there. `place`: as callers are told apart. */
  check(place: string | undefined): void {
    const wait = this.limiter.shutFor(CLASS, countedAt(place));
    if (wait > 0) throw tooManyWrong(wait);
  }

  /** One more. */
  async note(place: string | undefined): Promise<void> {
    await this.limiter.admit(CLASS, countedAt(place));
  }
}

function countedAt(place: string | undefined): { readonly address?: string } {
  return place === undefined ? {} : { address: place };
}

function tooManyWrong(wait: number): DomainError {
  const retryAfter = Math.ceil(wait / 1000);
  return new DomainError(
    'auth.too_many_wrong',
    'exhausted',
    `Too many keys, tokens or signatures from your address prove nobody, so no new one is looked at for ${retryAfter} s. Correct the one you send.`,
    { facts: { retryAfter } },
  );
}
