import { describe, expect, it } from '@jest/globals';
import type { Principal } from '@millrace/kernel';
import { placeOf, placesOf, rolesOf, type Member } from './members';

const ada: Principal = { kind: 'user', id: 'usr_ada', roles: [], email: 'Ada@Hotel.example', verified: true };

describe('the places of members', () => {
  it('of a user and of an e-mail address are where a caller is looked for', () => {
    expect(placesOf('ws_1', ada)).toEqual([
      placeOf({ workspaceId: 'ws_1', user: 'usr_ada' }),
      placeOf({ workspaceId: 'ws_1', email: 'ada@hotel.example' }),
    ]);
  });

  it('are none for an address that nobody verified, and for who is no person', () => {
    expect(placesOf('ws_1', { ...ada, verified: false })).toHaveLength(1);
    expect(placesOf('ws_1', { ...ada, kind: 'key' })).toEqual([]);
  });
});

describe('the roles of a member', () => {
  it('are kept without an end, too', () => {
    expect(rolesOf({ id: 'mem_1', workspaceId: 'ws_1', user: 'a', roles: ['viewer'], invitedBy: 'b', createdAt: 0 }, 9)).toEqual([
      'viewer',
    ]);
  });

  it('end with the membership', () => {
    const member: Member = { id: 'mem_1', workspaceId: 'ws_1', user: 'a', roles: ['viewer'], invitedBy: 'b', createdAt: 0, expiresAt: 10 };
    expect([rolesOf(member, 9), rolesOf(member, 10)]).toEqual([['viewer'], []]);
  });
});
