import { describe, expect, it } from '@jest/globals';
import type { Environment } from '@millrace/service';
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
      turnCpu: 1_000,
    });
  });

  it('lower each limit by a variable of its own', () => {
    const names = 'RUN_MAX_INSTRUCTIONS RUN_MAX_EFFECTS RUN_MAX_STATE RUN_MAX_DEPTH REPEAT_MAX ALL_MAX EVENT_MAX WAIT_MAX WAIT_DEFAULT';
    const more = 'RUN_TIMEOUT ENDPOINT_TIMEOUT LANGUAGE_MAX_UNITS LANGUAGE_MAX_TEXT RUN_TURN_CPU';
    const contexts = ['GLOBAL', 'USER', 'SESSION', 'SOCKET', 'RUN', 'CONFIG'].map((context) => `CONTEXT_${context}_MAX`);
    const variables = [...names.split(' '), ...more.split(' '), ...contexts].map((name, index): [string, string] => [
      `MILLRACE_${name}`,
      String(index + 1),
    ]);
    const { contexts: sizes, ...limits } = runLimitsOf(runtimeConfig(Object.fromEntries(variables)));
    expect(Object.values(limits)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14]);
    expect(Object.values(sizes)).toEqual([15, 16, 17, 18, 19, 20]);
  });

  it.each([
    ['RUNS', 400],
    ['FETCHES', 200],
    ['EMITS', 100],
    ['PASSES', 4_000],
  ])('limit no rate of %s until they say one', (of, burst) => {
    const ratesOf = (environment: Environment) => Object.entries(runtimeConfig(environment)).filter(([name]) => name.startsWith('rate'));
    const [name, burstName] = [`MILLRACE_RATE_${of}`, `MILLRACE_RATE_${of}_BURST`];
    const written = `rate${of.charAt(0)}${of.slice(1).toLowerCase()}`;
    expect(Object.fromEntries(ratesOf({}))).toMatchObject({ [written]: 0, [`${written}Burst`]: burst });
    expect(Object.fromEntries(ratesOf({ [name]: '0.5', [burstName]: '3' }))).toMatchObject({ [written]: 0.5, [`${written}Burst`]: 3 });
    expect(() => runtimeConfig({ [name]: '-1', [burstName]: '0' })).toThrow(new RegExp(`${name}:[^]*${burstName}:`));
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
