/** A line of strace that is of interest: what a thread did with which file. */
const CALL = /^(\d+) +(pwrite64|write|writev|sendto|fsync|fdatasync)\(\d+<([^>]*)>(.*)$/;
const RESUMED = /^(\d+) +<\.\.\. (?:fsync|fdatasync) resumed>.*= 0$/;
const ACKNOWLEDGED = /"HTTP\/1\.1 201 /;
const DONE = /= 0$/;

/**
 * The acknowledgements of a trace, each with whether the log had been synced for it: since the one before, and behind all that was written to it.
 * @param {string} trace what `strace -f -y` wrote
 * @param {(file: string) => boolean} isLog
 * @returns {readonly { line: number, synced: boolean }[]}
 */
export function acknowledgements(trace, isLog) {
  /** @type {{ line: number, synced: boolean }[]} */
  const found = [];
  /** Threads that are in the middle of a sync of the log. @type {Set<string>} */
  const syncing = new Set();
  const log = { isSynced: false, isDirty: false };
  for (const [index, line] of trace.split('\n').entries()) {
    const act = actOf(line, isLog);
    if (act.kind === 'begun') syncing.add(act.thread);
    else if (act.kind === 'synced' || (act.kind === 'resumed' && syncing.delete(act.thread)))
      Object.assign(log, { isSynced: true, isDirty: false });
    else if (act.kind === 'written') log.isDirty = true;
    else if (act.kind === 'acknowledged') {
      found.push({ line: index + 1, synced: log.isSynced && !log.isDirty });
      log.isSynced = false;
    }
  }
  return found;
}

/**
 * What a line tells: a sync of the log that was done at once, one that was begun, one of whatever that is over; a write to the log; an answer.
 * @param {string} line
 * @param {(file: string) => boolean} isLog
 * @returns {{ kind: 'synced' | 'begun' | 'resumed' | 'written' | 'acknowledged' | 'other', thread: string }}
 */
function actOf(line, isLog) {
  const [, resumed] = RESUMED.exec(line) ?? [];
  if (resumed !== undefined) return { kind: 'resumed', thread: resumed };
  const [, thread = '', call = '', file = '', rest = ''] = CALL.exec(line) ?? [];
  if (!isLog(file)) return { kind: ACKNOWLEDGED.test(rest) ? 'acknowledged' : 'other', thread };
  if (!call.endsWith('sync')) return { kind: 'written', thread };
  return { kind: DONE.test(rest) ? 'synced' : 'begun', thread };
}
