import { accessSync, constants, mkdirSync } from 'node:fs';
import { access } from 'node:fs/promises';
import { FolderBlobs } from '@millrace/blobs';
import { OutboxRelay, SqliteDocuments } from '@millrace/documents';
import { SqliteHistory } from '@millrace/history';
import { DomainError } from '@millrace/kernel';
import { LocalHub, SqliteEventLog, SqliteKeyValue } from '@millrace/messaging';
import { PinoLog, type LogLevel } from '@millrace/observability';
import { Checkpoints } from './checkpoints/checkpoints';
import { LocalFolder } from './local-folder';
import { LoopSlices } from './machine/loop-slices';
import { SystemClock, SystemIds } from './machine/machine';
import { NearServers } from './near-servers';
import type { Platform, WatchedDependency } from './platform';
import { BLOBS, DOCUMENTS, EVENT_LOG, HISTORY, KEY_VALUE, type Store } from './stores';

export interface LocalPlatformOptions {
  /** Where everything is kept; made when new. One process at a time. */
  readonly folder: string;
  /** `safe`: on disk before anything is said to be done. `fast`: a power cut may take the last moments. */
  readonly durability: 'safe' | 'fast';
  readonly logLevel: LogLevel;
  /** Bytes of the event log; 10 GiB when absent. */
  readonly logCapacity?: number | undefined;
}

/** Everything in this process and one folder: SQLite for log, key-value, documents and history, files for blobs, memory for the wire. */
export async function openLocalPlatform({ folder, durability, logLevel, logCapacity }: LocalPlatformOptions): Promise<Platform> {
  makeFolder(folder);
  const clock = new SystemClock();
  const ids = new SystemIds(clock);
  const files = new LocalFolder(folder);
  const capacity = logCapacity === undefined ? {} : { capacity: logCapacity };
  const eventLog = new SqliteEventLog({ file: files.log, durability, clock, sharesFile: true, ...capacity });
  const keyValue = new SqliteKeyValue({ file: files.keyValue, durability, clock, sharesFile: true });
  const history = await SqliteHistory.open({ path: files.history, durability, sharesFile: true });
  const blobs = await FolderBlobs.open(files.blobs);
  const hub = new LocalHub({ turns: new LoopSlices() });
  const checkpoints = new Checkpoints({ files: [files.log, files.keyValue, files.history], log: new PinoLog('platform', logLevel) });
  const shared = [
    standing(KEY_VALUE, keyValue, files.keyValue),
    // Its range is known without looking at the file; when it was at a time is not.
    standing({ ...EVENT_LOG, check: () => eventLog.at(0) }, eventLog, files.log),
    standing(HISTORY, history, files.history),
    standing(BLOBS, blobs, files.blobs),
  ];
  const own = new Map<string, readonly WatchedDependency[]>();
  return {
    clock,
    ids,
    eventLog,
    keyValue,
    history,
    blobs,
    nearServers: new NearServers(),
    connect: async () => hub.connect(),
    scratch: (service) => files.scratch(service),
    log: (service) => new PinoLog(service, logLevel),
    documents: async (service) => {
      const documents = await SqliteDocuments.open(files.documents(service));
      const outbox = new OutboxRelay(documents.outbox, eventLog, { clock, log: new PinoLog(service, logLevel) });
      outbox.start();
      own.set(service, [standing(DOCUMENTS, documents, files.documents(service))]);
      return { documents, outbox };
    },
    dependencies: (service) => [...shared, ...(own.get(service) ?? [])],
    close: async () => {
      await checkpoints.close();
      await eventLog.close();
      await history.close();
      await keyValue.close();
    },
  };
}

/** A store that is open goes on in a file that somebody removed, and all that it takes from then on is lost with the process. */
function standing<T>({ name, check, essential }: Store<T>, store: T, path: string): WatchedDependency {
  return {
    name,
    essential,
    check: async () => {
      await access(path, constants.R_OK | constants.W_OK);
      await check(store);
    },
  };
}

function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new DomainError(
      'service.folder_unusable',
      'unavailable',
      `The data folder ${folder} cannot be used (${why}). Name another with MILLRACE_DATA, or give this user the right to write there.`,
      { facts: { folder } },
    );
  }
}
