import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import type { Edit, Problem } from '@millrace/language';
import { TestFolder } from '../../testing/folder';
import { typed } from '../../testing/typed';

const REPOSITORY = fileURLToPath(new URL('../../../..', import.meta.url));

const PLANTED = `name: Twelve mistakes
descripton: The key of this line is misspelt
when:
  event: [orders.*.paid]
  schedules:
    - cron: 0 7 * * *
      overlap: skp
do:
  - set: { name: total, valeu: '{{payload.total}}' }
  - emitt:
      event: orders.order.seen
  - conditions:
      '{{total}} > 10 and uper({{payload.name}}) == "A"':
        - brek: {}
  - fetch:
      url: https://example.com
      outputMode: bodi
      output: answer
  - wait:
      oneOf: [{ event: a.b, filtrs: {} }]
      timeout: 1m
      onTimeout: fial
output: '{% flooor({{total}}) %} {{answer}}'
priority: hihg
`;

const MISTAKES = [
  [2, 1, 'key-unknown', 'description'],
  [4, 3, 'key-unknown', 'events'],
  [7, 16, 'value-invalid', 'skip'],
  [9, 25, 'key-unknown', 'value'],
  [10, 5, 'automation-unknown', 'emit'],
  [13, 27, 'function-unknown', 'upper'],
  [14, 11, 'automation-unknown', 'break'],
  [17, 19, 'value-invalid', 'body'],
  [20, 29, 'key-unknown', 'filters'],
  [22, 18, 'value-invalid', 'fail'],
  [23, 13, 'function-unknown', 'floor'],
  [24, 11, 'value-invalid', 'high'],
];

describe('a file with twelve mistakes', () => {
  it('gets twelve problems, each at its line and column and with a fix', async () => {
    using folder = new TestFolder({ 'automations/planted.yaml': PLANTED });
    const { code, output } = await typed(['check', '--json'], { folder: folder.path });
    expect(code).toBe(1);
    const found = serious(output).map(({ line, column, code: what, fix }) => [line, column, what, fix?.edits[0]?.text]);
    expect(found).toEqual(MISTAKES);
  });

  it('has none left once the fixes are made', async () => {
    using folder = new TestFolder({ 'automations/planted.yaml': PLANTED });
    const { output } = await typed(['check', '--json'], { folder: folder.path });
    folder.write(
      'automations/planted.yaml',
      mended(
        PLANTED,
        serious(output).flatMap(({ fix }) => fix?.edits ?? []),
      ),
    );
    const after = await typed(['check', '--json'], { folder: folder.path });
    expect(after.code).toBe(0);
    expect(serious(after.output)).toEqual([]);
  });
});

describe('the examples of the repository', () => {
  it('are clean', async () => {
    const { code, output } = await typed(['check', 'examples', '--json'], { folder: REPOSITORY });
    expect(code).toBe(0);
    expect(serious(output)).toEqual([]);
  });
});

function serious(output: string): readonly Problem[] {
  const { problems } = JSON.parse(output) as { readonly problems: readonly Problem[] };
  return problems.filter(({ severity }) => severity !== 'hint');
}

/** A text after edits, the last one first: so the places of the others stay right. */
function mended(text: string, edits: readonly Edit[]): string {
  return edits
    .toReversed()
    .reduce((lines, { line, column, endColumn, text: by }) => {
      const old = lines[line - 1] ?? '';
      return lines.with(line - 1, `${old.slice(0, column - 1)}${by}${old.slice(endColumn - 1)}`);
    }, text.split('\n'))
    .join('\n');
}
