import { describe, expect, it } from '@jest/globals';
import { DomainError } from '@millrace/kernel';
import { Log, type LogFields } from '@millrace/observability';
import type { WatchedDependency } from '../platform';
import { Dependencies } from './dependencies';

class Lines extends Log {
  readonly lines: string[] = [];
  override debug = (message: string): void => void this.lines.push(message);
  override info = this.debug;
  override warn = (message: string, _fields?: LogFields): void => void this.lines.push(message);
  override error = this.warn;
}

const away = new DomainError('kv.unavailable', 'unavailable', 'Nobody answers.');

function stage() {
  const log = new Lines();
  const seen: WatchedDependency[] = [];
  const pauses: number[] = [];
  const dependencies = new Dependencies({
    log,
    onDependency: (dependency) => seen.push(dependency),
    pause: async (milliseconds) => void pauses.push(milliseconds),
  });
  return { log, seen, pauses, dependencies };
}

/** Something that opens at the so-manieth try, and notes that it was closed. */
function opening(at: number, reason: unknown, closed: string[] = [], name = 'store') {
  let tries = 0;
  return {
    name,
    open: async () => {
      tries += 1;
      if (tries < at) throw reason;
      return { name };
    },
    close: async () => void closed.push(name),
  };
}

describe('what a process stands on', () => {
  it('is waited for, ever more patiently, and said to be missing ever more rarely', async () => {
    const { dependencies, log, pauses } = stage();
    await dependencies.reach(opening(10, away));
    expect(pauses).toEqual([250, 500, 1_000, 2_000, 4_000, 5_000, 5_000, 5_000, 5_000]);
    const waiting = 'Waiting for the store: Nobody answers.';
    expect(log.lines).toEqual([waiting, waiting, waiting, waiting, 'The store is there.']);
  });

  it('is shown with the reason while it is not there, and by its own check afterwards', async () => {
    const { dependencies, seen } = stage();
    let answers = true;
    const check = async (): Promise<void> => {
      if (!answers) throw new Error('gone');
    };
    await dependencies.reach({ ...opening(2, away), check, essential: false });
    expect(seen.map(({ name, essential }) => [name, essential])).toEqual([
      ['store', false],
      ['store', false],
    ]);
    await expect(seen[0]?.check()).rejects.toThrow('Nobody answers.');
    await expect(seen[1]?.check()).resolves.toBeUndefined();
    answers = false;
    await expect(dependencies.watched()[0]?.check()).rejects.toThrow('gone');
  });

  it.each([
    ['too old', new DomainError('log.server_too_old', 'unavailable', 'Upgrade.')],
    ['not what was asked for', new DomainError('history.layout_differs', 'conflict', 'It is otherwise.')],
  ])('is not waited for when it is %s', async (_, refusal) => {
    const { dependencies, pauses } = stage();
    await expect(dependencies.reach(opening(2, refusal))).rejects.toBe(refusal);
    expect(pauses).toEqual([]);
  });

  it('is let go of in the reverse order, and not looked for any more', async () => {
    const { dependencies } = stage();
    const closed: string[] = [];
    await dependencies.reach(opening(1, away, closed, 'first'));
    await dependencies.reach(opening(1, away, closed, 'second'));
    await dependencies.close();
    expect(closed).toEqual(['second', 'first']);
    await expect(dependencies.reach(opening(2, away))).rejects.toMatchObject({ code: 'service.stopping' });
  });
});
