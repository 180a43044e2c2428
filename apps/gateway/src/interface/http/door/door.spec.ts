import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openStage, type Stage } from '../../../../testing/stage';
import { clientRefusal } from './client-error';
import { doorRefusal } from './door-refusals';
import { headersOut } from './headers-out';
import { requestIdOf } from './request-id';

describe('the door', () => {
  let stage: Stage;

  beforeAll(async () => {
    stage = await openStage();
  });

  afterAll(async () => {
    await stage[Symbol.asyncDispose]();
  });

  /** All that is answered to bytes that are no request. */
  async function answerTo(bytes: string): Promise<string> {
    const socket = connect(stage.port, '127.0.0.1');
    await once(socket, 'connect');
    socket.write(bytes);
    return text(socket);
  }

  it('answers what is no request with a problem, and ends the connection', async () => {
    const answer = await answerTo('EHLO mail\r\n\r\n');
    expect(answer).toMatch(/^HTTP\/1\.1 400 Bad Request\r\ncontent-type: application\/problem\+json\r\n/);
    expect(answer).toContain('"code":"api.request_invalid"');
  });

  it('refuses headers above 16 KiB', async () => {
    const answer = await answerTo(`GET / HTTP/1.1\r\nhost: x\r\nx-long: ${'x'.repeat(20_000)}\r\n\r\n`);
    expect(answer).toMatch(/^HTTP\/1\.1 431 /);
    expect(answer).toContain('"code":"api.headers_too_large"');
  });

  it.each([[101], [600]])('refuses %i headers, however short they are', async (count) => {
    const lines = 'x:\r\n'.repeat(count - 2);
    const answer = await answerTo(`GET /healthz HTTP/1.1\r\nhost: x\r\nconnection: close\r\n${lines}\r\n`);
    expect(answer).toMatch(/^HTTP\/1\.1 431 /);
    expect(answer).toMatch(/content-type: application\/problem\+json/i);
    expect(answer).toContain('"code":"api.headers_too_large"');
    expect(answer).toContain('more than 100 headers');
  });

  it('takes a hundred headers', async () => {
    const lines = 'x:\r\n'.repeat(98);
    expect(await answerTo(`GET /v1/me HTTP/1.1\r\nhost: x\r\nconnection: close\r\n${lines}\r\n`)).toMatch(/^HTTP\/1\.1 401 /);
  });

  it('tells nobody who is gone', () => {
    const error = (code: string): NodeJS.ErrnoException => Object.assign(new Error(code), { code });
    expect(clientRefusal(error('ECONNRESET'), { writable: true } as Socket)).toBeUndefined();
    expect(clientRefusal(error('HPE_INVALID_METHOD'), { writable: false } as Socket)).toBeUndefined();
    expect(clientRefusal(error('ERR_HTTP_REQUEST_TIMEOUT'), { writable: true } as Socket)).toMatchObject({ code: 'api.request_timeout' });
  });

  it('breaks no promise of a URL that is too long', async () => {
    const answer = await fetch(`${stage.url}/v1/me?a=${'b'.repeat(8_192)}`);
    expect([answer.status, ((await answer.json()) as { code: string }).code]).toEqual([414, 'api.url_too_large']);
  });

  it('promises TLS only where it is', () => {
    expect(headersOut(true)).toHaveProperty('strict-transport-security');
    expect(headersOut(false)).not.toHaveProperty('strict-transport-security');
  });
});

describe('the id of a request', () => {
  it.each(['abcdefgh', 'A-b_C-1234', 'x'.repeat(64)])('is the caller’s own when it is %s', (id) => {
    expect(requestIdOf(id, () => 'new')).toBe(id);
  });

  it.each(['short', 'x'.repeat(65), 'with space', 'new\nline', '<script>', ''])('is a new one instead of %j', (id) => {
    expect(requestIdOf(id, () => 'new')).toBe('new');
    expect(requestIdOf(['abcdefgh'], () => 'new')).toBe('new');
    expect(requestIdOf(undefined, () => 'new')).toBe('new');
  });
});

describe('what Fastify refuses', () => {
  it.each([
    ['FST_ERR_CTP_BODY_TOO_LARGE', 'api.body_too_large'],
    ['FST_ERR_CTP_INVALID_MEDIA_TYPE', 'api.media_type'],
    ['FST_ERR_CTP_INVALID_CONTENT_LENGTH', 'api.body_incomplete'],
    ['FST_ERR_BAD_URL', 'api.path_invalid'],
    ['FST_ERR_MAX_PARAM_LENGTH', 'api.url_too_large'],
    ['FST_ERR_NOT_FOUND', 'api.route_unknown'],
    ['ECONNRESET', 'api.body_incomplete'],
  ])('is said in our words: %s', (code, ours) => {
    expect(doorRefusal(Object.assign(new Error('x'), { code }))).toMatchObject({ code: ours });
  });

  it('is a fault when it is nothing we know', () => {
    const fault = Object.assign(new Error('x'), { code: 'FST_ERR_SOMETHING' });
    expect(doorRefusal(fault)).toBe(fault);
    expect(doorRefusal('text')).toBe('text');
  });
});
