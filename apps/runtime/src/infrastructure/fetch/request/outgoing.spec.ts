import { describe, expect, it } from '@jest/globals';
import type { JsonMap } from '@millrace/kernel';
import { FetchFailure } from '../failures';
import { outgoingOf } from './outgoing';
import type { Outgoing } from './outgoing';
import { parametersOf } from './parameters';

const ADDITIONS = { idempotencyKey: 'run_1/0', traceparent: '00-aa-bb-01' };

function outgoing(request: JsonMap): Outgoing {
  return outgoingOf(parametersOf({ url: 'https://api.test/orders', method: 'get', headers: {}, ...request }), ADDITIONS);
}

function failure(request: JsonMap): FetchFailure {
  try {
    outgoing(request);
  } catch (error) {
    if (error instanceof FetchFailure) return error;
  }
  throw new Error('nothing was refused');
}

describe('the query', () => {
  it('is appended in form encoding to the one that is there, lists repeating the name', () => {
    const query = { q: 'a b&c', tag: ['x', null, 'y'], none: null, page: 2, deep: { a: 1 }, yes: true };
    expect(outgoing({ url: 'https://api.test/?z=%7e', query }).url.search).toBe(
      '?z=%7e&q=a+b%26c&tag=x&tag=y&page=2&deep=%7B%22a%22%3A1%7D&yes=true',
    );
  });

  it('leaves a URL alone when it is empty', () => {
    expect(outgoing({ url: 'https://api.test/a?b=%20#c', query: { none: null } }).url.href).toBe('https://api.test/a?b=%20#c');
  });
});

describe('the headers', () => {
  it('say who asks, and carry trace and key', () => {
    expect(outgoing({ method: 'post' }).headers).toEqual({
      accept: '*/*',
      'accept-encoding': 'gzip, br',
      'user-agent': 'Millrace',
      'idempotency-key': 'run_1/0',
      traceparent: '00-aa-bb-01',
    });
  });

  it.each(['get', 'head'])('carry no key with %s', (method) => {
    expect(outgoing({ method }).headers).not.toHaveProperty('idempotency-key');
  });

  it('are the author’s where the author wrote them, in lower case, lists joined and null left out', () => {
    const headers = { 'User-Agent': 'Me', 'X-Count': 3, Accept: ['text/html', 'text/plain'], 'X-None': null, 'Idempotency-Key': 'mine' };
    expect(outgoing({ method: 'put', headers }).headers).toMatchObject({
      'user-agent': 'Me',
      'x-count': '3',
      accept: 'text/html, text/plain',
      'idempotency-key': 'mine',
    });
    expect(outgoing({ headers }).headers).not.toHaveProperty('x-none');
  });

  it('leave to the connection what belongs to it', () => {
    const headers = {
      Host: 'intranet',
      'Content-Length': '5',
      Connection: 'close',
      'Transfer-Encoding': 'chunked',
      Upgrade: 'h2c',
      'X-A': 'b',
    };
    expect(Object.keys(outgoing({ headers }).headers)).toEqual(['accept', 'accept-encoding', 'user-agent', 'traceparent', 'x-a']);
  });

  it.each([{ 'X-A': 'a\r\nHost: b' }, { 'a b': 'c' }, { 'X-A': '\u{1f600}' }, { '': 'a' }])(
    'are refused when HTTP cannot carry them: %j',
    (headers) => {
      expect(failure({ headers }).code).toBe('runtime.fetch_refused');
      expect(failure({ headers }).message).toContain('HTTP cannot carry');
    },
  );

  it('hold basic and bearer credentials, before what is written', () => {
    expect(outgoing({ auth: { basic: { username: 'ü', password: 'p:w' } } }).headers['authorization']).toBe('Basic w7w6cDp3');
    expect(outgoing({ auth: { bearer: 'abc' }, headers: { Authorization: 'old' } }).headers['authorization']).toBe('Bearer abc');
    expect(outgoing({ auth: { basic: { username: 'a' } } }).headers['authorization']).toBe('Basic YTo=');
    expect(outgoing({ auth: {}, headers: { Authorization: 'old' } }).headers['authorization']).toBe('old');
  });
});

