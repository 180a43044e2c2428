import { DomainError } from '@millrace/kernel';
import { formatPosition, type Position } from '@millrace/messaging';

export function logFull(bytes: number, capacity: number): DomainError {
  return new DomainError('log.full', 'exhausted', `The simulated log is full: ${bytes} of ${capacity} bytes.`);
}

export function logClosed(): DomainError {
  return new DomainError('log.closed', 'unavailable', 'This process has closed the simulated log.');
}

export function eventTooLarge(id: string): DomainError {
  return new DomainError('log.event_too_large', 'invalid', `The event "${id}" is larger than a log takes.`);
}

export function epochChanged(asked: Position): DomainError {
  const message = `Position ${formatPosition(asked)} is not of this simulated log.`;
  return new DomainError('log.epoch_changed', 'conflict', message);
}

export function positionExpired(offset: number, first: number): DomainError {
  return new DomainError('log.expired', 'not-found', `Offset ${offset} was trimmed: the simulated log begins at ${first}.`);
}
