import { describe, expect, it } from '@jest/globals';
import { BUILT_IN_ROLES } from './roles';
import type { Rule } from './rule';
import { rulesWithin } from './within';

const { owner } = BUILT_IN_ROLES;
const events = (...allow: string[]): Rule => ({ allow, on: ['events'] });

describe('rules within bounds', () => {
  it('are what both allow', () => {
    expect(rulesWithin([events('read', 'create')], [events('read')])).toEqual([events('read')]);
    expect(rulesWithin([{ allow: ['read'], on: ['events', 'runs'] }], [events('read')])).toEqual([events('read')]);
    expect(rulesWithin([events('manage')], [events('read', 'create')])).toEqual([events('read', 'create')]);
    expect(rulesWithin([events('read')], [events('manage')])).toEqual([events('read')]);
    expect(rulesWithin([events('execute:a', 'execute:b')], [events('execute')])).toEqual([events('execute:a', 'execute:b')]);
    expect(rulesWithin([events('execute')], [events('execute:a')])).toEqual([events('execute:a')]);
    expect(rulesWithin([events('execute:a')], [events('execute:b')])).toEqual([]);
  });

  it('are none within nothing, and none of nothing', () => {
    expect(rulesWithin(owner, [])).toEqual([]);
    expect(rulesWithin([], owner)).toEqual([]);
  });

  it('are denied what either denies', () => {
    const [mine, yours]: Rule[] = [
      { deny: ['read'], on: ['events'] },
      { deny: ['erase'], on: ['runs'], where: "state = 'x'" },
    ];
    expect(rulesWithin([mine as Rule, ...owner], [...owner, yours as Rule]).filter((rule) => 'deny' in rule)).toEqual([mine, yours]);
  });

  it('stand under the conditions of both', () => {
    const one: Rule = { allow: ['read'], on: ['events'], where: 'a = 1 or b = 2', fields: ['payload'] };
    const two: Rule = { allow: ['read'], on: ['events'], where: 'c = 3', fields: ['payload.total', 'type'] };
    expect(rulesWithin([one], [two])).toEqual([
      { allow: ['read'], on: ['events'], where: '(a = 1 or b = 2) and (c = 3)', fields: ['payload.total'] },
    ]);
    expect(rulesWithin([one], [events('read')])).toEqual([one]);
    expect(rulesWithin([events('read')], [one])).toEqual([one]);
    expect(rulesWithin([{ ...one, fields: ['payloads'] }], [two])).toEqual([]);
  });
});
