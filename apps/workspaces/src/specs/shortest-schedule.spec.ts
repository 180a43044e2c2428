import { describe, expect, it } from '@jest/globals';
import { LanguageChecker } from '../infrastructure/language-checker';

describe('the check of a schedule', () => {
  const told = (least: number) => {
    const file = { path: 'automations/a.yaml', text: 'when: { schedules: { every: 20s } }\ndo: []' };
    const checker = new LanguageChecker(least);
    return [checker.checkFile(file), checker.checkTree([file], {})].map((problems) =>
      problems.map(({ code, severity }) => [code, severity]),
    );
  };

  it('is by the shortest one the server allows', () => {
    expect(told(20_000)).toEqual([[], []]);
    expect(told(20_001)).toEqual([[['schedule-too-often', 'error']], [['schedule-too-often', 'error']]]);
  });
});
