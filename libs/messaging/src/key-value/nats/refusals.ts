import { JetStreamApiCodes, JetStreamApiError, JetStreamError } from '@nats-io/jetstream';
import {
  ClosedConnectionError,
  ConnectionError,
  DrainingConnectionError,
  PermissionViolationError,
  ProtocolError,
  RequestError,
  TimeoutError,
} from '@nats-io/transport-node';
import { DomainError } from '@millrace/kernel';
import { reasonOf } from '../../faults';
import { LinkFailure } from '../../nats/link';

/** The store was closed on this side. */
export function closed(): DomainError {
  return new DomainError('kv.closed', 'unavailable', 'The key-value store is closed: this process is stopping.');
}

/** A server that cannot keep what buckets promise. */
export function unfit(missing: readonly string[]): DomainError {
  const message = `The NATS server cannot hold the key-value store: ${missing.join('; ')}. Use NATS 2.12 or newer with the settings of deploy/nats.`;
  return new DomainError('kv.server_unfit', 'unavailable', message, { facts: { missing } });
}

/** The bucket is not there, and this user may not make it. */
export function bucketMissing(bucket: string): DomainError {
  const message = `The bucket "${bucket}" does not exist, and this NATS user may not make it. Start the service that prepares the servers first.`;
  return new DomainError('kv.bucket_missing', 'unavailable', message, { facts: { bucket } });
}

/** What a failed read or write of a bucket is to its caller; what no server and no connection said stays the fault that it is. */
export function refusalOf(bucket: string, error: unknown): unknown {
  if (isForbidden(error)) return forbidden(bucket);
  return isOfTheServer(error) || (error instanceof Error && isOfTheServer(error.cause)) ? unavailable(bucket, error) : error;
}

/** The server compared revisions and found another. */
export function isConflict(error: unknown): boolean {
  return error instanceof JetStreamApiError && CONFLICTS.has(error.code);
}

/** The permissions of the NATS user say no. */
export function isForbidden(error: unknown): boolean {
  return error instanceof PermissionViolationError || (error instanceof Error && error.cause instanceof PermissionViolationError);
}

/** What the connection and the server say when they cannot. */
const SAID = [
  ...[LinkFailure, RequestError, TimeoutError, ConnectionError, ClosedConnectionError, DrainingConnectionError, ProtocolError],
  ...[JetStreamError, JetStreamApiError],
];

function isOfTheServer(error: unknown): boolean {
  return SAID.some((kind) => error instanceof kind);
}

const CONFLICTS: ReadonlySet<number> = new Set([
  JetStreamApiCodes.StreamWrongLastSequence,
  JetStreamApiCodes.StreamWrongLastSequenceUnknown,
]);

function forbidden(bucket: string): DomainError {
  const message = `The NATS user of this service may not do that to the bucket "${bucket}". What it may is declared in deploy/nats.`;
  return new DomainError('kv.forbidden', 'forbidden', message, { facts: { bucket } });
}

function unavailable(bucket: string, error: unknown): DomainError {
  const reason = reasonOf(error);
  const rest =
    error instanceof LinkFailure && !error.wasSent
      ? 'Nothing was changed.'
      : 'If something was to be written, it may be there now or in a moment: read it before you write it again.';
  return new DomainError('kv.unavailable', 'unavailable', `The bucket "${bucket}" could not be reached: ${reason}. ${rest}`, {
    facts: { bucket, reason },
  });
}
