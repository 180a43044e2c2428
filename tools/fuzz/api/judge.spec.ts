import { describe, expect, it } from '@jest/globals';
import { judge, type Exchange } from './judge.mjs';

const DOCUMENT = {
  paths: {
    '/v1/things': { get: { operationId: 'listThings' }, post: { operationId: 'makeThing' } },
    '/v1/things/{thingId}': { get: { operationId: 'showThing', security: [{}, { token: [] }] } },
    '/v1/things/{thingId}:stop': { post: { operationId: 'stopThing' }, get: { operationId: 'askThing' } },
    '/v1/news': { get: { operationId: 'readNews', security: [] } },
  },
};
const SIGNED = [{ name: 'Authorization', value: '[Filtered]' }];

function exchange(method: string, path: string, status: number, text = '{}', headers = SIGNED): Exchange {
  return { request: { method, url: `http://127.0.0.1:4000${path}`, headers }, response: { status, content: { text } } };
}

describe('the judgement on a fuzz run', () => {
  it('counts what was reached', () => {
    const { requests, reached } = judge(
      [exchange('GET', '/v1/things?limit=1', 200), exchange('POST', '/v1/things/a%2fb:stop', 202), exchange('POST', '/v1/things', 422)],
      DOCUMENT,
    );
    expect([requests, reached]).toEqual([3, ['listThings', 'stopThing']]);
  });

  it('takes an action for itself, and not for a part of what stands before it', () => {
    const { reached } = judge([exchange('GET', '/v1/things/a:stop', 200), exchange('GET', '/v1/things/b', 200)], DOCUMENT);
    expect(reached).toEqual(['askThing', 'showThing']);
  });

  it('finds what answers nobody, unless it is public or may be', () => {
    const { open } = judge(
      [
        exchange('GET', '/v1/things', 200, '{}', []),
        exchange('GET', '/v1/news', 200, '{}', []),
        exchange('GET', '/v1/things/a', 200, '{}', []),
        exchange('POST', '/v1/things', 401, '{}', []),
      ],
      DOCUMENT,
    );
    expect(open).toEqual([expect.stringContaining('200 GET http://127.0.0.1:4000/v1/things')]);
  });

  it('takes the word of a service to come back for no fault, but a service that is away for one', () => {
    const { faults } = judge(
      [
        exchange('GET', '/v1/things', 503, '{"code":"things.busy"}'),
        exchange('GET', '/v1/things', 503, '{"code":"wire.no_listener"}'),
        exchange('GET', '/v1/things', 504, '{"code":"wire.timeout"}'),
      ],
      DOCUMENT,
    );
    expect(faults).toEqual([expect.stringContaining('503 GET'), expect.stringContaining('504 GET')]);
  });

  it('finds faults, and what a refusal tells of our inside', () => {
    const { faults, loud } = judge(
      [
        exchange('GET', '/v1/things', 500, '{"code":"api.internal"}'),
        exchange('GET', '/v1/things', 422, '{"detail":"TypeError: x is not a function"}'),
        exchange('GET', '/v1/things', 404, '{"instance":"/v1/node_modules"}'),
      ],
      DOCUMENT,
    );
    expect(faults).toEqual([expect.stringContaining('500 GET')]);
    expect(loud).toEqual([expect.stringContaining('422 GET')]);
  });
});
