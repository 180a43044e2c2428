import { describe, expect, it } from '@jest/globals';
import { create, type DescField, type DescMessage, type DescMethod } from '@bufbuild/protobuf';
import { reflect } from '@bufbuild/protobuf/reflect';
import * as contracts from './index';
import { isName } from './names';

const methods: readonly DescMethod[] = Object.values(contracts).flatMap((value) =>
  typeof value === 'object' && 'methods' in value ? value.methods : [],
);

/** Each name of each request, those of messages in it included: the keys that lead there. */
const namesIn = (schema: DescMessage, before: readonly DescField[] = []): readonly (readonly DescField[])[] =>
  schema.fields.flatMap((field) => {
    if (isName(field)) return [[...before, field]];
    const isMessage = field.fieldKind === 'message' || (field.fieldKind === 'list' && field.listKind === 'message');
    return isMessage && before.length < 4 ? namesIn(field.message, [...before, field]) : [];
  });

const rows = methods.flatMap(({ parent, localName, input }) =>
  namesIn(input).map((path) => ({ where: `${parent.name}.${localName} ${path.map(({ jsonName }) => jsonName).join('.')}`, input, path })),
);

/** A request that has the text there, and nothing else. */
const requestWith = (schema: DescMessage, [field, ...rest]: readonly DescField[], text: string) => {
  const message = create(schema);
  const reflected = reflect(schema, message);
  const inner = field?.message === undefined ? undefined : reflect(field.message, requestWith(field.message, rest, text));
  if (field?.fieldKind === 'list') reflected.get(field).add(inner ?? text);
  else if (field !== undefined) reflected.set(field, inner ?? text);
  return message;
};

describe('a name with a character that nobody sees', () => {
  it('is looked for in all requests', () => {
    const found = rows.map(({ where }) => where);
    expect(found.length).toBeGreaterThan(200);
    expect(found).toEqual(
      expect.arrayContaining([
        'WorkspacesService.createWorkspace name',
        'WorkspacesService.updateAutomation newSlug',
        'RightsService.putRole role',
        'KeysService.createKey name',
        'EventsService.emitEvents events.type',
        'FilesService.updateFile name',
      ]),
    );
  });

  it.each(rows)('is refused: $where', ({ input, path }) => {
    for (const character of ['\u0000', '\u0007', '\n', '\u007f', '\u0085', '\u202e', '\u2066', '\u2028']) {
      const problems = contracts.problemsOf(input, requestWith(input, path, `ab${character}c`));
      const code = character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0');
      expect(problems.filter((problem) => problem.code === 'string.unseen')).toEqual([
        {
          pointer: `/${path.map(({ jsonName, fieldKind }) => (fieldKind === 'list' ? `${jsonName}/0` : jsonName)).join('/')}`,
          code: 'string.unseen',
          detail: `${path.at(-1)?.jsonName} has the character U+${code} at place 3, which nobody sees: a control or a change of direction. Take it away.`,
        },
      ]);
    }
  });

  it('is taken from whoever sends a file', () => {
    const { input } = contracts.FilesService.method.commitFile;
    expect(contracts.problemsOf(input, create(input, { workspaceId: 'w', ref: 'r', name: 'a\u202eb' }))).toEqual([]);
  });

  it.each(['Ångström', 'مرحبا', '名前', '👩‍👩‍👧', 'a\u200fb'])('is none of the letters and marks of any language: %s', (name) => {
    const { input } = contracts.WorkspacesService.method.createWorkspace;
    expect(contracts.problemsOf(input, create(input, { name }))).toEqual([]);
  });
});
