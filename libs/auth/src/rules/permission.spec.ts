import { describe, expect, it } from '@jest/globals';
import { DomainError, type Principal } from '@millrace/kernel';
import { Permission, type Standing } from './permission';
import { demandAll, demandOn, demandSome, rolesThatAllow } from './refusal';
import { BUILT_IN_ROLES, PLATFORM_ROLES, type BuiltInRole } from './roles';
import { ACTIONS, SUBJECTS, type Rule } from './rule';

const NOW = Date.UTC(2026, 10, 21);
const ada: Principal = { kind: 'user', id: 'usr_ada', roles: [], email: 'ada@hotel.example', verified: true, groups: ['/front', '/night'] };

function standing(rules: readonly Rule[], more: Partial<Standing> = {}): Standing {
  return { principal: ada, workspaceId: 'ws_1', now: NOW, rules, ...more };
}

const permission = (rules: readonly Rule[], action = 'read', subject = 'runs', more: Partial<Standing> = {}) =>
  Permission.of(standing(rules, more), action, subject);
const allowed = (rules: readonly Rule[], action: string, subject: string) => permission(rules, action, subject).query === true;

function refused(attempt: () => void): DomainError {
  try {
    attempt();
  } catch (error) {
    if (error instanceof DomainError) return error;
    throw error;
  }
  throw new Error('expected a refusal');
}

