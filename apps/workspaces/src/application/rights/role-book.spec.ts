import { describe, expect, it } from '@jest/globals';
import type { Rule } from '@millrace/auth';
import { claimedRoles, emptyBook, removeRole, rulesOf, writeRole, type Role, type RoleClaim } from './role-book';

const role = (more: Partial<Role> = {}): Role => ({
  ...{ title: '', rules: [], inherits: [], claims: [], revision: 1, updatedBy: 'ada', updatedAt: 0 },
  ...more,
});
const readRuns: Rule = { allow: ['read'], on: ['runs'] };
const readEvents: Rule = { allow: ['read'], on: ['events'], where: 'actor.id = ${user.id}' };
const book = () => writeRole(emptyBook('ws_1'), 'desk', role({ rules: [readRuns] }));

describe('the roles of a workspace', () => {
  it('give their rules and those of the roles they inherit from, each with the role it comes from', () => {
    const night = writeRole(book(), 'night', role({ rules: [readEvents], inherits: ['desk', 'viewer'] }));
    const rules = rulesOf(night, ['night', 'desk']);
    expect(rules.filter(({ role: from }) => from !== 'viewer')).toEqual([
      { ...readEvents, role: 'night' },
      { ...readRuns, role: 'desk' },
    ]);
    expect(rules.some(({ role: from }) => from === 'viewer')).toBe(true);
  });

  it('give nothing for a name that is no role, nor for everyone until they say so', () => {
    expect(rulesOf(book(), ['constructor', 'nobody', 'everyone'])).toEqual([]);
    const open = writeRole(book(), 'everyone', role({ rules: [readRuns] }));
    expect(rulesOf(open, ['everyone'])).toEqual([{ ...readRuns, role: 'everyone' }]);
  });

  it('inherit from roles that exist, and never from themselves', () => {
    expect(() => writeRole(book(), 'night', role({ inherits: ['day'] }))).toThrow(
      expect.objectContaining({ code: 'workspaces.role_invalid' }),
    );
    expect(() => writeRole(book(), 'desk', role({ inherits: ['desk'] }))).toThrow(/inherit from itself/);
    const night = writeRole(book(), 'night', role({ inherits: ['desk'] }));
    expect(() => writeRole(night, 'desk', role({ inherits: ['night'] }))).toThrow(/inherit from itself/);
  });

  it('stay while another one inherits from them', () => {
    const night = writeRole(book(), 'night', role({ inherits: ['desk'] }));
    expect(() => removeRole(night, 'desk')).toThrow(
      expect.objectContaining({ code: 'workspaces.role_in_use', facts: { role: 'desk', heirs: ['night'] } }),
    );
    expect(removeRole(removeRole(night, 'night'), 'desk')).toEqual(emptyBook('ws_1'));
  });

  it('are a hundred at most', () => {
    const full = Array.from({ length: 100 }, (_, index) => `r${index}`).reduce(
      (before, name) => writeRole(before, name, role()),
      emptyBook('ws_1'),
    );
    expect(() => writeRole(full, 'one-more', role())).toThrow(expect.objectContaining({ code: 'workspaces.too_many_roles' }));
    writeRole(full, 'r5', role({ title: 'changed' }));
  });

  it.each<[RoleClaim, boolean]>([
    [{ claim: 'site', equals: 'spa' }, true],
    [{ claim: 'site', equals: 'sp' }, false],
    [{ claim: 'site', contains: 'p' }, true],
    [{ claim: 'site', prefix: 'sp' }, true],
    [{ claim: 'groups', contains: '/front' }, true],
    [{ claim: 'groups', contains: '/fro' }, false],
    [{ claim: 'groups', prefix: '/night/' }, true],
    [{ claim: 'groups', equals: '/front' }, false],
    [{ claim: 'level', equals: '3' }, false],
    [{ claim: 'constructor', prefix: '' }, false],
    [{ claim: 'none', contains: '' }, false],
  ])('come with claims: %j is %s', (claim, given) => {
    const claims = { site: 'spa', groups: ['/front', '/night/desk'], level: 3 };
    const claiming = writeRole(book(), 'guest', role({ claims: [claim] }));
    expect(claimedRoles(claiming, claims)).toEqual(given ? ['guest'] : []);
  });
});
