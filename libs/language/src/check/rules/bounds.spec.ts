import { describe, expect, it } from '@jest/globals';
import { check } from '../check';

const told = (text: string): readonly object[] =>
  check({ automations: [{ file: 'automations/a.yaml', text }] })
    .filter(({ severity }) => severity === 'error')
    .map(({ code, path, message }) => ({ code, path, message }));

const one = (code: string, path: string) => [
  { code, path, message: expect.stringMatching(/Write (?:something from .* to .*|one entry at least)\.$/) as unknown },
];

const STEPS: readonly (readonly [string, string, string])[] = [
  ['sleep: { for: 401d }', 'duration-invalid', '/for'],
  ['wait: { oneOf: [] }', 'value-invalid', '/oneOf'],
  ['wait: { oneOf: [{ event: a }], timeout: 500d }', 'duration-invalid', '/timeout'],
  ['rateLimit: { name: a, window: 0s, limit: 1 }', 'duration-invalid', '/window'],
  ['rateLimit: { name: a, window: 500d, limit: 1 }', 'duration-invalid', '/window'],
  ['rateLimit: { name: a, window: 1s, limit: 1e99 }', 'value-invalid', '/limit'],
  ['rateLimit: { name: a, window: 1s, limit: 1, consume: 1e99 }', 'value-invalid', '/consume'],
  ['approve: { title: a, to: { topic: a }, deadline: 0s }', 'duration-invalid', '/deadline'],
  ['approve: { title: a, to: { topic: a }, deadline: 500d }', 'duration-invalid', '/deadline'],
  ['approve: { title: a, to: { topic: a }, deadline: 1d, remind: 0 }', 'duration-invalid', '/remind'],
  ['approve: { title: a, to: { topic: a }, deadline: 1d, choices: [] }', 'value-invalid', '/choices'],
  ['fetch: { url: "https://a.b", timeout: 0 }', 'duration-invalid', '/timeout'],
  ['fetch: { url: "https://a.b", timeout: 2d }', 'duration-invalid', '/timeout'],
  ['fetch: { url: "https://a.b", expect: [] }', 'value-invalid', '/expect'],
  ['fetch: { url: "https://a.b", maxBytes: 1e99 }', 'value-invalid', '/maxBytes'],
  ['fetch: { url: "https://a.b", retry: { attempts: 1e9 } }', 'value-invalid', '/retry/attempts'],
  ['fetch: { url: "https://a.b", retry: { attempts: 2, factor: -1 } }', 'value-invalid', '/retry/factor'],
  ['fetch: { url: "https://a.b", retry: { attempts: 2, factor: 1e300 } }', 'value-invalid', '/retry/factor'],
  ['fetch: { url: "https://a.b", retry: { attempts: 2, jitter: 7 } }', 'value-invalid', '/retry/jitter'],
  ['fetch: { url: "https://a.b", retry: { attempts: 2, delay: 999d } }', 'duration-invalid', '/retry/delay'],
  ['fetch: { url: "https://a.b", retry: { attempts: 2, maxDelay: 999d } }', 'duration-invalid', '/retry/maxDelay'],
  ['set: { name: user.a, value: 1, ttl: 0 }', 'duration-invalid', '/ttl'],
  ['set: { name: user.a, value: 1, ttl: 999d }', 'duration-invalid', '/ttl'],
  ['emit: { event: a, after: 999d }', 'duration-invalid', '/after'],
  ['repeat: { until: -1, do: [{ comment: a }] }', 'value-invalid', '/until'],
  ['repeat: { until: 1e9, do: [{ comment: a }] }', 'value-invalid', '/until'],
  ['repeat: { on: [1], batch: { size: 1, interval: 999d }, do: [{ comment: a }] }', 'duration-invalid', '/batch/interval'],
];

