import { DomainError, REFUSALS, type Refusal } from '@millrace/kernel';
import { RemoteFault } from '@millrace/messaging';
import { describe, expect, it } from '@jest/globals';
import { Lines } from '../../../../testing/lines';
import { Problems, titleOf } from './problem';
import { methodNotAllowed } from './refusals';

const PLACE = { path: '/v1/me', requestId: 'req_1', traceId: 'a'.repeat(32) };
const log = new Lines();
const problems = new Problems('https://millrace.test', log);

const refused = (code: string, refusal: Refusal, facts = {}): DomainError => new DomainError(code, refusal, 'A sentence.', { facts });

describe('a problem', () => {
  it.each<[string, Refusal, number]>([
    ['api.field_unknown', 'invalid', 400],
    ['api.json_syntax', 'invalid', 400],
    ['api.media_type', 'invalid', 415],
    ['api.not_acceptable', 'invalid', 406],
    ['api.method_not_allowed', 'invalid', 405],
    ['api.body_too_large', 'invalid', 413],
    ['api.url_too_large', 'invalid', 414],
    ['events.payload_too_large', 'invalid', 413],
    ['workspaces.slug_invalid', 'invalid', 422],
    ['auth.token_expired', 'unauthenticated', 401],
    ['auth.logout_token_invalid', 'invalid', 400],
    ['workspaces.read_denied', 'forbidden', 403],
    ['workspaces.not_found', 'not-found', 404],
    ['workspaces.slug_taken', 'conflict', 409],
    ['workspaces.precondition_failed', 'conflict', 412],
    ['workspaces.precondition_required', 'conflict', 428],
    ['events.rate_limited', 'exhausted', 429],
    ['wire.no_one_listens', 'unavailable', 503],
    ['wire.timeout', 'unavailable', 504],
  ])('%s (%s) is answered with %i', (code, refusal, status) => {
    expect(problems.of(refused(code, refusal), PLACE).status).toBe(status);
  });

  it('has a status for each of the seven refusals', () => {
    for (const refusal of REFUSALS) expect(problems.of(refused('x.y', refusal), PLACE).status).toBeGreaterThanOrEqual(400);
  });

  it('says what, where and what to do, and nothing that is empty', () => {
    const errors = [{ pointer: '/name', code: 'string.min_len', detail: 'Too short.' }];
    const full = new DomainError('api.field_unknown', 'invalid', 'A sentence.', { errors, facts: { a: 1 } });
    expect(JSON.parse(problems.of(full, PLACE).body)).toEqual({
      type: 'https://millrace.test/problems/api.field_unknown',
      title: 'Field unknown',
      status: 400,
      detail: 'A sentence.',
      instance: '/v1/me',
      code: 'api.field_unknown',
      errors,
      facts: { a: 1 },
      requestId: 'req_1',
      traceId: 'a'.repeat(32),
    });
    expect(Object.keys(JSON.parse(problems.of(refused('a.b', 'conflict'), PLACE).body) as object)).not.toContain('errors');
  });

  it('has its title from its code', () => {
    expect(['api.field_unknown', 'api.json_syntax', 'api.url_too_large', 'odd'].map(titleOf)).toEqual([
      'Field unknown',
      'JSON syntax',
      'URL too large',
      'Odd',
    ]);
  });

  it('tells a caller without a good credential what to send', () => {
    expect(problems.of(refused('api.sign_in_needed', 'unauthenticated'), PLACE).headers).toEqual({
      'www-authenticate': 'Bearer realm="millrace"',
    });
    expect(problems.of(refused('auth.token_expired', 'unauthenticated'), PLACE).headers).toEqual({
      'www-authenticate': 'Bearer realm="millrace", error="invalid_token"',
    });
  });

  it('says when to come back, where waiting helps', () => {
    expect(problems.of(refused('a.b', 'exhausted', { retryAfter: 1.2 }), PLACE).headers).toEqual({ 'retry-after': '2' });
    expect(problems.of(refused('a.b', 'exhausted'), PLACE).headers).toEqual({});
    expect(problems.of(refused('a.b', 'unavailable'), PLACE).headers).toEqual({ 'retry-after': '2' });
    expect(problems.of(refused('wire.timeout', 'unavailable'), PLACE).headers).toEqual({});
  });

  it('says which revision there is to who knew another', () => {
    const facts = { etag: '7', updatedBy: 'anna' };
    expect(problems.of(refused('a.precondition_failed', 'conflict', facts), PLACE).headers).toEqual({ etag: '"7"' });
    expect(problems.of(refused('a.precondition_required', 'conflict', facts), PLACE).headers).toEqual({});
  });

  it('says which methods are allowed', () => {
    expect(problems.of(methodNotAllowed('PUT', ['get', 'post']), PLACE).headers).toEqual({ allow: 'GET, HEAD, POST' });
  });

  it.each([new TypeError('secret of ours'), new RemoteFault('call.x.y'), 'a bare text', undefined])(
    'tells nothing of a fault, and logs it',
    (fault) => {
      const { status, body } = problems.of(fault, PLACE);
      expect(status).toBe(500);
      expect(JSON.parse(body)).toMatchObject({ code: 'api.internal', status: 500, requestId: 'req_1' });
      expect(body).not.toMatch(/secret|stack|call\.x/);
      expect(log.lines.at(-1)).toMatchObject({ level: 'error', fields: { error: fault, correlationId: 'req_1', path: '/v1/me' } });
    },
  );
});
