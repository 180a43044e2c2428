import { describe, expect, it } from '@jest/globals';
import { TestFolder } from '../../testing/folder';
import { typed } from '../../testing/typed';

describe('millrace eval', () => {
  it.each([
    ['1 + 2', '3\n'],
    ['{% 1 + 2 %}', '3\n'],
    ['{{who}} + 1', 'Ada + 1\n'],
    ['"a" in ["a", "b"]', 'true\n'],
    ['Hello {{who}}', 'Hello Ada\n'],
    ['{{list}}', '[\n  1,\n  2\n]\n'],
  ])('evaluates %s', async (expr, output) => {
    using folder = new TestFolder({ 'vars.yaml': 'who: Ada\nlist: [1, 2]\n' });
    expect(await typed(['eval', expr, '--with', 'vars.yaml'], { folder: folder.path })).toEqual({ code: 0, output, notes: '' });
  });

  it('reads a condition when it is told to', async () => {
    const vars = '{"list": ["a", "b"]}';
    expect(await typed(['eval', '{{list.length}} > 1', '--condition', '--with', '-'], { input: vars })).toMatchObject({ output: 'true\n' });
    expect(await typed(['eval', '{{list.length}} > 2', '--condition', '--with', '-'], { input: vars })).toMatchObject({
      output: 'false\n',
    });
  });

  it('tells a missing value from null', async () => {
    expect(await typed(['eval', '{{nobody}}'])).toEqual({ code: 0, output: '', notes: 'missing: there is no value.\n' });
    const missing = await typed(['eval', '{{nobody}}', '--json']);
    expect(JSON.parse(missing.output)).toEqual({ id: '0', ok: true, value: null, missing: true });
    expect(await typed(['eval', 'null'])).toMatchObject({ output: 'null\n', notes: '' });
  });

  it('marks where an expression fails, counted in what was typed', async () => {
    expect(await typed(['eval', '2 + 1 / 0'])).toEqual({
      code: 1,
      output: '',
      notes: 'millrace: failed (language.expression_type)\n  `1 / 0` is no finite number.\n 1 | 2 + 1 / 0\n   |     ^\n',
    });
    const { code, output } = await typed(['eval', 'Sum: {% 1 / 0 %}', '--json']);
    expect(code).toBe(1);
    expect(JSON.parse(output)).toEqual({
      id: '0',
      ok: false,
      code: 'language.expression_type',
      message: '`1 / 0` is no finite number.',
      line: 1,
      column: 9,
    });
  });

  it('refuses variables that cannot be read', async () => {
    using folder = new TestFolder({ 'list.yaml': '[1]', 'torn.yaml': 'a: [1' });
    const at = { folder: folder.path };
    expect(await typed(['eval', '1', '--with', 'list.yaml'], at)).toMatchObject({
      code: 2,
      notes: expect.stringContaining('list.yaml holds no map.'),
    });
    expect(await typed(['eval', '1', '--with', 'torn.yaml'], at)).toMatchObject({
      code: 2,
      notes: expect.stringContaining('torn.yaml is neither JSON nor YAML'),
    });
    expect(await typed(['eval', '1', '--with', 'gone.yaml'], at)).toMatchObject({ code: 3 });
    expect(await typed(['eval', '1', '--with', '.'], at)).toMatchObject({ code: 2, notes: expect.stringContaining('. is a folder.') });
  });

  it('reads cases where nothing else is asked for, and refuses flags that would not reach them', async () => {
    const { code, output } = await typed(['eval', '--json'], { input: '- { expr: "{{a}}", vars: { a: 1 } }' });
    expect(code).toBe(0);
    expect(JSON.parse(output)).toEqual([{ id: '0', ok: true, value: 1 }]);
    expect(await typed(['eval', '--condition'], { input: 'expr: 1' })).toMatchObject({ code: 2 });
  });

  it('evaluates each line that a person types', async () => {
    expect(await typed(['eval'], { lines: ['1 + 1', '', '1 / 0'] })).toEqual({
      code: 0,
      output: '2\n',
      notes: expect.stringMatching(/^Each line is evaluated; Ctrl-D ends\.\n> > > millrace: failed [^]*> \n$/),
    });
  });

  it('shows how an expression is read, and of which type each piece is', async () => {
    const vars = '{"list": [1, 2]}';
    const ast = await typed(['eval', '{{list.length}} > upper("a")', '--condition', '--ast', '--with', '-'], { input: vars });
    expect(ast).toEqual({
      code: 0,
      notes: '',
      output: [
        'binary >      {{list.length}} > upper("a")',
        '  reference   {{list.length}}',
        '  call upper  upper("a")',
        '    literal   "a"',
        '',
      ].join('\n'),
    });
    const types = await typed(['eval', 'Sum: {% {{list[0]}} + 1 / 0 %}', '--types', '--with', '-'], { input: vars });
    expect(types).toMatchObject({
      code: 0,
      output: [
        'text                      Sum: ',
        'language.expression_type  {{list[0]}} + 1 / 0',
        'number                      {{list[0]}}',
        'language.expression_type    1 / 0',
        'number                        1',
        'number                        0',
        '',
      ]
        .map((line) => line.trimEnd())
        .join('\n'),
    });
  });

  it('shows pieces as JSON, with what distinguishes them and their places', async () => {
    const { code, output } = await typed(['eval', 'a not in {{b}}', '--ast', '--types', '--condition', '--json']);
    expect(code).toBe(0);
    expect(JSON.parse(output)).toEqual({
      id: '0',
      pieces: [
        {
          kind: 'in',
          negated: true,
          type: 'boolean',
          source: 'a not in {{b}}',
          at: 0,
          end: 14,
          pieces: [
            { kind: 'word', word: 'a', type: 'text', source: 'a', at: 0, end: 1, pieces: [] },
            { kind: 'reference', path: ['b'], type: 'missing', source: '{{b}}', at: 9, end: 14, pieces: [] },
          ],
        },
      ],
    });
  });

  it('tells what cannot be taken apart, and asks for an expression when there is none', async () => {
    expect(await typed(['eval', '1 +', '--ast'])).toMatchObject({ code: 1, output: '', notes: expect.stringContaining('1 | 1 +') });
    expect(await typed(['eval', '{{a(}}', '--types', '--json'])).toMatchObject({
      code: 1,
      output: expect.stringContaining('reference_syntax'),
    });
    expect(await typed(['eval', '--ast'])).toMatchObject({ code: 2, notes: expect.stringContaining('Which EXPR?') });
    expect(await typed(['eval', '--ast'], { input: 'expr: 1' })).toMatchObject({ code: 2 });
  });
});
