import { DomainError, type Clock, type Principal } from '@millrace/kernel';
import type { NewEvent } from '@millrace/messaging';
import { closes, closingOf, type Closing } from '../../domain/live/closing';

/** Somebody on a connection. */
export interface Guest {
  /** Who they are just now, and when that was found out, milliseconds since 1970. */
  is(): { readonly principal: Principal; readonly metAt: number };
  /** Takes leave of them. */
  end(reason: DomainError): void;
}

interface Recent extends Closing {
  readonly at: number;
}

/** Milliseconds after a closing in which some gateway may not have heard of it and still lets its owner in. */
const LAG = 5_000;
/** Milliseconds for which somebody may be on a connection before they enter: as long as a proof of who they are can live, and more. */
const MEMORY = 90_000;

/**
 * Ends the connections of those whose sign-in, key or token is over. Who was let in by a gateway that had not heard of it – a client comes
 * back at once when its connection ends – is met at the door.
 */
export class Closings {
  private readonly guests = new Set<Guest>();
  private recent: readonly Recent[] = [];

  constructor(private readonly clock: Clock) {}

  /** From now on the guest's connection ends when it must: at once, if that has come already. To be repeated when they are somebody else. */
  enter(guest: Guest): void {
    this.guests.add(guest);
    for (const closing of this.recent) judge(guest, closing);
  }

  leave(guest: Guest): void {
    this.guests.delete(guest);
  }

  /** The next event of the log. Answers how many guests it ends. */
  take(event: NewEvent): number {
    const told = closingOf(event);
    if (told === undefined) return 0;
    const now = this.clock.now();
    const closing = { ...told, at: now };
    this.recent = [...this.recent.filter(({ at }) => at > now - MEMORY), closing];
    return [...this.guests].filter((guest) => judge(guest, closing)).length;
  }
}

function judge(guest: Guest, closing: Recent): boolean {
  const { principal, metAt } = guest.is();
  if (metAt > closing.at + LAG || !closes(closing, principal)) return false;
  guest.end(closing.renews === true ? keyRotated() : signedOut());
  return true;
}

function keyRotated(): DomainError {
  return new DomainError(
    'events.key_rotated',
    'unauthenticated',
    'The key of this connection has got a new secret. Connect again: with that one, once the old one has ended.',
  );
}

function signedOut(): DomainError {
  return new DomainError(
    'events.signed_out',
    'unauthenticated',
    'The sign-in, key or token of this connection is over. Connect again with another one.',
  );
}