describe('a permission', () => {
  const readRuns: Rule = { allow: ['read'], on: ['runs'] };
  const own: Rule = { allow: ['read'], on: ['events'], where: 'actor.id = ${user.id}' };

  it('is none when no rule speaks of it', () => {
    expect(permission([]).query).toBe(false);
    expect(allowed([readRuns], 'delete', 'runs')).toBe(false);
    expect(allowed([readRuns], 'read', 'events')).toBe(false);
  });

  it('lets deny win, wherever it stands', () => {
    const noRuns: Rule = { deny: ['read'], on: ['runs'], reason: 'Runs hold names of guests.' };
    expect(permission([readRuns, noRuns]).query).toBe(false);
    expect(permission([noRuns, readRuns]).denyingRule()).toBe(noRuns);
  });

  it('takes manage for every action, when allowing and when denying', () => {
    expect(allowed([{ allow: ['manage'], on: ['runs'] }], 'erase', 'runs')).toBe(true);
    expect(allowed([readRuns, { deny: ['manage'], on: ['runs'] }], 'read', 'runs')).toBe(false);
  });

  it('takes an action for each of its named kinds, and a kind for nothing else', () => {
    const one: Rule = { allow: ['execute:refund'], on: ['automations'] };
    expect(allowed([{ allow: ['execute'], on: ['automations'] }], 'execute:refund', 'automations')).toBe(true);
    expect(allowed([one], 'execute:refund', 'automations')).toBe(true);
    expect(allowed([one], 'execute', 'automations')).toBe(false);
    expect(allowed([one], 'execute:charge', 'automations')).toBe(false);
  });

  it('is of the objects that the conditions say, with the caller in place of the variables', () => {
    const mine = permission([own], 'read', 'events');
    expect(mine.query).toEqual({ op: '=', field: 'actor.id', value: 'usr_ada' });
    expect([mine.allows({ actor: { id: 'usr_ada' } }), mine.allows({ actor: { id: 'usr_bob' } }), mine.allows({})]).toEqual([
      true,
      false,
      false,
    ]);
    const team = permission([{ allow: ['read'], on: ['events'], where: 'payload.team in ${user.groups}' }], 'read', 'events');
    expect(team.query).toEqual({ op: 'in', field: 'payload.team', values: ['/front', '/night'] });
    const past = permission(
      [{ allow: ['read'], on: ['events'], where: "time < ${now} and subject = 'guest/${user.email}'" }],
      'read',
      'events',
    );
    expect(past.query).toEqual({
      op: 'and',
      filters: [
        { op: '<', field: 'time', value: NOW },
        { op: '=', field: 'subject', value: 'guest/ada@hotel.example' },
      ],
    });
  });

  it.each([
    ['a variable without a value', 'actor.id = ${key.id}'],
    ['a claim nobody made', "payload.site = 'x' or payload.site = ${claims.site}"],
    ['a list where one value must stand', "subject = 'team/${user.groups}'"],
    ['a value the operator does not go with', 'payload.total < ${user.groups}'],
    ['a time that is none', 'time < ${user.id}'],
    ['a variable that there is not', 'actor.id = ${nobody}'],
    ['a filter that cannot be read', 'payload.team ='],
  ])('fails closed on %s', (_, where) => {
    expect(permission([{ allow: ['read'], on: ['events'], where }], 'read', 'events').query).toBe(false);
    const all: Rule = { allow: ['read'], on: ['events'] };
    expect(permission([all, { deny: ['read'], on: ['events'], where }], 'read', 'events').query).toBe(false);
    expect(
      permission([all, { deny: ['read'], on: ['events'], where, fields: ['payload.name'] }], 'read', 'events').fields.show({
        payload: { name: 'a', b: 1 },
      }),
    ).toEqual({
      payload: { b: 1 },
    });
  });

  it('is of nothing where a list of the caller is empty, alone and among other conditions', () => {
    const nobody = { principal: { ...ada, groups: [] } };
    const query = (where: string) => permission([{ allow: ['read'], on: ['events'], where }], 'read', 'events', nobody).query;
    expect(query('payload.team in ${user.groups}')).toBe(false);
    expect(query("payload.team in ${user.groups} and type = 'a'")).toBe(false);
    expect(query("payload.team != ${user.groups} and type = 'a'")).toEqual({ op: '=', field: 'type', value: 'a' });
  });

  it('is of the user topics the caller is in, once somebody has found them out', () => {
    const rules: Rule[] = [{ allow: ['read'], on: ['events'], where: 'target.topic = ${user.topics}' }];
    const unknown = permission(rules, 'read', 'events');
    expect([unknown.query, unknown.topics]).toEqual([false, undefined]);
    const crew = unknown.inTopics(['crew']);
    expect([crew.allows({ target: { topic: 'crew' } }), crew.allows({ target: { topic: 'other' } }), crew.topics]).toEqual([
      true,
      false,
      ['crew'],
    ]);
    const key = permission(rules, 'read', 'events', { principal: { kind: 'key', id: 'key_1', roles: [] } });
    expect(key.inTopics(['crew']).query).toBe(false);
  });

  it('goes with the time when a rule speaks of it, and is the same one otherwise', () => {
    const past = permission([{ allow: ['read'], on: ['events'], where: 'time < ${now}' }], 'read', 'events');
    expect([past.at(NOW), past.at(NOW + 1).query]).toEqual([past, { op: '<', field: 'time', value: NOW + 1 }]);
    const always = permission([own], 'read', 'events');
    expect(always.at(NOW + 1)).toBe(always);
  });

  it('grows by the rules that are added, and denying ones among them win', () => {
    const none = permission([]);
    expect([none.with([readRuns]).query, none.with([readRuns, { deny: ['read'], on: ['runs'] }]).query, none.query]).toEqual([
      true,
      false,
      false,
    ]);
  });

  it('is the same one for the same list of rules', () => {
    const [none, more] = [permission([]), [readRuns]];
    expect(none.with(more)).toBe(none.with(more));
    expect(none.with([readRuns])).not.toBe(none.with(more));
  });

  it('is of a key by its own id, and of a person by none', () => {
    const rules: Rule[] = [{ allow: ['read'], on: ['events'], where: 'actor.id = ${key.id}' }];
    const key: Principal = { kind: 'key', id: 'key_1', roles: [], workspace: 'ws_1' };
    expect(permission(rules, 'read', 'events', { principal: key }).query).toEqual({ op: '=', field: 'actor.id', value: 'key_1' });
    expect(permission(rules, 'read', 'events').query).toBe(false);
  });

  it('fails closed on conditions on what nobody looks at one by one', () => {
    expect(permission([{ allow: ['read'], on: ['secrets'], where: "type = 'a'" }], 'read', 'secrets').query).toBe(false);
    const hidden = permission(
      [
        { allow: ['read'], on: ['secrets'] },
        { deny: ['read'], on: ['secrets'], fields: ['value'] },
      ],
      'read',
      'secrets',
    );
    expect(hidden.fields.open).toBe(false);
    expect(permission([{ allow: ['read'], on: ['runs'], fields: ['id'] }]).query).toBe(false);
  });

  it('does not take an e-mail address that nobody verified for the caller', () => {
    const rules: Rule[] = [{ allow: ['read'], on: ['events'], where: 'payload.email = ${user.email}' }];
    expect(permission(rules, 'read', 'events', { principal: { ...ada, verified: false } }).query).toBe(false);
    expect(permission(rules, 'read', 'events').query).not.toBe(false);
  });

  it('reads claims by name and by path, own keys only', () => {
    const principal = { ...ada, claims: { 'a.b': 'flat', org: { unit: 'spa' }, list: ['x', 1], odd: [{}] } };
    const query = (name: string) =>
      permission([{ allow: ['read'], on: ['events'], where: `payload.x = \${claims.${name}}` }], 'read', 'events', { principal }).query;
    expect(query('a.b')).toMatchObject({ value: 'flat' });
    expect(query('org.unit')).toMatchObject({ value: 'spa' });
    expect(query('list')).toMatchObject({ op: 'in', values: ['x', 1] });
    expect([query('odd'), query('constructor'), query('org.constructor'), query('org')]).toEqual([false, false, false, false]);
  });

  it('ends where the scopes of the credential end, or its workspace', () => {
    const rules = BUILT_IN_ROLES.owner;
    const within = (scopes: readonly string[], action: string, subject: string) =>
      permission(rules, action, subject, { principal: { ...ada, scopes } }).query;
    expect(within(['read:events'], 'read', 'events')).toBe(true);
    expect(within(['read:events'], 'create', 'events')).toBe(false);
    expect(within(['manage:*'], 'create', 'events')).toBe(true);
    expect(within(['*:events'], 'read', 'runs')).toBe(false);
    expect(within(['execute:refund:automations'], 'execute:refund', 'automations')).toBe(true);
    expect(within(['execute:automations'], 'execute:refund', 'automations')).toBe(true);
    expect([within([], 'read', 'events'), within(['nonsense'], 'read', 'events')]).toEqual([false, false]);
    expect(permission(rules, 'read', 'events', { principal: { ...ada, kind: 'key', workspace: 'ws_2' } }).shut).toContain(
      'another workspace',
    );
  });

  it('is of owners and operators alone in a suspended workspace, and to read', () => {
    const rules = BUILT_IN_ROLES.owner;
    const suspended = (more: Partial<Standing>, action = 'read') => permission(rules, action, 'runs', { suspended: true, ...more }).query;
    expect([suspended({}), suspended({ owner: true }), suspended({ owner: true }, 'delete')]).toEqual([false, true, false]);
    for (const role of ['platform-operator', 'platform-admin']) {
      expect(suspended({ principal: { ...ada, roles: ['person', role] } })).toBe(true);
    }
    expect(suspended({ principal: { ...ada, roles: ['person'] } })).toBe(false);
  });

  it('of members and roles cannot be denied to owners', () => {
    const rules: Rule[] = [...BUILT_IN_ROLES.owner, { deny: ['manage'], on: ['members', 'roles', 'keys'] }];
    expect(permission(rules, 'manage', 'members', { owner: true }).query).toBe(true);
    expect(permission(rules, 'read', 'roles', { owner: true }).query).toBe(true);
    expect(permission(rules, 'read', 'keys', { owner: true }).query).toBe(false);
    expect(permission(rules, 'manage', 'members').query).toBe(false);
  });
});

