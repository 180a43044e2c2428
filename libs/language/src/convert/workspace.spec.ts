import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import type { Json, JsonMap } from '@millrace/kernel';
import { convertAutomation } from './automation';
import { convertImports, convertIndex, convertSecurity } from './workspace';

const read = (files: Readonly<Record<string, string>>): JsonMap =>
  Object.fromEntries(Object.entries(files).map(([file, text]) => [file, parse(text) as Json]));

describe('an index of Prisme.ai', () => {
  it.each<[JsonMap, JsonMap]>([
    [{}, {}],
    [{ events: 'none' }, {}],
    [{ events: { types: [] } }, {}],
    [
      { events: { 'order paid': { title: 'Paid', schema: { type: 'object' } } } },
      { 'events/order_paid.yaml': { type: 'order_paid', title: 'Paid', schema: { type: 'object' } } },
    ],
    [{ events: { types: { told: null } } }, { 'events/told.yaml': { type: 'told' } }],
  ])('%j declares events', (index, events) => {
    expect(read(convertIndex(index).files)).toEqual({ 'workspace.yaml': { language: 1, compat: 'prisme' }, ...events });
  });

  it('tells what is not taken over', () => {
    expect(convertIndex({ name: 'a', blocks: [], id: 'x', automations: {} }).unused).toEqual(['blocks', 'id']);
  });
});

describe('imports of Prisme.ai', () => {
  it('become instances under their slugs', () => {
    const imports = { 'crm-file': { slug: 'crm', appSlug: 'CRM', config: { key: 1 } }, mail: { disabled: true, appVersion: null } };
    expect(read(convertImports(imports))).toEqual({
      'apps.yaml': { crm: { app: 'CRM', config: { key: 1 } }, mail: { app: 'mail', disabled: true } },
    });
  });

  it('without any make no file', () => {
    expect(convertImports({})).toEqual({});
  });
});

describe('rights of Prisme.ai', () => {
  const roles = (security: JsonMap): Json => read(convertSecurity(security).files)['roles.yaml'] ?? null;

  it('are rules of roles, those of none are for everyone', () => {
    const security = {
      roles: { editor: { title: 'Editors' }, guest: null },
      rules: [
        { role: ['editor', 'guest'], action: ['get_usage', 'read'], subject: 'events' },
        { role: 'editor', action: 'write', subject: ['pages', 'files'], conditions: { n: 1, open: false }, reason: 'because' },
        {
          action: 'manage_permissions',
          subject: 'workspaces',
          inverted: true,
          conditions: { by: "it's", who: '${user.id}', where: '${workspaceId}' },
        },
        'no rule',
      ],
    };
    expect(roles(security)).toEqual({
      editor: {
        title: 'Editors',
        rules: [
          { allow: ['aggregate', 'read'], on: ['events'] },
          { allow: ['update'], on: ['pages', 'files'], where: 'n = 1 and open = false', reason: 'because' },
        ],
      },
      guest: { rules: [{ allow: ['aggregate', 'read'], on: ['events'] }] },
      everyone: {
        rules: [{ deny: ['manage'], on: ['workspaces'], where: "by = 'it\\'s' and who = '${user.id}' and where = '${workspace.id}'" }],
      },
    });
  });

  it('whose conditions say more than a filter can are told, not guessed', () => {
    const { files, unused } = convertSecurity({ authorizations: { rules: [{ action: 'read', conditions: { a: { $in: [1] } } }] } });
    expect([read(files), unused]).toEqual([{ 'roles.yaml': {} }, [expect.stringContaining('its conditions say more than a filter can')]]);
  });

  it.each<[JsonMap]>([[{}], [{ authorizations: 'none' }], [{ roles: [], rules: {} }]])('of %j are none', (security) => {
    expect(roles(security)).toEqual({});
  });
});

describe('an automation of Prisme.ai', () => {
  it.each([
    ['when: { endpoint: { methods: get } }\ndo: []', 'access: public'],
    ['when: { endpoint: true }\ndo: []', 'access: public'],
    ['when:\n  endpoint: hook\ndo: []', 'path: hook'],
    ['when: { events: [{ event: order paid }, order paid] }\ndo: []', 'order_paid'],
  ])('%j is translated', (text, part) => {
    const { text: made, changes } = convertAutomation(text, 'automations/a.yaml');
    expect(made).toContain(part);
    expect(changes).toHaveLength(1);
  });

  it.each([
    'when: { endpoint: false }\ndo: []',
    'when: { endpoint: { access: members } }\ndo: []',
    'when: { events: [1, told] }\ndo: []',
    'do: []',
  ])('%j stays as it is', (text) => {
    expect(convertAutomation(text, 'automations/a.yaml')).toMatchObject({ text, changes: [] });
  });
});
