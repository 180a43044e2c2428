import { DomainError } from '@millrace/kernel';
import { isDeepStrictEqual } from 'node:util';
import type { Durability } from '../../../sqlite/store-file';

const OLDEST = '2.12.0';
const SECURE = '2.14.3';
/** Nanoseconds, as the server tells them. */
const SECOND = 1_000_000_000;

/** What a server says of how it writes to the disk: `jetstream.config` of its `/varz`. */
export interface SyncReport {
  readonly sync_always?: boolean;
  /** Nanoseconds. */
  readonly sync_interval?: number;
}

/** Refuses (`log.server_too_old`) a server that lacks what the log is built on; answers a warning when it should be newer. */
export function probeVersion(version: string): string | undefined {
  if (isOlder(version, OLDEST)) {
    const message = `The NATS server is version ${version}; the event log needs ${OLDEST} or newer (atomic batches, lanes that one process has). Upgrade the server.`;
    throw new DomainError('log.server_too_old', 'unavailable', message, { facts: { version, oldest: OLDEST } });
  }
  if (!isOlder(version, SECURE)) return undefined;
  return `The NATS server is version ${version}: ${SECURE} mends security faults. Upgrade it soon.`;
}

/** Compares what was asked for with what the server made of it: older servers drop options they do not know without a word. Refuses with `log.option_dropped`. */
export function assertKept(what: string, wanted: object, got: object): void {
  const kept: Readonly<Record<string, unknown>> = { ...got };
  const dropped = Object.entries(wanted).filter(([option, value]) => !isSame(value, kept[option]));
  if (dropped.length === 0) return;
  const options = dropped.map(([option, value]) => `${option} (asked for ${JSON.stringify(value)}, got ${JSON.stringify(kept[option])})`);
  const message = `The NATS server did not keep what the event log relies on in ${what}: ${options.join(', ')}. Upgrade the server, or remove what was configured by hand.`;
  throw new DomainError('log.option_dropped', 'unavailable', message, { facts: { what, options: options.join(', ') } });
}

/** Refuses a server that writes to the disk later than `durability` promises. */
export function assertSync(durability: Durability, { sync_always: always = false, sync_interval: interval }: SyncReport): void {
  if (always || (durability === 'fast' && interval !== undefined && interval <= SECOND)) return;
  const wanted = durability === 'safe' ? 'sync_interval: always' : 'sync_interval: 1s';
  const found = interval === undefined ? 'none that it tells of' : `${interval / SECOND} s`;
  const message = `The NATS server acknowledges before it syncs (sync_interval is ${found}), and the profile "${durability}" of the event log promises more. Set "${wanted}" in the jetstream block of the server${durability === 'safe' ? ', or choose the profile "fast"' : ''}.`;
  throw new DomainError('log.not_synced', 'unavailable', message, { facts: { durability, wanted, found } });
}

/** Asks a server's monitoring address for its report. Refuses (`log.sync_unknown`) when it does not answer. */
export async function readSyncReport(monitor: string | undefined): Promise<SyncReport> {
  if (monitor === undefined) throw syncUnknown('no monitoring address of the NATS server is configured');
  try {
    const answer = await fetch(new URL('/varz', monitor), { signal: AbortSignal.timeout(5_000) });
    const varz = (await answer.json()) as { readonly jetstream?: { readonly config?: SyncReport } };
    if (varz.jetstream?.config !== undefined) return varz.jetstream.config;
  } catch (fault) {
    throw syncUnknown(`${monitor} did not answer: ${String(fault)}`);
  }
  throw syncUnknown(`${monitor} tells nothing of JetStream`);
}

function syncUnknown(reason: string): DomainError {
  const message = `Whether the NATS server syncs before it acknowledges cannot be seen: ${reason}. Give the server an http_port and configure its address, or choose the profile "fast".`;
  return new DomainError('log.sync_unknown', 'unavailable', message, { facts: { reason } });
}

/** The server leaves out what is empty. */
function isSame(wanted: unknown, got: unknown): boolean {
  if (got === undefined) return wanted === false || wanted === 0 || wanted === -1;
  if (Array.isArray(wanted) && Array.isArray(got)) return isDeepStrictEqual(new Set<unknown>(wanted), new Set<unknown>(got));
  return isDeepStrictEqual(wanted, got);
}

function isOlder(version: string, than: string): boolean {
  const numbers = (text: string): number[] => (text.split('-')[0] ?? '').split('.').map(Number);
  const [left, right] = [numbers(version), numbers(than)];
  const at = right.findIndex((number, index) => (left[index] ?? 0) !== number);
  return at !== -1 && (left[at] ?? 0) < (right[at] ?? 0);
}