describe('what a permission demands', () => {
  it('names the roles that would allow it', () => {
    expect(refused(() => demandSome(permission([], 'publish', 'versions'))).facts['roles']).toEqual(['editor', 'owner']);
    expect(rolesThatAllow('read', 'versions', { auditor: [{ allow: ['read'], on: ['versions'] }], nobody: [] })).toEqual(['auditor']);
  });

  it('says what was refused, why, and which roles would help', () => {
    const rules: Rule[] = [{ deny: ['delete'], on: ['runs'], reason: 'Runs are kept for the audit.' }];
    expect(refused(() => demandAll(permission(rules, 'delete')))).toMatchObject({
      code: 'runs.delete_denied',
      refusal: 'forbidden',
      message: 'You may not delete runs here. Runs are kept for the audit.',
      facts: { action: 'delete', subject: 'runs', roles: ['owner'], reason: 'Runs are kept for the audit.' },
    });
  });

  it('tells a missing rule from a denying one without a reason, and from one that allows in part', () => {
    expect(refused(() => demandAll(permission([], 'erase'))).message).toBe(
      'You may not erase runs here. No rule of yours allows it. Ask an owner of the workspace for one of these roles: owner.',
    );
    expect(refused(() => demandAll(permission([{ deny: ['read'], on: ['runs'] }]))).message).toContain(
      'A rule of the workspace forbids it.',
    );
    const part: Rule[] = [{ allow: ['read'], on: ['runs'], where: "automation = 'greet'" }];
    expect(refused(() => demandAll(permission(part))).message).toContain('in part only');
    expect(refused(() => demandOn(permission(part), { automation: 'check' })).message).toContain('in part only');
    demandSome(permission(part));
    demandOn(permission(part), { automation: 'greet' });
    expect(refused(() => demandAll(permission([{ allow: ['read'], on: ['events'], fields: ['payload'] }], 'read', 'events'))).code).toBe(
      'events.read_denied',
    );
  });

  it('says of one object which rule keeps the caller from it', () => {
    const rules: Rule[] = [
      { allow: ['read'], on: ['runs'] },
      { deny: ['read'], on: ['runs'], where: "automation = 'pay'", reason: 'Payments are nobody’s business.' },
    ];
    demandOn(permission(rules), { automation: 'greet' });
    expect(refused(() => demandOn(permission(rules), { automation: 'pay' }))).toMatchObject({
      ...{ code: 'runs.read_denied', facts: { reason: 'Payments are nobody’s business.' } },
    });
  });

  it('keeps the code stable for named kinds of an action', () => {
    const error = refused(() => demandAll(permission([], 'execute:refund', 'automations'), {}));
    expect(error.code).toBe('automations.execute_denied');
    expect(error.facts).toEqual({ action: 'execute:refund', subject: 'automations', roles: [] });
    expect(error.message).toContain('No role does.');
  });

  it('tells the credential that has no scope for it', () => {
    const narrow = permission(BUILT_IN_ROLES.owner, 'read', 'runs', { principal: { ...ada, scopes: ['read:events'] } });
    expect(refused(() => demandSome(narrow)).message).toContain('read:runs');
  });
});

