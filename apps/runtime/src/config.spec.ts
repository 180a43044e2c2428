import { describe, expect, it } from '@jest/globals';
import { DEFAULT_SIZES } from './domain/contexts/record';
import { runLimitsOf, runtimeConfig } from './config';

describe('the settings of the runtime', () => {
  it('allow runs what the language allows when they say nothing', () => {
    expect(runLimitsOf(runtimeConfig({}))).toEqual({
      instructions: 1_000_000,
      effects: 10_000,
      state: 16 * 1024 * 1024,
      depth: 20,
      passes: 100_000,
      branches: 100,
      contexts: DEFAULT_SIZES,
      event: 256 * 1024,
      longestWait: 400 * 86_400_000,
      defaultWait: 20_000,
    });
  });

  it('lower each limit by a variable of its own', () => {
    const names = 'RUN_MAX_INSTRUCTIONS RUN_MAX_EFFECTS RUN_MAX_STATE RUN_MAX_DEPTH REPEAT_MAX ALL_MAX EVENT_MAX WAIT_MAX WAIT_DEFAULT';
    const contexts = ['GLOBAL', 'USER', 'SESSION', 'SOCKET', 'RUN', 'CONFIG'].map((context) => `CONTEXT_${context}_MAX`);
    const variables = [...names.split(' '), ...contexts].map((name, index): [string, string] => [`MILLRACE_${name}`, String(index + 1)]);
    const { contexts: sizes, ...limits } = runLimitsOf(runtimeConfig(Object.fromEntries(variables)));
    expect(Object.values(limits)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(Object.values(sizes)).toEqual([10, 11, 12, 13, 14, 15]);
  });

  it('name what cannot be used', () => {
    const wrong = { MILLRACE_RUN_MAX_DEPTH: '21', MILLRACE_CONTEXT_USER_MAX: '2000000', MILLRACE_FETCH_REDIRECTS: 'many' };
    expect(() => runtimeConfig(wrong)).toThrow(/MILLRACE_FETCH_REDIRECTS[^]*MILLRACE_RUN_MAX_DEPTH[^]*MILLRACE_CONTEXT_USER_MAX/);
  });

  it('say how fetches are limited', () => {
    const { fetchTimeout, fetchMaxBytes, fetchRedirects } = runtimeConfig({
      MILLRACE_FETCH_TIMEOUT: '5000',
      MILLRACE_FETCH_REDIRECTS: '0',
    });
    expect([fetchTimeout, fetchMaxBytes, fetchRedirects]).toEqual([5000, 10 * 1024 * 1024, 0]);
  });
});
