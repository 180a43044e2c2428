import { describe, expect, it } from '@jest/globals';
import { beginningOf } from './resume';

const atHand = { epoch: 'e1', from: 100n, head: 200n };

describe('how a subscription begins', () => {
  it('is at the head when the client names no position', () => {
    expect(beginningOf(undefined, atHand)).toEqual({ kind: 'after', offset: 200n });
  });

  it('is at the position when everything since is at hand', () => {
    for (const offset of [100n, 150n, 200n]) {
      expect(beginningOf({ epoch: 'e1', offset }, atHand)).toEqual({ kind: 'after', offset });
    }
  });

  it('is for the log to say when the position is older than what is at hand, or newer', () => {
    expect(beginningOf({ epoch: 'e1', offset: 99n }, atHand)).toEqual({ kind: 'ask', offset: 99n });
    expect(beginningOf({ epoch: 'e1', offset: 201n }, atHand)).toEqual({ kind: 'ask', offset: 201n });
  });

  it('is fresh in another log', () => {
    expect(beginningOf({ epoch: 'e0', offset: 150n }, atHand)).toEqual({ kind: 'fresh', offset: 200n, reason: 'epoch' });
  });
});
