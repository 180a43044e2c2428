import { describe, expect, it } from '@jest/globals';
import { importArchive } from '../convert/archive';
import { check } from './check';

const INHERITED = ['constructor', 'toString', 'hasOwnProperty', '__defineGetter__', 'valueOf'];

describe('names that every object has', () => {
  it.each(INHERITED)('call nothing: %s', (name) => {
    for (const compat of ['none', 'prisme']) {
      const problems = check({ automations: [{ file: 'a.yaml', text: `compat: ${compat}\ndo:\n  - ${name}: {}\n` }] });
      expect(problems.map(({ code, line }) => `${code} ${line}`)).toEqual(['automation-unknown 3']);
    }
  });

  it.each(INHERITED)('are no keys of an automation: %s', (name) => {
    const problems = check({ automations: [{ file: 'a.yaml', text: `do: []\n${name}: '{% 1 + %}'\n` }] });
    expect(problems.map(({ code, line }) => `${code} ${line}`)).toEqual(['key-unknown 2']);
  });

  it.each(INHERITED)('are read as they are from an archive: %s', (name) => {
    const security = `authorizations:\n  rules:\n    - { action: ${name}, subject: ${name}, conditions: { a: ${name} } }\n`;
    const { files } = importArchive({ 'index.yml': 'name: W\n', 'security.yml': security });
    expect(files['roles.yaml']).toContain(name);
  });
});
