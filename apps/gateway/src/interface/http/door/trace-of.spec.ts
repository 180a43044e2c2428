import type { FastifyRequest } from 'fastify';
import { describe, expect, it } from '@jest/globals';
import { linkedTrace, traceOf } from './trace-of';

const TRACE = 'a'.repeat(32);
const SENT = `00-${TRACE}-${'b'.repeat(16)}-01`;

const requestWith = (traceparent: string | undefined, comesByTrusted?: boolean): FastifyRequest =>
  ({ headers: { traceparent }, ...(comesByTrusted === undefined ? {} : { comesByTrusted }) }) as unknown as FastifyRequest;

describe('the trace of a request', () => {
  it('goes on with that of a caller who is trusted', () => {
    const request = requestWith(SENT, true);
    expect(traceOf(request)).toMatchObject({ traceId: TRACE, sampled: true });
    expect(traceOf(request).spanId).not.toBe('b'.repeat(16));
    expect(linkedTrace(request)).toBeUndefined();
  });

  it.each([undefined, false])('is its own for anybody else, who is only linked to', (trusted) => {
    const request = requestWith(SENT, trusted);
    expect(traceOf(request)).toMatchObject({ traceId: expect.not.stringMatching(TRACE), sampled: false });
    expect(linkedTrace(request)).toBe(TRACE);
  });

  it('is the same for the whole request, and another for the next', () => {
    const [one, other] = [requestWith(undefined), requestWith('nonsense', true)];
    expect(traceOf(one)).toBe(traceOf(one));
    expect(traceOf(one).traceId).not.toBe(traceOf(other).traceId);
    expect(linkedTrace(one)).toBeUndefined();
  });
});
