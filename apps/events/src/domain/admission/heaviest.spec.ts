import { describe, expect, it } from '@jest/globals';
import { heaviestPaths } from './heaviest';

const text = (bytes: number): string => 'x'.repeat(bytes - 2);

describe('the heaviest places of a payload', () => {
  it('are those of the members that outweigh all beside them', () => {
    const payload = { order: { note: text(500), lines: [text(10), text(9)] }, total: 1 };
    expect(heaviestPaths(payload, '/payload')).toEqual(['/payload/order/note: 500', '/payload/total: 1']);
  });

  it('are places as a whole where no member of them outweighs the others', () => {
    const [first] = heaviestPaths({ 'a/b': { one: text(100), two: text(100) } }, '');
    expect(first).toMatch(/^\/a~1b: /);
    expect(heaviestPaths({ empty: {} }, '')).toEqual(['/empty: 2']);
  });
});
