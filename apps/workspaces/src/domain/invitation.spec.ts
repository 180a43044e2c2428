import { describe, expect, it } from '@jest/globals';
import type { Principal } from '@millrace/kernel';
import { boundTo, invitationOf, invitationText, isInvited, isOpen, readInvitation } from './invitation';
import { rolesOf, withRoles, type Member } from './members';

const ada: Principal = { kind: 'user', id: 'ada', roles: ['platform-operator'] };
const bob: Principal = { kind: 'user', id: 'bob', roles: [], email: 'Bob@hotel.example', verified: true };
const DAY = 86_400_000;
const ID = 'mem_00000000000000000000000001';

describe('an invitation', () => {
  const member: Member = {
    ...{ id: ID, workspaceId: 'ws_1', email: 'bob@HOTEL.example', roles: ['viewer'], invitedBy: 'ada', createdAt: 5 },
    invitation: invitationOf(ada, ['desk'], 5),
  };

  it('is open for seven days, and until somebody took it', () => {
    const end = 5 + 7 * DAY;
    expect([isOpen(member, end - 1), isOpen(member, end), isOpen(boundTo(member, 'bob'), 6)]).toEqual([true, false, false]);
    expect([rolesOf(member, end - 1), rolesOf(member, end), rolesOf(boundTo(member, 'bob'), end)]).toEqual([['viewer'], [], ['viewer']]);
    const { invitation: _, ...early } = member;
    expect(isOpen(early, 99 * DAY)).toBe(true);
  });

  it('remembers of who invited what says later whether they still could', () => {
    expect(member.invitation?.inviter).toEqual({ kind: 'user', id: 'ada', platform: ['platform-operator'], claimed: ['desk'] });
    expect(boundTo(member, 'bob')).not.toHaveProperty('invitation');
  });

  it.each<[Partial<Principal>, boolean]>([
    [{}, true],
    [{ email: 'eve@hotel.example' }, false],
    [{ verified: false }, false],
    [{ kind: 'key' }, false],
    [{ scopes: ['*:*'] }, false],
  ])('is for who has proven the address: %j is %j', (said, expected) => {
    expect(isInvited(member, { ...bob, ...said })).toBe(expected);
  });

  it('is for nobody without an address', () => {
    const { email: _, ...nobody } = member;
    expect(isInvited(nobody, bob)).toBe(false);
  });

  it('is named by a text that only it has', () => {
    expect(readInvitation(invitationText({ member: ID, until: 1_800_000_000_000 }))).toEqual({ member: ID, until: 1_800_000_000_000 });
    for (const text of ['', ID, `${ID}.`, `${ID}.A`, `${ID}.1.2`, 'mem_1.1']) expect(readInvitation(text)).toBeUndefined();
  });
});

describe('a member with more roles', () => {
  it('has each once, and is the same when there is none to add', () => {
    const member: Member = { id: ID, workspaceId: 'ws_1', user: 'bob', roles: ['viewer'], invitedBy: 'ada', createdAt: 5 };
    expect(withRoles(member, ['viewer', 'desk']).roles).toEqual(['viewer', 'desk']);
    expect(withRoles(member, ['viewer'])).toBe(member);
  });
});
