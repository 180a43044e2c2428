import { describe, expect, it } from '@jest/globals';
import { LANES, laneOf } from './lane';

describe('laneOf', () => {
  it('is the same for one workspace and key, whatever the id', () => {
    expect(laneOf({ workspaceId: 'ws_1', key: 'k', id: 'a' })).toBe(laneOf({ workspaceId: 'ws_1', key: 'k', id: 'b' }));
  });

  it('never changes: events keep the lane they were appended with', () => {
    expect([laneOf({ workspaceId: 'ws_1', key: 'order/7', id: 'a' }), laneOf({ workspaceId: 'platform', id: 'evt_1' })]).toEqual([33, 39]);
  });

  it('spreads keys, and events without a key, over all lanes', () => {
    const used = (lane: (n: number) => number): number => new Set(Array.from({ length: 2_000 }, (_, n) => lane(n))).size;
    expect(used((n) => laneOf({ workspaceId: 'ws_1', key: `k${n}`, id: '' }))).toBe(LANES);
    expect(used((n) => laneOf({ workspaceId: 'ws_1', id: `evt_${n}` }))).toBe(LANES);
  });
});
