import { describe, expect, it } from '@jest/globals';
import { acknowledgements } from './trace.mjs';

const WRITE = '7 pwrite64(25</data/log.db-wal>, "x"..., 24, 0) = 24';
const SYNC = '7 fsync(25</data/log.db-wal>) = 0';
const ACK = '7 write(50<socket:[1]>, "HTTP/1.1 201 Created\\r\\nca"..., 551) = 551';
const OTHER = ['7 fsync(30</data/history.db-wal>) = 0', '7 write(50<socket:[1]>, "HTTP/1.1 200 OK"..., 20) = 20', 'strace: attached'];

const synced = (...lines: readonly string[]): readonly boolean[] =>
  acknowledgements(lines.join('\n'), (file) => file.endsWith('log.db-wal')).map((each) => each.synced);

describe('acknowledgements in a trace', () => {
  it('are safe behind a sync of the log of their own', () => {
    expect(synced(WRITE, SYNC, ACK, ...OTHER, WRITE, SYNC, ACK)).toEqual([true, true]);
  });

  it('are not safe without one, with that of another file, or with that of the one before', () => {
    expect(synced(WRITE, ACK)).toEqual([false]);
    expect(synced(WRITE, ...OTHER, ACK)).toEqual([false]);
    expect(synced(WRITE, SYNC, ACK, WRITE, ACK)).toEqual([true, false]);
    expect(synced(ACK, SYNC)).toEqual([false]);
  });

  it('are not safe when something was written behind the sync', () => {
    expect(synced(WRITE, SYNC, WRITE, ACK)).toEqual([false]);
  });

  it('are safe behind a sync that was over when they were given, and not before', () => {
    const begun = '8 fdatasync(25</data/log.db-wal> <unfinished ...>';
    const over = '8 <... fdatasync resumed>) = 0';
    expect(synced(WRITE, begun, over, ACK)).toEqual([true]);
    expect(synced(WRITE, begun, ACK, over)).toEqual([false]);
    expect(synced(WRITE, begun, '9 <... fdatasync resumed>) = 0', ACK)).toEqual([false]);
    expect(synced(WRITE, begun, '8 <... fdatasync resumed>) = -1 EIO (Input/output error)', ACK)).toEqual([false]);
  });
});