describe('the body', () => {
  const sent = (request: JsonMap): [string | undefined, string | undefined] => {
    const { headers, body } = outgoing({ method: 'post', ...request });
    return [headers['content-type'], body?.toString()];
  };

  it('is JSON when it is a map, a list, a number or null', () => {
    expect(sent({ body: { a: ['ü'] } })).toEqual(['application/json', '{"a":["ü"]}']);
    expect(sent({ body: [1] })).toEqual(['application/json', '[1]']);
    expect(sent({ body: 3 })).toEqual(['application/json', '3']);
    expect(sent({ body: null })).toEqual(['application/json', 'null']);
  });

  it('is a form when the content type says so', () => {
    const headers = { 'Content-Type': 'application/x-www-form-urlencoded; charset=utf-8' };
    expect(sent({ headers, body: { a: 'b c', d: [1, 2], e: null } })).toEqual([headers['Content-Type'], 'a=b+c&d=1&d=2']);
    expect(sent({ headers, body: 'a=b' })).toEqual([headers['Content-Type'], 'a=b']);
  });

  it('is text as it is, JSON unless said otherwise', () => {
    expect(sent({ body: '<a/>', headers: { 'content-type': 'application/xml' } })).toEqual(['application/xml', '<a/>']);
    expect(sent({ body: '{"a":1}' })).toEqual(['application/json', '{"a":1}']);
  });

  it('is not there unless it is given, nor with get and head', () => {
    expect(sent({})).toEqual([undefined, undefined]);
    expect(sent({ method: 'get', body: { a: 1 } })).toEqual([undefined, undefined]);
    expect(sent({ method: 'head', multipart: [{ fieldname: 'a', value: 'b' }] })).toEqual([undefined, undefined]);
  });
});

describe('a multipart body', () => {
  const parts = (...multipart: JsonMap[]): string[] => {
    const { headers, body } = outgoing({ method: 'post', multipart, headers: { 'content-type': 'text/plain' } });
    const boundary = /^multipart\/form-data; boundary=(\S+)$/.exec(headers['content-type'] ?? '')?.[1] ?? '';
    const text = body?.toString('latin1') ?? '';
    expect(text.endsWith(`\r\n--${boundary}--\r\n`)).toBe(true);
    return text
      .split(`--${boundary}`)
      .slice(1, -1)
      .map((part) => part.slice(2, -2));
  };

  it('has a field for each part', () => {
    expect(parts({ fieldname: 'a', value: 'test' }, { fieldname: 'b', value: 7 }, { fieldname: 'c', value: { d: 1 } })).toEqual([
      'Content-Disposition: form-data; name="a"\r\n\r\ntest',
      'Content-Disposition: form-data; name="b"\r\n\r\n7',
      'Content-Disposition: form-data; name="c"\r\n\r\n{"d":1}',
    ]);
  });

  it('takes files as base64, as bytes and as a binary answer', () => {
    const binary = { contentType: 'image/png', size: 2, base64: 'aGk=' };
    expect(
      parts(
        { fieldname: 'a', filename: 'a.bin', value: 'aGVsbG8=' },
        { fieldname: 'b', filename: 'b.txt', contentType: 'text/plain', value: 'aGk=' },
        { fieldname: 'c', value: [104, 105] },
        { fieldname: 'd', filename: 'd.png', value: binary },
        { fieldname: 'e', contentType: 'application/json', value: { f: 1 } },
      ),
    ).toEqual([
      'Content-Disposition: form-data; name="a"; filename="a.bin"\r\nContent-Type: application/octet-stream\r\n\r\nhello',
      'Content-Disposition: form-data; name="b"; filename="b.txt"\r\nContent-Type: text/plain\r\n\r\naGk=',
      'Content-Disposition: form-data; name="c"\r\n\r\nhi',
      'Content-Disposition: form-data; name="d"; filename="d.png"\r\nContent-Type: image/png\r\n\r\nhi',
      'Content-Disposition: form-data; name="e"\r\nContent-Type: application/json\r\n\r\n{"f":1}',
    ]);
  });

  it('lets no name or type break out of its line', () => {
    expect(parts({ fieldname: 'a"\r\nX: y', filename: 'b"', contentType: 'text/plain\r\nX: y', value: 'v' })).toEqual([
      'Content-Disposition: form-data; name="a%22%0D%0AX: y"; filename="b%22"\r\nContent-Type: text/plain X: y\r\n\r\nv',
    ]);
  });
});

describe('a request that cannot be read', () => {
  it.each([
    { method: 'connect' },
    { query: [1] },
    { headers: 'a' },
    { multipart: [{ value: 1 }] },
    { expect: [{}] },
    { redirects: -1 },
    { auth: { basic: {} } },
  ])('is refused with the place of the mistake: %j', (request) => {
    const { code, message } = failure(request);
    expect(code).toBe('language.argument_type');
    expect(message).toContain(`\`${Object.keys(request)[0] ?? ''}`);
  });

  it.each([
    { auth: { awsv4: {} } },
    { auth: { forward: true } },
    { prismeai: { forwardWorkspaceAuth: true } },
    { prismeaiApiKey: { name: 'a' } },
  ])('is refused for what fetch cannot do yet: %j', (request) => {
    expect(failure(request).code).toBe('runtime.fetch_refused');
    expect(failure(request).message).toContain('cannot do');
  });

  it('takes null and false for not given, and methods in any case', () => {
    expect(outgoing({ auth: { forward: false }, prismeai: { forwardWorkspaceAuth: false } }).method).toBe('GET');
    const nothing = {
      query: null,
      headers: null,
      auth: null,
      stream: null,
      expect: null,
      multipart: null,
      outputMode: null,
      maxBytes: null,
    };
    expect(outgoing({ ...nothing, method: 'POST' }).method).toBe('POST');
  });
});