const KEYS: readonly (readonly [string, string, string])[] = [
  ['concurrency: { limit: 1e99 }', 'value-invalid', '/concurrency/limit'],
  ['concurrency: { limit: 0 }', 'value-invalid', '/concurrency/limit'],
  ['debounce: { period: 0 }', 'duration-invalid', '/debounce/period'],
  ['debounce: { period: 500d }', 'duration-invalid', '/debounce/period'],
  ['debounce: { period: 1s, maxWait: 0 }', 'duration-invalid', '/debounce/maxWait'],
  ['batch: { size: 1e99, within: 1s }', 'value-invalid', '/batch/size'],
  ['batch: { size: 0, within: 1s }', 'value-invalid', '/batch/size'],
  ['batch: { size: 2, within: 0s }', 'duration-invalid', '/batch/within'],
  ['batch: { size: 2, within: 500d }', 'duration-invalid', '/batch/within'],
  ['timeout: 0', 'duration-invalid', '/timeout'],
  ['timeout: 500d', 'duration-invalid', '/timeout'],
  ['retry: { attempts: 1e9 }', 'value-invalid', '/retry/attempts'],
  ['retry: { attempts: 2, factor: 0 }', 'value-invalid', '/retry/factor'],
  ['retry: { attempts: 2, jitter: -1 }', 'value-invalid', '/retry/jitter'],
  ['retry: { attempts: 2, maxDelay: 500d }', 'duration-invalid', '/retry/maxDelay'],
  ['priority: 7', 'value-invalid', '/priority'],
  ['when: { endpoint: { wait: 1h } }', 'duration-invalid', '/when/endpoint/wait'],
  ['when: { endpoint: { methods: [] } }', 'value-invalid', '/when/endpoint/methods'],
  ['when: { endpoint: { verify: { preset: github, secret: a, tolerance: 9d } } }', 'duration-invalid', '/when/endpoint/verify/tolerance'],
  ['when: { schedules: [{ every: 1h, jitter: 400d }] }', 'duration-invalid', '/when/schedules/0/jitter'],
  ['when: { schedules: ["@every 1h", { every: 500d }] }', 'duration-invalid', '/when/schedules/1/every'],
  ['when: { schedules: [{ every: 1h, missedWithin: 500d }] }', 'duration-invalid', '/when/schedules/0/missedWithin'],
];

/** These are refused for their form, by sentences of their own. */
const isOfForm = ([written]: readonly [string, string, string]): boolean => /attempts: 1e9|limit: 0|size: 0|priority/.test(written);

describe('what no run can make sense of', () => {
  it.each(STEPS.filter((row) => !isOfForm(row)))('is told of a step: %s', (step, code, path) => {
    expect(told(`do:\n  - ${step}`)).toEqual(one(code, `/do/0/${step.split(':')[0]}${path}`));
  });

  it.each(KEYS.filter((row) => !isOfForm(row)))('is told of an automation: %s', (keys, code, path) => {
    expect(told(`${keys}\ndo: []`)).toEqual(one(code, path));
  });

  it.each([...KEYS.filter(isOfForm).map(([keys, code, path]) => [`${keys}\ndo: []`, code, path] as const)])(
    'is told where the form says so: %s',
    (text, code, path) => {
      expect(told(text)).toEqual([expect.objectContaining({ code, path })]);
    },
  );

  it.each([
    'do: [{ wait: { oneOf: "{{list}}", timeout: "{{time}}" } }]\narguments: { list: {}, time: {} }',
    'do: [{ wait: { oneOf: { event: a }, timeout: 400d } }, { sleep: { for: 400d } }]',
    'do: [{ repeat: { until: "3", batch: { size: 2, interval: 0 }, do: [{ comment: a }] } }]',
    'concurrency: { limit: 10000 }\nbatch: { size: 1, within: 1ms }\ntimeout: 400d\ndo: []',
    'when: { schedules: [{ every: 1h, jitter: 24h }], endpoint: { wait: 5m, access: signed-in } }\ndo: []',
    'do: [{ fetch: { url: "https://a.b", retry: { attempts: 100, factor: 1, jitter: 0, delay: 0 } } }]',
  ])('is nothing within the bounds, or known only in a run: %s', (text) => {
    expect(told(text)).toEqual([]);
  });
});
