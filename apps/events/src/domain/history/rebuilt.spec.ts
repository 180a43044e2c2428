import { describe, expect, it } from '@jest/globals';
import { isRebuilt } from './rebuilt';

const saying = (text: string) => new TextEncoder().encode(text);

describe('an event of the log', () => {
  it('belongs into the history, unless it is kept on the log alone', () => {
    expect(isRebuilt({ type: 'orders.paid', payload: saying('{}') })).toBe(true);
    expect(isRebuilt({ type: 'orders.paid', keep: 'history', payload: saying('{"total":1}') })).toBe(true);
    expect(isRebuilt({ type: 'orders.paid', keep: 'log', payload: saying('{}') })).toBe(false);
  });

  it('belongs there no more when it was the record of a run that was deleted', () => {
    expect(isRebuilt({ type: 'runtime.runs.finished', payload: saying('{"run":"run_1"}') })).toBe(true);
    expect(isRebuilt({ type: 'runtime.runs.finished', payload: saying('{     }') })).toBe(false);
  });
});
