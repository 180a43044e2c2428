import { describe, expect, it } from '@jest/globals';
import { importArchive } from '../convert/archive';
import { parseYaml } from './parse-yaml';

const DASHES = '- '.repeat(10_000);
const DEEP: readonly (readonly [string, string])[] = [
  ['of one item', `do:\n  ${DASHES}x\n`],
  ['that go on further up', `do:\n  ${DASHES}x\n  - y\n`],
  ['with a key behind them', `do:\n  ${DASHES}x\noutput: 1\n`],
  ['between brackets', `do: ${'['.repeat(10_000)}${']'.repeat(10_000)}\n`],
  ['never closed', `do: ${'{a: '.repeat(10_000)}`],
];

describe('lists that are nested ten thousand deep', () => {
  it.each(DEEP)('%s are refused, not fallen over', (_, text) => {
    const { tree, problems } = parseYaml(text, 'automations/a.yaml');
    expect(tree).toBeUndefined();
    expect(problems).toContainEqual(expect.objectContaining({ code: 'yaml-limit', severity: 'error' }));
  });

  it.each(DEEP)('%s are refused in an archive, too', (_, text) => {
    const { report } = importArchive({ 'index.yml': 'name: W\n', 'automations/a.yml': text });
    expect(report).toContainEqual(expect.objectContaining({ file: 'automations/a.yml', outcome: 'refused' }));
  });
});
