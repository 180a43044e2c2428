import { describe, expect, it } from '@jest/globals';
import type { Principal } from '@millrace/kernel';
import { checkRule } from './check-rule';
import { excessOf } from './excess';
import type { Standing } from '../permission';
import { BUILT_IN_ROLES } from '../roles';
import type { Rule } from '../rule';

const OWN = 'ws_01jd5z3k2m4n6p8q0r2s4t6v8w';

describe('a rule', () => {
  const problems = (rule: Rule) => checkRule(rule, '/rules/0', OWN);

  it.each<[string, Rule]>([
    ['actions on subjects', { allow: ['read', 'execute:refund'], on: ['automations', 'runs'] }],
    ['conditions on events', { deny: ['read'], on: ['events'], where: "payload.team in ${user.groups} and type = 'guests.*'" }],
    ['conditions on runs', { allow: ['read'], on: ['runs'], where: "automation starts with 'desk/' and startedAt > ${now}" }],
    ['a claim', { allow: ['read'], on: ['events'], where: 'payload.site = ${claims.org.site}', fields: ['payload.room'] }],
    ['its own workspace', { allow: ['read'], on: ['events'], where: `subject = 'workspace/${OWN}'` }],
  ])('may say %s', (_, rule) => {
    expect(problems(rule)).toEqual([]);
  });

  it.each<[string, Rule, string, string]>([
    ['an action that is none', { allow: ['rule'], on: ['runs'] }, '/rules/0/allow/0', 'no action "rule"'],
    ['a subject that is none', { deny: ['read'], on: ['runs', 'dreams'] }, '/rules/0/on/1', 'no subject "dreams"'],
    [
      'conditions nobody looks at',
      { allow: ['read'], on: ['secrets'], where: "name = 'x'" },
      '/rules/0/where',
      'Rules on secrets hold for all',
    ],
    ['fields nobody looks at', { allow: ['read'], on: ['keys'], fields: ['name'] }, '/rules/0/fields', 'Rules on keys hold for all'],
    ['a field that is none', { allow: ['read'], on: ['runs'], where: 'guest = 1' }, '/rules/0/where', 'column 1'],
    ['a variable that is none', { allow: ['read'], on: ['events'], where: 'actor.id = ${me}' }, '/rules/0/where', 'no ${me}'],
    [
      'another workspace',
      { allow: ['read'], on: ['events'], where: "subject = 'ws_01jd5z3k2m4n6p8q0r2s4t6v8x'" },
      '/rules/0/where',
      'own workspace alone',
    ],
  ])('may not say %s', (_, rule, pointer, detail) => {
    expect(problems(rule)).toEqual([{ pointer, code: 'rule', detail: expect.stringContaining(detail) }]);
  });
});

describe('what rules would give beyond their author', () => {
  const ada: Principal = { kind: 'user', id: 'ada', roles: [] };
  const author = (rules: readonly Rule[], more: Partial<Standing> = {}): Standing => ({
    principal: ada,
    workspaceId: OWN,
    now: 0,
    rules,
    ...more,
  });

  it('is nothing for an owner, and nothing in what is denied', () => {
    expect(excessOf([...BUILT_IN_ROLES.owner, { allow: ['execute:refund'], on: ['automations'] }], author(BUILT_IN_ROLES.owner))).toEqual(
      [],
    );
    expect(excessOf([{ deny: ['manage'], on: ['keys'] }], author([]))).toEqual([]);
  });

  it('is not what a rule denies an owner, who may lift it', () => {
    const rules: Rule[] = [...BUILT_IN_ROLES.owner, { deny: ['read'], on: ['events'] }];
    expect(excessOf([{ allow: ['read'], on: ['events'] }], author(rules))).toHaveLength(1);
    expect(excessOf([{ allow: ['read'], on: ['events'] }], author(rules, { owner: true }))).toEqual([]);
  });

  it('is each action the author does not have, and manage is all of them', () => {
    expect(excessOf([{ allow: ['read', 'delete'], on: ['runs'] }], author(BUILT_IN_ROLES.operator))).toEqual([
      { rule: 0, action: 'delete', subject: 'runs' },
    ]);
    expect(excessOf([{ allow: ['manage'], on: ['runs'] }], author(BUILT_IN_ROLES.operator)).length).toBeGreaterThan(5);
    expect(
      excessOf(BUILT_IN_ROLES.viewer, author(BUILT_IN_ROLES.owner, { principal: { ...ada, scopes: ['read:events'] } })).length,
    ).toBeGreaterThan(5);
  });

  it('is what goes beyond the conditions the author is under', () => {
    const own: Rule = { allow: ['read'], on: ['events'], where: "type = 'a.*'", fields: ['payload.a'] };
    expect(excessOf([own, { ...own, fields: ['payload.a.b'] }], author([own]))).toEqual([]);
    expect(
      excessOf(
        [
          { allow: ['read'], on: ['events'] },
          { ...own, where: "type = 'b.*'" },
          { ...own, fields: ['payload'] },
        ],
        author([own]),
      ),
    ).toHaveLength(3);
    expect(excessOf([own], author([own, { deny: ['read'], on: ['events'], where: "type = 'a.b'" }]))).toHaveLength(1);
  });

  it('is what was only shared with the author', () => {
    const shared: Rule = { allow: ['read'], on: ['runs'], where: "id = 'run_1'", share: 'shr_1' };
    const { share: _, ...own } = shared;
    expect(excessOf([own], author([shared]))).toHaveLength(1);
    expect(excessOf([own], author([shared, own]))).toEqual([]);
    expect(excessOf([own], author([shared], { owner: true }))).toHaveLength(1);
  });
});
