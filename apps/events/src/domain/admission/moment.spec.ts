import { describe, expect, it } from '@jest/globals';
import { momentOf } from './moment';

const now = Date.UTC(2030, 0, 2, 12);
const hour = 3_600_000;
const minute = 60_000;

describe('when an event happened', () => {
  it('is now when nobody said', () => {
    expect(momentOf(undefined, now)).toEqual({ time: now });
  });

  it.each([now - 24 * hour, now - 1, now + 5 * minute])('is what the client says inside the window (%d)', (said) => {
    expect(momentOf(said, now)).toEqual({ time: said });
  });

  it('is now when the client speaks of long ago or of later, and what it said is kept', () => {
    expect(momentOf(now - 24 * hour - 1, now)).toEqual({ time: now, original: '2030-01-01T11:59:59.999Z' });
    expect(momentOf(now + 5 * minute + 1, now)).toEqual({ time: now, original: '2030-01-02T12:05:00.001Z' });
  });
});
