import { describe, expect, it } from '@jest/globals';
import { check } from '../check';

describe('the size of a file', () => {
  const long = (length: number, text: string): string => `${text}\n# ${'x'.repeat(length - text.length - 3)}`;
  const told = (length: number, largestSource?: number, limits = '{}') => {
    const workspace = { file: 'workspace.yaml', text: `limits: ${limits}` };
    const events = [{ file: 'events/told.yaml', text: long(length, 'type: told') }];
    const automations = [{ file: 'automations/a.yaml', text: long(length, 'do: []') }];
    const known = largestSource === undefined ? {} : { largestSource };
    return check({ workspace, automations, events }, known)
      .filter(({ code }) => code.includes('limit'))
      .map(({ file, code, severity, message }) => ({ file, code, severity, message }));
  };

  it('is at most what the server says, of automations and of declared events', () => {
    expect(told(800, 1_000)).toEqual([]);
    const message = 'The file has 1001 of at most 1000 characters (languageMaxSource). Split it.';
    expect(told(1_001, 1_000)).toEqual([
      { file: 'automations/a.yaml', code: 'yaml-limit', severity: 'error', message },
      { file: 'events/told.yaml', code: 'yaml-limit', severity: 'error', message },
    ]);
  });

  it('is at most what the workspace says, when that is less', () => {
    expect(told(901, 1_000, '{ languageMaxSource: 900 }')).toMatchObject([{ code: 'yaml-limit' }, { code: 'yaml-limit' }]);
    expect(told(1_001, 1_000, '{ languageMaxSource: 2000 }')).toMatchObject([{ code: 'yaml-limit' }, { code: 'yaml-limit' }]);
  });

  it('is warned of above four fifths; without a word it is what can be read', () => {
    const near = { code: 'limit-near', severity: 'warning', message: 'The file has 801 of at most 1000 characters.' };
    expect(told(801, 1_000)).toMatchObject([near, near]);
    expect(told(209_000)).toEqual([]);
    expect(told(210_000)).toMatchObject([{ code: 'limit-near' }, { code: 'limit-near' }]);
  });
});
