import { describe, expect, it } from '@jest/globals';
import { lookOf } from './config';

const terminal = { isTTY: true, columns: 120 };

describe('how a stream is written to', () => {
  it('is with colour on a terminal only', () => {
    expect(lookOf(terminal, {})).toEqual({ colour: true, columns: 120 });
    expect(lookOf({}, {})).toEqual({ colour: false, columns: 100 });
  });

  it.each([
    [{ NO_COLOR: '1' }, false],
    [{ NO_COLOR: '' }, true],
    [{ TERM: 'dumb' }, false],
    [{ TERM: 'dumb', CLICOLOR_FORCE: '1' }, true],
    [{ NO_COLOR: '1', CLICOLOR_FORCE: '1' }, false],
  ])('obeys %j on a terminal', (environment, colour) => {
    expect(lookOf(terminal, environment).colour).toBe(colour);
  });

  it('is with colour in a pipe when that is asked for', () => {
    expect(lookOf({}, { CLICOLOR_FORCE: '1' }).colour).toBe(true);
    expect(lookOf({}, { CLICOLOR_FORCE: '0' }).colour).toBe(false);
  });

  it('is as wide as COLUMNS says', () => {
    expect(lookOf(terminal, { COLUMNS: '60' }).columns).toBe(60);
    expect(lookOf(terminal, { COLUMNS: 'wide' }).columns).toBe(120);
  });
});
