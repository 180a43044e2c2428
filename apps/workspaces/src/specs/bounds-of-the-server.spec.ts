import { describe, expect, it } from '@jest/globals';
import { LanguageChecker } from '../infrastructure/language-checker';

describe('the check of a document', () => {
  const told = (text: string, bounds: { readonly shortestSchedule?: number; readonly largestSource?: number }) => {
    const file = { path: 'automations/a.yaml', text };
    const checker = new LanguageChecker({ shortestSchedule: 10_000, largestSource: 4_096, ...bounds });
    return [checker.checkFile(file, new Set()), checker.checkTree([file], {})].map((problems) =>
      problems.map(({ code, severity }) => [code, severity]),
    );
  };

  it('is by the shortest schedule the server allows', () => {
    const text = 'when: { schedules: { every: 20s } }\ndo: []';
    expect(told(text, { shortestSchedule: 20_000 })).toEqual([[], []]);
    expect(told(text, { shortestSchedule: 20_001 })).toEqual([[['schedule-too-often', 'error']], [['schedule-too-often', 'error']]]);
  });

  it('is by the largest file the server allows', () => {
    const text = `do: [{ set: { name: a, value: ${'x'.repeat(1_500)} } }]`;
    expect(told(text, { largestSource: 2_048 })).toEqual([[], []]);
    expect(told(text, { largestSource: 1_500 })).toEqual([[['yaml-limit', 'error']], [['yaml-limit', 'error']]]);
  });
});
