import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Principal } from '@millrace/kernel';
import { compileFilter } from '@millrace/language';
import { explain } from './explain';
import { Permission, type Standing } from './permission';
import type { Rule } from './rule';

const RUNS = { numRuns: 2_000 };
const ALL: Required<Pick<Principal, 'email' | 'groups' | 'session' | 'claims'>> = {
  email: 'a@b.example',
  groups: ['/a', '/b'],
  session: 's1',
  claims: { site: 'spa', level: 3 },
};

const field = fc.constantFrom('type', 'subject', 'time', 'payload.team', 'payload.total', 'payload.tags', 'actor.id', 'target.session');
const literal = fc.constantFrom(
  ...["'a'", "'/a'", "'usr_ada'", "'spa'", '1', '3', 'true', 'null', "'2026-01-01'", '${user.id}', '${user.email}', '${user.groups}'],
  ...['${session.id}', '${key.id}', '${claims.site}', '${claims.level}', '${claims.none}', '${workspace.id}', '${now}', "'x/${user.id}'"],
);
const op = fc.constantFrom('=', '!=', '<', '>=', 'starts with', 'contains');
const { where } = fc.letrec<{ where: string }>((tie) => ({
  where: fc.oneof(
    { maxDepth: 3 },
    fc.tuple(field, op, literal).map((parts) => parts.join(' ')),
    field.map((one) => `${one} exists`),
    fc.tuple(field, fc.array(literal, { minLength: 1, maxLength: 3 })).map(([one, list]) => `${one} in [${list.join(', ')}]`),
    fc.tuple(tie('where'), fc.constantFrom('and', 'or'), tie('where')).map(([a, join, b]) => `(${a}) ${join} (${b})`),
    tie('where').map((one) => `not (${one})`),
  ),
}));
const reach = fc.record(
  {
    on: fc.constantFrom(['events'], ['runs', 'events'], ['runs']),
    where,
    fields: fc.constantFrom(['payload.team'], ['payload'], ['subject', 'actor']),
  },
  { requiredKeys: ['on'] },
);
const actions = fc.constantFrom(['read'], ['manage'], ['read', 'create'], ['create']);
const rule: fc.Arbitrary<Rule> = fc
  .tuple(fc.boolean(), actions, reach)
  .map(([allows, verbs, said]) => (allows ? { allow: verbs, ...said } : { deny: verbs, ...said }));
const rules = fc.array(rule, { minLength: 1, maxLength: 5 });

const event = fc.record(
  {
    type: fc.constantFrom('a', 'orders.paid'),
    time: fc.constantFrom('2026-01-01T00:00:00Z', '2027-01-01T00:00:00Z'),
    subject: fc.constantFrom('a', 'x/usr_ada'),
    actor: fc.record({ id: fc.constantFrom('usr_ada', 'usr_bob') }),
    target: fc.record({ session: fc.constantFrom('s1', 's2') }, { requiredKeys: [] }),
    payload: fc.record(
      {
        team: fc.constantFrom<unknown>('/a', '/b', 'spa', ['/a', 'x'], null),
        total: fc.constantFrom<unknown>(1, 3, '3'),
        tags: fc.array(fc.constantFrom('a', 'spa')),
      },
      { requiredKeys: [] },
    ),
  },
  { requiredKeys: [] },
);
/** Each variable removed in turn: a caller who lacks one, or none, of what variables stand for. */
const lacking = fc.constantFrom(undefined, 'email', 'groups', 'session', 'claims', 'id');

function asked(said: readonly Rule[], lack: string | undefined): Standing {
  const kept = Object.fromEntries(Object.entries(ALL).filter(([name]) => name !== lack));
  const principal: Principal = { kind: lack === 'id' ? 'anonymous' : 'user', id: 'usr_ada', verified: true, roles: [], ...kept };
  return { principal, workspaceId: 'ws_1', now: Date.UTC(2026, 5, 1), rules: said };
}

describe('any rules', () => {
  it('say the same of any object as predicate, as filter and as explanation, whoever asks', () => {
    fc.assert(
      fc.property(rules, event, lacking, (said, object, lack) => {
        const standing = asked(said, lack);
        const permission = Permission.of(standing, 'read', 'events');
        const { query } = permission;
        const filtered = typeof query === 'boolean' ? query : compileFilter(query)(object);
        const explained = explain(standing, 'read', 'events', object);
        expect(permission.allows(object)).toBe(filtered);
        expect(explained.decision).toBe(filtered ? 'allowed' : 'refused');
        const winner = explained.winner === undefined ? undefined : said[explained.winner];
        expect(winner !== undefined && 'allow' in winner).toBe(filtered);
      }),
      RUNS,
    );
  });

  it('explained without an object never say more than holds for all objects', () => {
    fc.assert(
      fc.property(rules, event, lacking, (said, object, lack) => {
        const standing = asked(said, lack);
        const { decision } = explain(standing, 'read', 'events');
        if (decision !== 'depends') expect(Permission.of(standing, 'read', 'events').allows(object)).toBe(decision === 'allowed');
      }),
      RUNS,
    );
  });

  it('allow nothing more to who lacks the value of a variable that they deny by', () => {
    const names = fc.constantFrom('user.id', 'user.email', 'user.groups', 'session.id', 'claims.site', 'key.id');
    const of: Readonly<Record<string, string>> = {
      'user.id': 'id',
      'user.email': 'email',
      'user.groups': 'groups',
      'session.id': 'session',
      'claims.site': 'claims',
    };
    fc.assert(
      fc.property(rules, event, names, (said, object, name) => {
        const deny: Rule = { deny: ['read'], on: ['events'], where: `payload.team = \${${name}}` };
        expect(Permission.of(asked([...said, deny], of[name]), 'read', 'events').allows(object)).toBe(false);
        const allow: Rule = { allow: ['read'], on: ['events'], where: `payload.team != \${${name}}` };
        expect(Permission.of(asked([allow], of[name]), 'read', 'events').allows(object)).toBe(false);
      }),
      RUNS,
    );
  });

  it('let a caller ask only for what they are shown of every object they may see', () => {
    const at = (value: object, path: string) =>
      path.split('.').reduce<unknown>((found, key) => (found as Record<string, unknown> | undefined)?.[key], value);
    fc.assert(
      fc.property(rules, event, lacking, field, (said, object, lack, path) => {
        const permission = Permission.of(asked(said, lack), 'read', 'events');
        fc.pre(permission.allows(object) && permission.fields.mayAsk(path));
        expect(at(permission.fields.show(object), path)).toEqual(at(object, path));
      }),
      RUNS,
    );
  });
});
