import { describe, expect, it } from '@jest/globals';
import { localTime } from './local-time';

describe('local time', () => {
  it('is what the clocks of a zone show, with their offset', () => {
    const summer = Date.UTC(2026, 6, 1, 6, 30);
    const winter = Date.UTC(2026, 11, 1, 7, 30);
    expect(localTime('Europe/Berlin', summer)).toEqual({ text: '2026-07-01T08:30:00+02:00', offset: '+02:00' });
    expect(localTime('Europe/Berlin', winter)).toEqual({ text: '2026-12-01T08:30:00+01:00', offset: '+01:00' });
    expect(localTime('UTC', winter)).toEqual({ text: '2026-12-01T07:30:00+00:00', offset: '+00:00' });
    expect(localTime('America/St_Johns', Date.UTC(2026, 0, 1)).text).toBe('2025-12-31T20:30:00-03:30');
  });
});
