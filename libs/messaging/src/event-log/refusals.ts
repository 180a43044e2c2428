import { DomainError } from '@millrace/kernel';
import { formatPosition } from './event';
import type { Position } from './event';

/** Capacity is used up. Nothing was appended; there is room again after a trim. */
export function logFull(bytes: number, capacity: number): DomainError {
  const message = `The event log is full (${bytes} of ${capacity} bytes). Events are refused until older ones are trimmed or the capacity is raised.`;
  return new DomainError('log.full', 'exhausted', message, { facts: { bytes, capacity } });
}

/** The log cannot be reached or written. Whether the work was done is unknown: append again with the same ids. */
export function logUnavailable(reason: string): DomainError {
  return new DomainError(
    'log.unavailable',
    'unavailable',
    `The event log does not work at the moment: ${reason}. Try again in a few seconds.`,
    {
      facts: { reason },
    },
  );
}

/** This side closed the log. */
export function logClosed(): DomainError {
  return new DomainError('log.closed', 'unavailable', 'The event log is closed: this process is stopping.');
}

/** Another process has the log's file. */
export function logInUse(file: string): DomainError {
  const message = `Another process uses the event log "${file}". Stop it, or give this one a folder of its own.`;
  return new DomainError('log.in_use', 'unavailable', message, { facts: { file } });
}

/** An event beyond what the log takes. */
export function eventTooLarge(id: string, bytes: number, largest: number): DomainError {
  const message = `The event "${id}" has ${bytes} bytes; the log takes at most ${largest}. Keep its payload as a blob.`;
  return new DomainError('log.event_too_large', 'invalid', message, { facts: { id, bytes, largest } });
}

/** The position is of another log than the one that is here now: what lies between cannot be told. */
export function epochChanged(asked: Position, epoch: string): DomainError {
  const message = `Position ${formatPosition(asked)} is not of this event log (epoch "${epoch}"): it was restored or replaced. Start anew, and look for what came between in history.`;
  return new DomainError('log.epoch_changed', 'conflict', message, { facts: { position: formatPosition(asked), epoch } });
}

/** Events from this position on were trimmed already. */
export function positionExpired(asked: Position, first: number): DomainError {
  const message = `Position ${formatPosition(asked)} is gone from the event log, which begins at ${first} now. Start there, and look for what came between in history.`;
  return new DomainError('log.expired', 'not-found', message, { facts: { position: formatPosition(asked), first } });
}
