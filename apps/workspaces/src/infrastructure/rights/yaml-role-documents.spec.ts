import { describe, expect, it } from '@jest/globals';
import { YamlRoleDocuments } from './yaml-role-documents';

const read = (text: string) => new YamlRoleDocuments().read(text);

describe('roles in a file', () => {
  it('say of each role what a call would', () => {
    const text = [
      'desk:',
      '  title: Front desk',
      '  inherits: [viewer]',
      '  rules:',
      '    - { allow: [read], on: [events], where: "type = \'a.b\'", fields: [payload.room] }',
      '    - { deny: [read], on: [files], reason: Not here., onDuplicate: drop }',
      '  grants:',
      '    - { claim: groups, contains: /desk }',
      '    - { claim: email, equals: a@hotel.test }',
      '    - { claim: level, prefix: gold }',
      'guests:',
    ];
    expect(read(text.join('\n'))).toEqual({
      desk: {
        title: 'Front desk',
        inherits: ['viewer'],
        rules: [
          { allow: ['read'], on: ['events'], where: "type = 'a.b'", fields: ['payload.room'] },
          { deny: ['read'], on: ['files'], reason: 'Not here.', onDuplicate: 'drop' },
        ],
        claims: [
          { claim: 'groups', contains: '/desk' },
          { claim: 'email', equals: 'a@hotel.test' },
          { claim: 'level', prefix: 'gold' },
        ],
      },
      guests: { title: '', inherits: [], rules: [], claims: [] },
    });
    expect(read('')).toEqual({});
  });

  it('leave out what every workspace has, as long as nothing is said of it', () => {
    expect(Object.keys(read('owner: { title: Boss }\neditor:\nmine: {}\n'))).toEqual(['mine']);
    expect(Object.keys(read('editor: { inherits: [owner] }\n'))).toEqual(['editor']);
  });

  it.each([
    ['a rule that allows and denies', 'a-b: { rules: [{ allow: [read], deny: [read], on: [files] }] }', '/a-b/rules/0'],
    ['a rule that does neither', 'a-b: { rules: [{ on: [files] }] }', '/a-b/rules/0'],
    ['a grant that compares twice', 'a-b: { grants: [{ claim: c, equals: x, prefix: y }] }', '/a-b/grants/0'],
    ['a name that no role may have', 'Desk: {}', '/Desk'],
    ['a field that roles do not have', 'a-b: { rights: [] }', '/a-b'],
    ['a list', '- a', '/'],
    ['a key that stands there twice', 'a-b: {}\na-b: {}', ''],
    ['an anchor that is nowhere', 'a-b: *nowhere', ''],
    ['more aliases than anybody needs', `a-b: &a { title: x }\n${Array.from({ length: 60 }, (_, n) => `c-${n}: *a`).join('\n')}`, ''],
  ])('refuse %s', (_, text, pointer) => {
    const refused = { code: 'workspaces.role_invalid', errors: [expect.objectContaining({ pointer })] };
    expect(() => read(text)).toThrow(expect.objectContaining(refused));
  });
});
