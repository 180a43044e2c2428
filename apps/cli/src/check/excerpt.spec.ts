import { describe, expect, it } from '@jest/globals';
import type { Channel } from '../terminal/terminal';
import { excerptOf } from './excerpt';

const channel = (columns: number): Channel => ({ look: { colour: false, columns }, isTerminal: false, write: () => undefined });
const lines = (...all: string[]): string => all.map((line) => `${line}\n`).join('');

describe('an excerpt', () => {
  it('marks the stretch below its line', () => {
    expect(excerptOf({ line: 2, column: 3, endLine: 2, endColumn: 5 }, 'one\ntwice\n', channel(80))).toBe(lines(' 2 | twice', '   |   ^^'));
  });

  it('marks one character where the stretch is empty, and to the end of the line where it goes on', () => {
    expect(excerptOf({ line: 1, column: 4, endLine: 1, endColumn: 4 }, 'one', channel(80))).toBe(lines(' 1 | one', '   |    ^'));
    expect(excerptOf({ line: 1, column: 2, endLine: 3, endColumn: 1 }, 'one\r\ntwo\r\n', channel(80))).toBe(lines(' 1 | one', '   |  ^^'));
  });

  it('keeps tabs, so that carets stay below what they mark', () => {
    expect(excerptOf({ line: 1, column: 3, endLine: 1, endColumn: 4 }, '\ta: 1', channel(80))).toBe(lines(' 1 | \ta: 1', '   | \t ^'));
  });

  it('cuts a long line around the stretch', () => {
    const text = `${'a'.repeat(100)}bcd${'e'.repeat(100)}`;
    const [shown = '', carets = ''] = excerptOf({ line: 1, column: 101, endLine: 1, endColumn: 104 }, text, channel(40)).split('\n');
    expect(shown.length).toBeLessThanOrEqual(40);
    expect(shown.slice(carets.indexOf('^'), carets.lastIndexOf('^') + 1)).toBe('bcd');
    const [, atEnd = ''] = excerptOf({ line: 1, column: 204, endLine: 1, endColumn: 204 }, text, channel(40)).split('\n');
    expect(atEnd).toMatch(/\^$/);
  });

  it('is empty where the text has no such line', () => {
    expect(excerptOf({ line: 9, column: 1, endLine: 9, endColumn: 2 }, 'one', channel(80))).toBe('');
  });
});
