import { describe, expect, it } from '@jest/globals';
import type { Principal } from '@millrace/kernel';
import { bindingOf, readMark, writeMark, type Asked } from './page-mark';

const ada: Principal = { kind: 'user', id: 'ada', roles: [] };
const asked: Asked = { workspaceId: 'ws_1', types: ['orders.>'], where: '', text: '', sort: 'newest' };
const now = 1_000_000;
const day = 86_400_000;

describe('the mark of a page', () => {
  it('reads as it was written', () => {
    expect(readMark(writeMark({ recordedAt: 5, offset: 9n }, now), now)).toEqual({ recordedAt: 5, offset: 9n });
  });

  it('is good for 24 hours', () => {
    const text = writeMark({ recordedAt: 5, offset: 9n }, now);
    expect(readMark(text, now + day - 1).offset).toBe(9n);
    expect(() => readMark(text, now + day)).toThrow(expect.objectContaining({ code: 'events.cursor_invalid', refusal: 'invalid' }));
  });

  it.each([undefined, '', 'x', '1 2', '1 2 3 4'])('is not read from %j', (text) => {
    expect(() => readMark(text, 0)).toThrow(expect.objectContaining({ code: 'events.cursor_invalid' }));
  });
});

describe('what a cursor is bound to', () => {
  it.each<Partial<Asked>>([
    { workspaceId: 'ws_2' },
    { types: [] },
    { where: 'type = "a"' },
    { text: 'words' },
    { from: 1 },
    { to: 1 },
    { sort: 'oldest' },
  ])('differs with %j', (other) => {
    expect(bindingOf(ada, { ...asked, ...other })).not.toBe(bindingOf(ada, asked));
  });

  it('differs with the caller', () => {
    expect(bindingOf({ ...ada, id: 'eve' }, asked)).not.toBe(bindingOf(ada, asked));
    expect(bindingOf({ ...ada, kind: 'key' }, asked)).not.toBe(bindingOf(ada, asked));
    expect(bindingOf({ ...ada, name: 'Ada' }, asked)).toBe(bindingOf(ada, asked));
  });
});
