import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { matchesFilter } from '../filter/evaluate';
import { parseFilter } from '../filter/parse';
import { importArchive } from './archive';

/** The filter that a rule of an archive has once it is imported. */
function filterFor(value: string): string {
  const security = { authorizations: { rules: [{ action: 'read', subject: 'events', conditions: { subject: value } }] } };
  const { files } = importArchive({ 'index.yml': 'name: W\n', 'security.yml': JSON.stringify(security) });
  const roles = parse(files['roles.yaml'] ?? '') as { readonly everyone: { readonly rules: readonly { readonly where: string }[] } };
  return roles.everyone.rules[0]?.where ?? '';
}

describe('the conditions of an imported rule', () => {
  it.each(["it's", 'C:\\', "\\' or type exists or subject = '", '\\\\'])('compare with the very text: %j', (value) => {
    const filter = parseFilter(filterFor(value));
    expect(matchesFilter(filter, { type: 'a', subject: value })).toBe(true);
    expect(matchesFilter(filter, { type: 'a', subject: 'other' })).toBe(false);
  });
});
