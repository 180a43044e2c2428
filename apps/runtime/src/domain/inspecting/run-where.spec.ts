import { describe, expect, it } from '@jest/globals';
import { DomainError } from '@millrace/kernel';
import type { Run } from '../run';
import { fitting, recordFilter } from './run-filter';
import { runWhere } from './run-where';

const STARTED = Date.UTC(2027, 2, 27, 9);
const run: Run = {
  ...{ id: 'run_1', workspaceId: 'ws_1', digest: 'd', slug: 'greet', trigger: { type: 'event', value: 'orders.placed', id: 'evt_1' } },
  ...{ correlationId: 'cor', causationId: 'evt_1', depth: 1, startedAt: STARTED, deadline: Infinity, priority: 'normal', record: 'full' },
};

function fits(text: string): boolean {
  return fitting({ states: [], where: runWhere(text) })({ run, state: 'parked', outstanding: [], steps: [], resting: false });
}

describe('a filter of runs', () => {
  it.each([
    ["state = 'parked'", true],
    ["automation = 'greet' and trigger = 'event'", true],
    ["trigger.value starts with 'orders.' and not trigger.id = 'evt_2'", true],
    ["startedAt >= '2027-03-27T10:00:00+01:00'", true],
    ["startedAt > '2027-03-27T09:00:00Z'", false],
    [`startedAt = ${STARTED}`, true],
    ["id in ['run_0', 'run_1'] and correlationId = 'cor' and digest exists", true],
    ['duration >= 0 or outcome exists or endedAt exists or error exists or replayOf exists', false],
    ["automation = 'state' or automation = \"it's (state)\"", false],
  ])('%s: of a run that goes on %s', (text, wanted) => {
    expect(fits(text)).toBe(wanted);
  });

  it('asks the same of the events that tell of the ends of runs', () => {
    const where = runWhere("(state = 'failed' or outcome in ['cancelled']) and not duration < 5 and endedAt < '1970-01-01T00:00:01Z'");
    expect(recordFilter({ states: [], where })).toEqual({
      op: 'and',
      filters: [
        {
          op: 'and',
          filters: [
            {
              op: 'or',
              filters: [
                { op: '=', field: 'payload.outcome', value: 'failed' },
                { op: 'in', field: 'payload.outcome', values: ['cancelled'] },
              ],
            },
            { op: 'not', filter: { op: '<', field: 'payload.duration', value: 5 } },
            { op: '<', field: 'time', value: 1_000 },
          ],
        },
      ],
    });
  });

  it.each([
    ['stat = 1', 1],
    ["state = 'failed' and type = 'x'", 22],
    ['state = failed', 9],
    ['state = automation', 9],
    ["id = 'a' and startedAt = 'soon'", 26],
    ["startedAt = 'soon' and id = 'a'", 13],
    ["endedAt contains '2027'", 18],
    ["automation = 'a' and state", 27],
    ["(id = 'a' or state 'b')", 20],
    ["id = 'a", 6],
    ['', 1],
  ])('%s: is refused at column %i', (text, column) => {
    let refused: unknown;
    try {
      runWhere(text);
    } catch (error) {
      refused = error;
    }
    expect(refused).toBeInstanceOf(DomainError);
    expect(refused).toMatchObject({ code: 'runtime.filter_invalid', refusal: 'invalid', facts: { column } });
    expect(refused).toMatchObject({ errors: [{ pointer: '/where' }] });
  });

  it('may be as long as a request takes, though events have longer names', () => {
    const text = Array.from({ length: 256 }, () => "id=''").join('or ');
    expect(text).toHaveLength(2_045);
    expect(fits(text)).toBe(false);
  });
});
