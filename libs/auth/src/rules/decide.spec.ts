import { describe, expect, it } from '@jest/globals';
import { decide, refuse, rolesThatAllow, type Decision, type Refused } from './decide';
import { BUILT_IN_ROLES, PLATFORM_ROLES, type BuiltInRole } from './roles';
import { ACTIONS, SUBJECTS, type Rule } from './rule';

function refused(decision: Decision): Refused {
  if (decision.allowed) throw new Error('expected a refusal');
  return decision;
}

describe('decide', () => {
  const readRuns: Rule = { allow: ['read'], on: ['runs'] };

  it('refuses when no rule speaks of it', () => {
    expect(decide([], 'read', 'runs').allowed).toBe(false);
    expect(decide([readRuns], 'delete', 'runs').allowed).toBe(false);
    expect(decide([readRuns], 'read', 'events').allowed).toBe(false);
  });

  it('names the rule that allows', () => {
    expect(decide([readRuns], 'read', 'runs')).toEqual({ allowed: true, rule: readRuns });
  });

  it('lets deny win, wherever it stands', () => {
    const noRuns: Rule = { deny: ['read'], on: ['runs'], reason: 'Runs hold names of guests.' };
    expect(decide([readRuns, noRuns], 'read', 'runs').allowed).toBe(false);
    expect(refused(decide([noRuns, readRuns], 'read', 'runs')).rule).toBe(noRuns);
  });

  it('takes manage for every action, when allowing and when denying', () => {
    expect(decide([{ allow: ['manage'], on: ['runs'] }], 'erase', 'runs').allowed).toBe(true);
    expect(decide([readRuns, { deny: ['manage'], on: ['runs'] }], 'read', 'runs').allowed).toBe(false);
  });

  it('takes an action for each of its named kinds, and a kind for nothing else', () => {
    const all: Rule = { allow: ['execute'], on: ['automations'] };
    const one: Rule = { allow: ['execute:refund'], on: ['automations'] };
    expect(decide([all], 'execute:refund', 'automations').allowed).toBe(true);
    expect(decide([one], 'execute:refund', 'automations').allowed).toBe(true);
    expect(decide([one], 'execute', 'automations').allowed).toBe(false);
    expect(decide([one], 'execute:charge', 'automations').allowed).toBe(false);
  });

  it.each([
    ['where', { where: { op: 'exists', field: 'subject' } }],
    ['fields', { fields: ['name'] }],
  ] as const)('fails closed on a rule with %s, which needs an object', (_, condition) => {
    expect(decide([{ ...readRuns, ...condition }], 'read', 'runs').allowed).toBe(false);
    expect(decide([readRuns, { deny: ['read'], on: ['runs'], ...condition }], 'read', 'runs').allowed).toBe(false);
  });

  it('names the roles that would allow it', () => {
    expect(refused(decide([], 'publish', 'versions')).roles).toEqual(['editor', 'owner']);
    expect(refused(decide([], 'read', 'versions', { auditor: [{ allow: ['read'], on: ['versions'] }], nobody: [] })).roles).toEqual([
      'auditor',
    ]);
  });
});

describe('refuse', () => {
  it('says what was refused, why, and which roles would help', () => {
    const error = refuse(refused(decide([{ deny: ['delete'], on: ['runs'], reason: 'Runs are kept for the audit.' }], 'delete', 'runs')));
    expect(error).toMatchObject({
      code: 'runs.delete_denied',
      refusal: 'forbidden',
      message: 'You may not delete runs here. Runs are kept for the audit.',
      facts: { action: 'delete', subject: 'runs', roles: ['owner'], reason: 'Runs are kept for the audit.' },
    });
  });

  it('tells a missing rule from a denying one without a reason', () => {
    expect(refuse(refused(decide([], 'erase', 'runs'))).message).toBe(
      'You may not erase runs here. No rule of yours allows it. Ask an owner of the workspace for one of these roles: owner.',
    );
    expect(refuse(refused(decide([{ deny: ['read'], on: ['runs'] }], 'read', 'runs'))).message).toContain(
      'A rule of the workspace forbids it.',
    );
  });

  it('keeps the code stable for named kinds of an action', () => {
    const error = refuse(refused(decide([], 'execute:refund', 'automations', {})));
    expect(error.code).toBe('automations.execute_denied');
    expect(error.facts).toEqual({ action: 'execute:refund', subject: 'automations', roles: [] });
    expect(error.message).toContain('No role does.');
  });
});

describe('the built-in roles', () => {
  const names: readonly BuiltInRole[] = ['viewer', 'operator', 'editor', 'owner'];
  const may = (role: BuiltInRole, action: string, subject: string) => decide(BUILT_IN_ROLES[role], action, subject).allowed;

  it.each([
    ['read', 'automations', 'viewer'],
    ['aggregate', 'events', 'viewer'],
    ['read', 'dead-letters', 'viewer'],
    ['execute', 'automations', 'operator'],
    ['test', 'automations', 'operator'],
    ['create', 'events', 'operator'],
    ['join', 'topics', 'operator'],
    ['read', 'contexts', 'operator'],
    ['cancel', 'runs', 'operator'],
    ['replay', 'runs', 'operator'],
    ['manage', 'dead-letters', 'operator'],
    ['manage', 'schedules', 'operator'],
    ['activate', 'versions', 'operator'],
    ['export', 'versions', 'operator'],
    ['update', 'automations', 'editor'],
    ['create', 'secrets', 'editor'],
    ['delete', 'event-types', 'editor'],
    ['update', 'contexts', 'editor'],
    ['publish', 'versions', 'editor'],
    ['build', 'actions', 'editor'],
    ['update', 'workspaces', 'owner'],
    ['read', 'members', 'owner'],
    ['read', 'audit', 'owner'],
    ['erase', 'events', 'owner'],
    ['manage', 'keys', 'owner'],
    ['manage', 'apps', 'owner'],
  ] as const)('let %s on %s begin with the %s', (action, subject, first) => {
    expect(rolesThatAllow(action, subject)).toEqual(names.slice(names.indexOf(first)));
  });

  it('give the more powerful everything the less powerful have', () => {
    for (const action of ACTIONS) {
      for (const subject of SUBJECTS) {
        const allowed = names.map((role) => may(role, action, subject));
        expect(allowed).toEqual([...allowed].sort((a, b) => Number(a) - Number(b)));
      }
    }
  });

  it('give an owner everything', () => {
    expect(ACTIONS.every((action) => SUBJECTS.every((subject) => may('owner', action, subject)))).toBe(true);
  });
});

describe('the platform roles', () => {
  const may = (role: string, action: string, subject: string) => decide(PLATFORM_ROLES[role] ?? [], action, subject).allowed;

  it('keep payloads from operators and auditors, and profiles from administrators', () => {
    expect(may('platform-operator', 'manage', 'dead-letters')).toBe(true);
    expect(may('platform-operator', 'read', 'events')).toBe(false);
    expect(may('platform-auditor', 'read', 'audit')).toBe(true);
    expect(may('platform-auditor', 'read', 'runs')).toBe(false);
    expect(may('platform-admin', 'manage', 'workspaces')).toBe(true);
    expect(may('platform-admin', 'read', 'profiles')).toBe(false);
    expect(may('moderator', 'manage', 'reports')).toBe(true);
    expect(may('moderator', 'read', 'applications')).toBe(false);
  });
});
