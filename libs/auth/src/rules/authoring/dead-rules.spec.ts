import { describe, expect, it } from '@jest/globals';
import { deadRules } from './dead-rules';
import type { Rule } from '../rule';

const reads = (where: string): Rule => ({ allow: ['read'], on: ['events'], where });

describe('rules that can never match', () => {
  it.each([
    "type = 'a' and type = 'b'",
    "payload.x = 1 and (type = 'a' and type = 'b')",
    "actor.id = 'a' and payload.total > 1 and actor.id = 'b'",
  ])('are those that want two values of one: %s', (where) => {
    expect(deadRules([reads(where)])).toEqual([{ rule: 0, why: expect.stringContaining('two values') }]);
  });

  it.each([
    "type = 'a' or type = 'b'",
    "payload.tags = 'a' and payload.tags = 'b'",
    'actor.id = ${user.id} and actor.id = ${claims.id}',
    "type = 'a' and type = 'a'",
  ])('are not those that want what may be: %s', (where) => {
    expect(deadRules([reads(where)])).toEqual([]);
  });

  it('are those that other rules of the role deny whole', () => {
    const rules: Rule[] = [
      { allow: ['read'], on: ['runs'] },
      { allow: ['read', 'cancel'], on: ['runs'] },
      { deny: ['read'], on: ['runs'] },
      { deny: ['cancel'], on: ['runs'], where: "automation = 'a'" },
    ];
    expect(deadRules(rules)).toEqual([{ rule: 0, why: expect.stringContaining('deny all') }]);
    expect(
      deadRules([
        { allow: ['manage'], on: ['runs'] },
        { deny: ['manage'], on: ['runs'] },
      ]),
    ).toHaveLength(1);
  });
});
