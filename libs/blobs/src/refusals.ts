import { DomainError } from '@millrace/kernel';

/** The key, or the prefix of a list, cannot be that of a blob. */
export function keyInvalid(key: string): DomainError {
  const shown = JSON.stringify(key.slice(0, 100));
  return new DomainError(
    'blobs.key_invalid',
    'invalid',
    `${shown} is no key of a blob: use segments of letters, digits, ".", "_" and "-" joined by "/", at most 512 characters.`,
    { facts: { key: shown } },
  );
}

/** There is no such blob. */
export function blobMissing(key: string): DomainError {
  return new DomainError('blobs.not_found', 'not-found', `There is no blob "${key}".`, { facts: { key } });
}

/** No byte of the blob is in the range. */
export function rangeInvalid(key: string, size: number): DomainError {
  return new DomainError('blobs.range_invalid', 'invalid', `No byte of the blob "${key}" is in this range; it has ${size}.`, {
    facts: { key, size },
  });
}

/** A blob is more than the store takes in one piece. */
export function blobTooLarge(key: string, largest: number): DomainError {
  return new DomainError(
    'blobs.too_large',
    'invalid',
    `The blob "${key}" is too large: the store takes up to ${largest} bytes. Split it.`,
    {
      facts: { key, largest },
    },
  );
}

/** The server of the blobs does not answer, or not as it should. */
export function blobsUnavailable(reason: string): DomainError {
  return new DomainError(
    'blobs.unavailable',
    'unavailable',
    `The blob store does not answer (${reason}). Whether a change that was asked for is kept is not known: try again shortly, and look at the server if it stays so.`,
    { facts: { reason } },
  );
}
