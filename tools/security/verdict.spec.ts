import { describe, expect, it } from '@jest/globals';
import { ROWS } from './rows.mjs';
import { tableOf, verdictOf } from './verdict.mjs';

const passed = (...names: string[]) => ({ tests: names.map((name) => ({ name, status: 'passed' })) });
const row = (...parts: Parameters<typeof verdictOf>[0]['parts']) => ({ number: 1, holds: 'something', parts });

describe('the verdict on a row', () => {
  it('is met when every part is shown by tests that passed', () => {
    const outcomes = new Map([
      ['a.spec.ts', passed('a door is shut', 'a window is open')],
      ['b.spec.ts', passed('a wall stands')],
    ]);
    const parts = [
      { what: 'doors', spec: 'a.spec.ts', tests: 'door' },
      { what: 'walls', spec: 'b.spec.ts' },
    ];
    expect(verdictOf(row(...parts), outcomes)).toEqual({ verdict: 'met', notes: [], passed: 2 });
  });

  it('names the part that has no tests yet', () => {
    const { verdict, notes } = verdictOf(row({ what: 'doors', spec: 'a.spec.ts' }, { what: 'roofs', lacks: 'houses' }), new Map());
    expect(verdict).toBe('part missing');
    expect(notes).toEqual(['doors: there is no a.spec.ts yet', 'roofs: waits for houses']);
  });

  it('is never met by what could not be checked here', () => {
    const outcomes = new Map([['npm audit', { absent: 'not run', tests: [] }]]);
    expect(verdictOf(row({ what: 'weaknesses', spec: 'npm audit' }), outcomes)).toMatchObject({
      verdict: 'part missing',
      notes: ['weaknesses: not run'],
    });
  });

  it.each([
    ['a test failed', { tests: [{ name: 'a door is shut', status: 'failed' }] }, 'a.spec.ts: a door is shut'],
    ['a test was left out', { tests: [{ name: 'a door is shut', status: 'pending' }] }, 'a.spec.ts: a door is shut'],
    ['the file could not be run', { problem: 'a server is away', tests: [] }, 'did not run: a server is away'],
    ['the named test is gone', passed('a window is open'), 'no test "door"'],
  ])('is failed, whatever else is missing, when %s', (_, outcome, note) => {
    const parts = [
      { what: 'doors', spec: 'a.spec.ts', tests: 'door' },
      { what: 'roofs', lacks: 'houses' },
    ];
    const { verdict, notes } = verdictOf(row(...parts), new Map([['a.spec.ts', outcome]]));
    expect(verdict).toBe('failed');
    expect(notes[0]).toContain(note);
  });

  it('stands in a table with what is missing', () => {
    const rows = [row({ what: 'roofs', lacks: 'houses' })];
    expect(
      tableOf(
        rows,
        rows.map((each) => verdictOf(each, new Map())),
      ),
    ).toBe(' 1  something     0  PART MISSING\n      – roofs: waits for houses');
  });
});

describe('the rows', () => {
  it('are the twenty-four requirements, each with something that must be shown', () => {
    expect(ROWS.map(({ number }) => number)).toEqual(Array.from({ length: 24 }, (_, index) => index + 1));
    expect(ROWS.filter(({ parts }) => parts.length === 0)).toEqual([]);
  });
});
