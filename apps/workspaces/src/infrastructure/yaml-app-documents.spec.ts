import { describe, expect, it } from '@jest/globals';
import type { Installed } from '../domain/apps/installed';
import { YamlAppDocuments } from './yaml-app-documents';

const documents = new YamlAppDocuments();
const crm: Installed = { slug: 'crm', app: 'contacts', range: '^1.0.0', config: {}, disabled: false, labels: [] };
const WRITTEN = `# What the shop stands on.
mail: { app: post, version: 1.x, shares: [ global.theme ] } # the old one

crm:
  app: contacts # do not touch
  version: ^1.0.0
`;

describe('apps.yaml', () => {
  it('is read with what is left out', () => {
    expect(documents.installedIn(WRITTEN)).toEqual([
      { slug: 'mail', app: 'post', range: '1.x', config: {}, disabled: false, labels: [] },
      crm,
    ]);
    expect(documents.installedIn('')).toEqual([]);
  });

  it('keeps its comments, its order and what nobody changes', () => {
    expect(documents.withInstalled(WRITTEN, 'crm', crm)).toBe(WRITTEN);
    const changed = documents.withInstalled(WRITTEN, 'crm', { ...crm, range: '2.x', config: { a: 1 } });
    expect(changed).toContain('# do not touch');
    expect(changed).toContain('shares: [ global.theme ]');
    expect(documents.installedIn(changed)[1]).toEqual({ ...crm, range: '2.x', config: { a: 1 } });
  });

  it('loses an entry that is removed, and everything with the last one', () => {
    const left = documents.withInstalled(WRITTEN, 'mail', undefined);
    expect(documents.installedIn(left)).toEqual([crm]);
    expect(documents.withInstalled(left, 'crm', undefined)).toBe('');
    expect(documents.installedIn(documents.withInstalled('', 'crm', crm))).toEqual([crm]);
  });

  it.each(['- a', 'crm: {}', 'Crm: { app: a }', 'crm: { app: [1] }', 'crm: ['])('refuses %j', (text) => {
    expect(() => documents.installedIn(text)).toThrow(expect.objectContaining({ code: 'apps.lock_invalid' }));
  });

  it('is refused with the places in it', () => {
    expect(() => documents.installedIn('crm: { app: [1] }\nMail: { app: a }\n')).toThrow('apps.yaml cannot be read: /crm/app: ');
  });

  it.each([
    ['expands without end', `a: &a [x, x]\nb: [${'*a, '.repeat(60)}]\n`],
    ['is nested without end', `crm: { app: a, config: ${'{ a: '.repeat(40)}1${' }'.repeat(40)} }\n`],
  ])('is refused when it %s', (_, text) => {
    expect(() => documents.installedIn(text)).toThrow(expect.objectContaining({ code: 'apps.lock_invalid' }));
    expect(() => documents.lockIn(text)).toThrow(expect.objectContaining({ code: 'apps.lock_invalid' }));
  });
});

describe('apps.lock', () => {
  it('says the same of the same, whatever the order', () => {
    const a = { app: 'a', version: '1.0.0', digest: 'd', consent: 'c' };
    const b = { ...a, app: 'b' };
    expect(documents.lockText({ a, b })).toBe(documents.lockText({ b, a }));
    expect(documents.lockIn(documents.lockText({ a, b }))).toEqual({ a, b });
    expect(documents.lockText({})).toBe('');
    expect(() => documents.lockIn('crm: { app: a, evil: true }')).toThrow(expect.objectContaining({ code: 'apps.lock_invalid' }));
  });
});

describe('a configuration', () => {
  const schema = { properties: { url: { type: 'string', pattern: '^https' }, most: { type: 'integer' } }, required: ['url'] };

  it('has to fit the schema of the app; what a secret stands for is nobody’s to say', () => {
    expect(documents.configProblems(schema, { url: 'http://x', most: 'a' }).map(({ pointer }) => pointer)).toEqual(['/url', '/most']);
    expect(documents.configProblems(schema, { url: '{{secret.URL}}' })).toEqual([]);
    expect(documents.configProblems({}, { any: 'thing' })).toEqual([]);
    expect(documents.configProblems({ pattern: '(' }, {})).toHaveLength(1);
  });
});

describe('the contract of an app', () => {
  it('counts the secrets of its configuration, and what its author names', () => {
    const files = [
      { path: 'workspace.yaml', text: "config: { value: { key: '{{secret.OF_CONFIG}}' } }\npermissions: { hosts: [a.example] }\n" },
      { path: 'apps.yaml', text: "mail: { app: post, config: { key: '{{secret.OF_MAIL}}' } }\n" },
      { path: 'automations/call.yaml', text: "name: { fr: Appel }\ndo: [{ fetch: { url: '{{url}}' } }]\n" },
      { path: 'automations/own.yaml', text: 'private: true\ndo: []\n' },
      { path: 'events/a.b.yaml', text: 'title: A\n' },
    ];
    const contract = documents.contractOf(files);
    expect(contract).toMatchObject({ automations: [{ slug: 'call', name: 'Appel', arguments: {} }], events: ['a.b'] });
    expect(contract.permissions).toMatchObject({ hosts: ['a.example'], secrets: ['OF_CONFIG', 'OF_MAIL'] });
  });
});