describe('the fields of a permission', () => {
  const guest = {
    id: 'evt_1',
    type: 'guests.arrived',
    payload: { name: 'Lin', room: 7, card: { number: '4111', until: '12/28' } },
    actor: { id: 'a' },
  };
  const fields = (...rules: Rule[]) => permission(rules, 'read', 'events').fields;
  const all: Rule = { allow: ['read'], on: ['events'] };

  it('are all of them when no rule names any', () => {
    expect(fields(all).open).toBe(true);
    expect(fields(all).show(guest)).toBe(guest);
    expect(fields(all).mayAsk('payload.name')).toBe(true);
  });

  it('are those an allowing rule names, and what tells objects apart', () => {
    const rooms = fields({ ...all, fields: ['payload.room'] });
    expect(rooms.show(guest)).toEqual({ id: 'evt_1', type: 'guests.arrived', payload: { room: 7 } });
    expect([rooms.mayAsk('payload.room'), rooms.mayAsk('payload.name'), rooms.mayAsk('type'), rooms.mayAsk('actor.id')]).toEqual([
      true,
      false,
      true,
      false,
    ]);
  });

  it('are of all allowing rules that match, minus those of the denying ones', () => {
    const both = fields(
      { ...all, fields: ['payload.room'] },
      { ...all, fields: ['payload.card'], where: 'payload.room = 7' },
      { deny: ['read'], on: ['events'], fields: ['payload.card.number'] },
    );
    expect(both.show(guest)).toEqual({ id: 'evt_1', type: 'guests.arrived', payload: { room: 7, card: { until: '12/28' } } });
    expect(both.show({ ...guest, payload: { ...guest.payload, room: 8 } }).payload).toEqual({ room: 8 });
    expect([both.mayAsk('payload.card.until'), both.mayAsk('payload.card'), both.mayAsk('payload.room')]).toEqual([false, false, true]);
  });

  it('may not be asked for when something of them is hidden anywhere', () => {
    const hiding = fields(all, { deny: ['read'], on: ['events'], fields: ['payload.card.number'], where: "type = 'guests.*'" });
    expect([hiding.mayAsk('payload.card'), hiding.mayAsk('payload.card.number.x'), hiding.mayAsk('payload.cards')]).toEqual([
      false,
      false,
      true,
    ]);
  });

  it('of lists are those of each item', () => {
    const lines = {
      payload: {
        lines: [
          { sku: 'a', cost: 1 },
          { sku: 'b', cost: 2 },
        ],
      },
    };
    expect(fields(all, { deny: ['read'], on: ['events'], fields: ['payload.lines.cost'] }).show(lines)).toEqual({
      payload: { lines: [{ sku: 'a' }, { sku: 'b' }] },
    });
    expect(fields({ ...all, fields: ['payload.lines.sku'] }).show(lines)).toEqual({ payload: { lines: [{ sku: 'a' }, { sku: 'b' }] } });
  });

  it('cannot be denied where they tell objects apart', () => {
    expect(fields(all, { deny: ['read'], on: ['events'], fields: ['id', 'payload'] }).show(guest)).toEqual({
      id: 'evt_1',
      type: 'guests.arrived',
      actor: { id: 'a' },
    });
  });

  const written = { type: 'guests.arrived', payload: { name: 'Lin', 'a/b': {}, card: { number: '4111' }, lines: [{ sku: 'a', cost: 1 }] } };

  it('keep what may not be written, and say where it is', () => {
    const card: Rule = { deny: ['read'], on: ['events'], fields: ['payload.card', 'payload.lines.cost'], where: 'payload.room = 7' };
    expect(fields(all).refused(guest, written)).toEqual([]);
    expect(fields(all, card).refused(guest, written)).toEqual(['/payload/card', '/payload/lines/0/cost']);
    expect(fields(all, card).refused({ ...guest, payload: { room: 8 } }, written)).toEqual([]);
    expect(fields({ ...all, fields: ['payload.name', 'payload.lines.sku'] }).refused(guest, written)).toEqual([
      '/payload/card',
      '/payload/lines/0/cost',
    ]);
    expect(fields({ ...all, fields: ['key'] }).refused(guest, { payload: {} })).toEqual([]);
    expect(fields(all, { deny: ['read'], on: ['events'], fields: ['payload.a/b~c'] }).refused(guest, { payload: { 'a/b~c': 1 } })).toEqual([
      '/payload/a~1b~0c',
    ]);
  });

  it('keep even what tells objects apart from who may not write it, and all that is kept when nobody can say from whom', () => {
    expect(fields(all, { deny: ['read'], on: ['events'], fields: ['id'] }).refused(guest, { id: 'evt_1' })).toEqual(['/id']);
    const broken: Rule = { deny: ['read'], on: ['events'], fields: ['payload.name'], where: 'actor.id = ${claims.none}' };
    expect(fields(all, broken).refused(guest, written)).toEqual(['/payload/name']);
  });

  it('refuse a writer with each place and the reason of the rule', () => {
    const hides = (reason?: string): Rule => ({ deny: ['read'], on: ['events'], fields: ['payload.card'], ...(reason && { reason }) });
    const denial = (...rules: Rule[]) =>
      refused(() => permission([all, ...rules], 'read', 'events').demandFields(guest, written, '/events/0'));
    const errors = [{ pointer: '/events/0/payload/card', code: 'events.read_denied', detail: expect.stringContaining('Leave it out') }];
    expect(denial(hides(), hides('Cards are for the office.'))).toMatchObject({
      ...{ code: 'events.read_denied', refusal: 'forbidden', message: expect.stringContaining('Cards are for the office.') },
      ...{ errors, facts: { reason: 'Cards are for the office.' } },
    });
    expect(denial(hides()).facts).toEqual({ action: 'read', subject: 'events' });
    expect(() => permission([all], 'read', 'events').demandFields(guest, written, '')).not.toThrow();
  });
});

describe('the built-in roles', () => {
  const names: readonly BuiltInRole[] = ['viewer', 'operator', 'editor', 'owner'];
  const may = (role: BuiltInRole, action: string, subject: string) => allowed(BUILT_IN_ROLES[role], action, subject);

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
  const may = (role: string, action: string, subject: string) => allowed(PLATFORM_ROLES[role] ?? [], action, subject);

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
