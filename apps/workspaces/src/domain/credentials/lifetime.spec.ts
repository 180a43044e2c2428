import { describe, expect, it } from '@jest/globals';
import { endOf } from './lifetime';

const DAY = 86_400_000;
const now = 1_000 * DAY;

describe('the end of a credential', () => {
  it('is as asked, else in ninety days', () => {
    expect([endOf(now + 1, now), endOf(now + 366 * DAY, now), endOf(undefined, now)]).toEqual([now + 1, now + 366 * DAY, now + 90 * DAY]);
  });

  it.each([now, now - 1, now + 366 * DAY + 1])('is neither past nor over a year away: %d', (asked) => {
    expect(() => endOf(asked, now)).toThrow(expect.objectContaining({ code: 'credentials.end_invalid' }));
  });
});
