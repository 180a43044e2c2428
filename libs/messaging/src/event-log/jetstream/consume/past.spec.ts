import { describe, expect, it } from '@jest/globals';
import { StreamEvent } from '../stream-event';
import { Held } from './held';
import { Past } from './past';
import type { Source } from './source';

/** An event as the server gave it for the time `count`. */
function given(sequence: number, count: number): Held {
  return Object.assign(new Held({} as Source, 'reply', new StreamEvent('e', sequence, 'ws_1', 'a', new Uint8Array()), undefined, 0), {
    count,
  });
}

/** One that failed twice before it was lost. */
function lost(sequence: number, count = 1): Held {
  return Object.assign(given(sequence, count), { attempts: 2, reason: 'broken', dueAt: 7, hasRecord: true });
}

describe('what a process had and lost', () => {
  it('goes on where it was when the server gives it again', () => {
    const past = new Past();
    past.add([lost(1)]);
    const again = given(1, 2);
    expect(past.resume(again)).toBe(true);
    expect(again).toMatchObject({ attempts: 2, reason: 'broken', dueAt: 7, hasRecord: true, count: 2 });
  });

  it('is for others to say when somebody else had it in between, and when nothing is known of it', () => {
    const past = new Past();
    past.add([lost(1)]);
    const [later, unknown] = [given(1, 3), given(2, 2)];
    expect([past.resume(later), past.resume(unknown)]).toEqual([false, false]);
    expect([later.attempts, unknown.attempts]).toEqual([0, 0]);
  });

  it('is not gone back to: more may have happened since it was taken up again', () => {
    const past = new Past();
    past.add([lost(1)]);
    past.resume(given(1, 2));
    expect(past.resume(given(1, 2))).toBe(false);
  });

  it('is not remembered of a dead letter', () => {
    const past = new Past();
    past.add([Object.assign(lost(1), { letter: {} })]);
    expect(past.resume(given(1, 2))).toBe(false);
  });
});
