import { describe, expect, it } from '@jest/globals';
import { readWorkspace } from './read-workspace';

function problemsIn(text: string): readonly string[] {
  const { problems } = readWorkspace({ automations: [], installed: { file: 'apps.yaml', text } });
  return problems.map(({ code, file, line, column }) => `${code} ${file}:${line}:${column}`);
}

describe('apps.yaml', () => {
  it('names an app for each instance, and may say more of it', () => {
    expect(problemsIn('crm: { app: contacts, version: 1.x, config: { any: thing }, labels: [eu], shares: [global.theme] }\n')).toEqual([]);
  });

  it('is read as strictly as all else', () => {
    expect(problemsIn('crm:\n  app: contacts\n  verion: 1\nmail: {}\n')).toEqual([
      'key-unknown apps.yaml:3:3',
      'key-missing apps.yaml:4:7',
    ]);
    expect(problemsIn('- crm\n')).toEqual(['value-type apps.yaml:1:1']);
    expect(problemsIn('crm: [\n')).toContainEqual(expect.stringContaining('yaml-syntax apps.yaml:'));
  });
});
