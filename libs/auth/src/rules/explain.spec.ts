import { describe, expect, it } from '@jest/globals';
import type { Principal } from '@millrace/kernel';
import { explain } from './explain';
import type { Standing } from './permission';
import type { Rule } from './rule';

const ada: Principal = { kind: 'user', id: 'usr_ada', roles: [], groups: ['front'] };
const all: Rule = { allow: ['read'], on: ['events'], role: 'viewer' };

const standing = (rules: readonly Rule[], more: Partial<Standing> = {}): Standing => ({
  ...{ principal: ada, workspaceId: 'ws_1', now: Date.UTC(2026, 10, 21), rules },
  ...more,
});
const said = (rules: readonly Rule[], more: Partial<Standing> = {}, sample?: object) =>
  explain(standing(rules, more), 'read', 'events', sample);

describe('the explanation of a decision', () => {
  it('names the rule that decides, its role and its reason', () => {
    expect(said([all])).toMatchObject({ decision: 'allowed', why: 'A rule of the role viewer allows it.', winner: 0, query: 'everything' });
    const noNames: Rule = { deny: ['read'], on: ['events'], reason: 'Events hold names.' };
    expect(said([all, noNames])).toMatchObject({
      ...{ decision: 'refused', why: 'A rule denies it. Events hold names.', winner: 1, query: 'nothing' },
      rules: [{ outcome: 'matched' }, { outcome: 'matched' }],
    });
  });

  it('names the share that decides', () => {
    const shared: Rule = { allow: ['read'], on: ['events'], share: 'shr_1' };
    expect(said([shared])).toMatchObject({ decision: 'allowed', why: 'The share shr_1 allows it.', winner: 0 });
  });

  it('says when no rule allows it, and which ones speak of something else', () => {
    const { winner, ...rest } = said([{ allow: ['read'], on: ['runs'] }]);
    expect(winner).toBeUndefined();
    expect(rest).toMatchObject({
      ...{ decision: 'refused', why: 'No rule allows it.' },
      rules: [{ outcome: 'other', why: 'It speaks of other actions or subjects.' }],
    });
  });

  it('says what shuts a caller out before any rule is asked, and then no rule has decided', () => {
    const { why, decision, winner } = said([all], { suspended: true });
    expect([why, decision, winner]).toEqual([
      'The workspace is suspended: its owner and operators may read, nobody may do more.',
      'refused',
      undefined,
    ]);
  });

  it('tells owners that they cannot be kept from their members and roles', () => {
    const rules: Rule[] = [
      { allow: ['manage'], on: ['members'] },
      { deny: ['manage'], on: ['members'] },
    ];
    expect(explain(standing(rules, { owner: true }), 'manage', 'members')).toMatchObject({
      ...{ decision: 'allowed', winner: 0 },
      rules: [{ outcome: 'matched' }, { outcome: 'other', why: 'Owners cannot be denied their members and roles.' }],
    });
  });

  it('depends on the object where a condition does, and shows the condition as it is for this caller', () => {
    const where = "type = 'orders.*' and payload.team in ${user.groups} and not payload.secret exists";
    const { decision, why, rules } = said([{ allow: ['read'], on: ['events'], where }]);
    expect([decision, why]).toEqual(['depends', 'It depends on the object.']);
    expect(rules).toMatchObject([
      { outcome: 'depends', why: "Objects with: type = 'orders.*' and payload.team in ['front'] and not payload.secret exists" },
    ]);
  });

  it('is open as long as a rule might deny, though another one allows', () => {
    const { decision, winner } = said([all, { deny: ['read'], on: ['events'], where: "type = 'a'" }]);
    expect([decision, winner]).toEqual(['depends', undefined]);
  });

  it('is certain on a sample: what matched, what did not, and what only hides', () => {
    const rules: Rule[] = [
      { allow: ['read'], on: ['events'], where: "type = 'b'" },
      { deny: ['read'], on: ['events'], fields: ['payload.name'] },
      all,
    ];
    expect(said(rules, {}, { type: 'a' })).toMatchObject({
      ...{ decision: 'allowed', winner: 2 },
      rules: [{ outcome: 'not-matched' }, { outcome: 'matched', why: 'It hides fields and refuses nothing.' }, { outcome: 'matched' }],
    });
    expect(said(rules.slice(0, 1), {}, { type: 'a' })).toMatchObject({ decision: 'refused', why: 'No rule allows it.' });
  });

  it('counts what cannot be evaluated as denying, and never as allowing', () => {
    const broken = { on: ['events'], where: 'actor.id = ${session.id}' } as const;
    expect(said([{ allow: ['read'], ...broken }]).rules[0]?.why).toBe(
      '${session.id} has no value for this caller; it allows, so it never matches.',
    );
    expect(said([all, { deny: ['read'], ...broken }])).toMatchObject({
      ...{ decision: 'refused', winner: 1 },
      rules: [{}, { outcome: 'not-evaluated', why: '${session.id} has no value for this caller; it denies, so it counts as matching.' }],
    });
  });
});
