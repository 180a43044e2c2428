import { describe, expect, it } from '@jest/globals';
import { demandShareable, endOfShare, fieldOf, holderOf, holdersOf, isPast, waitsUntil, type Share } from './share';

const WEEK = 604_800_000;
const share = (said: Partial<Share> = {}): Share => ({
  ...{ id: 'shr_1', workspaceId: 'ws_1', subject: 'automations', object: 'desk/in', actions: ['read'], createdAt: 1_000 },
  sharer: { kind: 'user', id: 'ada', platform: [], claimed: [] },
  ...said,
});

describe('a share', () => {
  it.each([
    [{ user: 'bob' }, undefined],
    [{ user: 'bob', email: 'bob@hotel.example' }, undefined],
    [{ role: 'desk', expiresAt: 5_000 }, 5_000],
    [{ email: 'bob@hotel.example' }, 1_000 + WEEK],
    [{ email: 'bob@hotel.example', expiresAt: 5_000 }, 5_000],
    [{ email: 'bob@hotel.example', expiresAt: 5_000 + WEEK }, 1_000 + WEEK],
    [{ user: 'bob', email: 'bob@hotel.example', expiresAt: 5_000 + WEEK }, 5_000 + WEEK],
  ] as const)('with %j ends at %s, by itself and on the spot', (said, end) => {
    const made = share(said);
    expect(endOfShare(made)).toBe(end);
    expect(waitsUntil(made)).toBe('email' in said && !('user' in said) ? 1_000 + WEEK : undefined);
    expect(isPast(made, (end ?? Number.MAX_SAFE_INTEGER) - 1)).toBe(false);
    if (end !== undefined) expect(isPast(made, end)).toBe(true);
  });

  it('is found by whom it is with: by a verified address, and by each role', () => {
    expect(holderOf(share({ email: 'Bob@Hotel.example' }))).toBe('ws_1 email bob@hotel.example');
    const bob = { kind: 'user', id: 'bob', roles: [], email: 'bob@hotel.example' } as const;
    expect(holdersOf('ws_1', { ...bob, verified: true }, ['desk', 'everyone'])).toEqual([
      'ws_1 user bob',
      'ws_1 email bob@hotel.example',
      'ws_1 role desk',
      'ws_1 role everyone',
    ]);
    expect(holdersOf('ws_1', bob, [])).toEqual(['ws_1 user bob']);
  });

  it('is of an object that is told apart by its slug or its id', () => {
    expect([fieldOf('automations'), fieldOf('files'), fieldOf('runs')]).toEqual(['slug', 'id', 'id']);
  });

  it('gives what can be done with one of its kind, until a time that is to come', () => {
    const refusal = (pointer: string): unknown =>
      expect.objectContaining({ code: 'workspaces.share_invalid', errors: [expect.objectContaining({ pointer })] });
    expect(() => demandShareable(share({ actions: ['read', 'manage'] }), 0)).toThrow(refusal('/actions/1'));
    expect(() => demandShareable(share({ subject: 'files', actions: ['execute'] }), 0)).toThrow(
      /files that is shared: read, update, delete/,
    );
    expect(() => demandShareable(share({ expiresAt: 7 }), 7)).toThrow(refusal('/expiresAt'));
    demandShareable(share({ expiresAt: 8, actions: ['read', 'update', 'delete', 'execute', 'test'] }), 7);
  });
});
