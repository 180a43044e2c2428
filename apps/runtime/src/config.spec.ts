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
      defaultTimeout: 30 * 86_400_000,
      defaultHold: 25_000,
      units: 100_000,
      text: 4 * 1024 * 1024,
    });
  });

  it('lower each limit by a variable of its own', () => {
    const names = 'RUN_MAX_INSTRUCTIONS RUN_MAX_EFFECTS RUN_MAX_STATE RUN_MAX_DEPTH REPEAT_MAX ALL_MAX EVENT_MAX WAIT_MAX WAIT_DEFAULT';
    const more = 'RUN_TIMEOUT ENDPOINT_TIMEOUT LANGUAGE_MAX_UNITS LANGUAGE_MAX_TEXT';
    const contexts = ['GLOBAL', 'USER', 'SESSION', 'SOCKET', 'RUN', 'CONFIG'].map((context) => `CONTEXT_${context}_MAX`);
    const variables = [...names.split(' '), ...more.split(' '), ...contexts].map((name, index): [string, string] => [
      `MILLRACE_${name}`,
      String(index + 1),
    ]);
    const { contexts: sizes, ...limits } = runLimitsOf(runtimeConfig(Object.fromEntries(variables)));
    expect(Object.values(limits)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13]);
    expect(Object.values(sizes)).toEqual([14, 15, 16, 17, 18, 19]);
  });

  it('limit no rate until they say one', () => {
    const { rateFetches, rateFetchesBurst } = runtimeConfig({});
    expect([rateFetches, rateFetchesBurst]).toEqual([0, 200]);
    expect(runtimeConfig({ MILLRACE_RATE_FETCHES: '0.5', MILLRACE_RATE_FETCHES_BURST: '3' })).toMatchObject({
      rateFetches: 0.5,
      rateFetchesBurst: 3,
    });
    expect(() => runtimeConfig({ MILLRACE_RATE_FETCHES: '-1', MILLRACE_RATE_FETCHES_BURST: '0' })).toThrow(
      /RATE_FETCHES:[^]*RATE_FETCHES_BURST:/,
    );
  });

  it('name what cannot be used', () => {
    const wrong = {
      MILLRACE_RUN_MAX_DEPTH: '21',
      MILLRACE_CONTEXT_USER_MAX: '2000000',
      MILLRACE_FETCH_REDIRECTS: 'many',
      MILLRACE_ENDPOINT_TIMEOUT: '300001',
    };
    expect(() => runtimeConfig(wrong)).toThrow(
      /MILLRACE_FETCH_REDIRECTS[^]*MILLRACE_RUN_MAX_DEPTH[^]*MILLRACE_ENDPOINT_TIMEOUT[^]*MILLRACE_CONTEXT_USER_MAX/,
    );
  });

  it('know what the environment says of configurations', () => {
    const { configTexts } = runtimeConfig({ MILLRACE_WORKSPACE_CONFIG_hotel_rooms: '12' });
    expect(configTexts.of('workspace', 'hotel', 'rooms')).toBe('12');
    expect(() => runtimeConfig({ MILLRACE_APP_CONFIG_crm: 'x' })).toThrow('MILLRACE_APP_CONFIG_crm');
  });

  it('say how fetches are limited', () => {
    const { fetchTimeout, fetchMaxBytes, fetchRedirects } = runtimeConfig({
      MILLRACE_FETCH_TIMEOUT: '5000',
      MILLRACE_FETCH_REDIRECTS: '0',
    });
    expect([fetchTimeout, fetchMaxBytes, fetchRedirects]).toEqual([5000, 10 * 1024 * 1024, 0]);
  });
});
