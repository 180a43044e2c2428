import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { Agent, request as httpRequest, type ClientRequest, type IncomingMessage } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { MillraceClient } from '@millrace/client';
import { FilesService, WorkspacesService } from '@millrace/contracts';
import type { Json, JsonMap } from '@millrace/kernel';
import { millraceUnderTest, type MillraceUnderTest } from '@millrace/testing';

const PNG = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64');
type Sent = NonNullable<RequestInit['body']>;

const textOf = (value: Json | undefined): string => (typeof value === 'string' ? value : '');
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

describe('files of a workspace, over HTTP', () => {
  let millrace: MillraceUnderTest;
  let ada: MillraceClient;
  let nobody: MillraceClient;
  let id: string;
  let base: string;

  beforeAll(async () => {
    millrace = await millraceUnderTest();
    ada = await millrace.as('ada');
    nobody = new MillraceClient({ url: millrace.url });
    id = textOf((await ada.call(WorkspacesService.method.createWorkspace, { name: 'Files over HTTP' }))['id']);
    base = `/v1/workspaces/${id}/files`;
  });

  afterAll(async () => {
    await millrace.stop();
  });

  const upload = async (query: string, body: Sent, headers: Record<string, string> = {}): Promise<JsonMap> => {
    const answer = await ada.fetch(`${base}${query}`, { method: 'POST', body, headers });
    const file = (await answer.json()) as JsonMap;
    if (answer.status !== 201) throw new Error(`${answer.status} ${JSON.stringify(file)}`);
    return file;
  };

  const content = (file: JsonMap): string => `${base}/${textOf(file['id'])}/content`;

  it('come as they are, and go as they came', async () => {
    const bytes = randomBytes(300_000);
    const answer = await ada.fetch(`${base}?name=a%20b.bin&visibility=workspace`, {
      method: 'POST',
      body: bytes,
      headers: { 'content-type': 'application/octet-stream' },
    });
    const file = (await answer.json()) as JsonMap;
    expect([answer.status, answer.headers.get('location'), answer.headers.get('etag')]).toEqual([
      201,
      `${base}/${textOf(file['id'])}`,
      '"1"',
    ]);
    expect(file).toMatchObject({
      name: 'a b.bin',
      size: 300_000,
      sha256: sha256(bytes),
      visibility: 'workspace',
      type: 'application/octet-stream',
    });
    const got = await ada.fetch(content(file));
    expect(Buffer.from(await got.arrayBuffer())).toEqual(bytes);
    expect(Object.fromEntries(got.headers)).toMatchObject({
      'content-length': '300000',
      'content-disposition': 'attachment; filename="a b.bin"',
      'content-security-policy': 'sandbox',
      'x-content-type-options': 'nosniff',
      'accept-ranges': 'bytes',
      etag: `"${sha256(bytes)}"`,
    });
    expect(await ada.call(FilesService.method.getFile, { workspaceId: id, fileId: textOf(file['id']) })).toMatchObject({ name: 'a b.bin' });
  });

  it('come in a form, with what is said of them before or after', async () => {
    const form = new FormData();
    form.set('metadata', '{"kind":"photo"}');
    form.set('photo', new Blob([PNG], { type: 'image/png' }), 'ä.png');
    form.set('visibility', 'public');
    const file = await upload('', form);
    expect(file).toMatchObject({ name: 'ä.png', type: 'image/png', metadata: { kind: 'photo' }, visibility: 'public', size: PNG.length });
    const got = await nobody.fetch(content(file));
    expect([got.status, Buffer.from(await got.arrayBuffer())]).toEqual([200, PNG]);
    expect(got.headers.get('content-disposition')).toBe(`attachment; filename="_.png"; filename*=UTF-8''%C3%A4.png`);
  });

  it('are had in part, and not twice', async () => {
    const file = await upload('?name=digits', '0123456789', { 'content-type': 'text/plain' });
    const get = (headers: Record<string, string>) => ada.fetch(content(file), { headers });
    const etag = `"${sha256(Buffer.from('0123456789'))}"`;
    const part = await get({ range: 'bytes=2-4' });
    expect([part.status, part.headers.get('content-range'), part.headers.get('content-length'), await part.text()]).toEqual([
      206,
      'bytes 2-4/10',
      '3',
      '234',
    ]);
    expect(await (await get({ range: 'bytes=-2' })).text()).toBe('89');
    expect(await (await get({ range: 'bytes=2-4', 'if-range': etag })).text()).toBe('234');
    expect(await (await get({ range: 'bytes=2-4', 'if-range': '"other"' })).text()).toBe('0123456789');
    const none = await get({ range: 'bytes=10-' });
    expect([none.status, none.headers.get('content-range'), ((await none.json()) as JsonMap)['code']]).toEqual([
      416,
      'bytes */10',
      'api.range_invalid',
    ]);
    expect((await get({ 'if-none-match': etag })).status).toBe(304);
    const head = await ada.fetch(content(file), { method: 'HEAD' });
    expect([head.status, head.headers.get('content-length'), await head.text()]).toEqual([200, '10', '']);
  });

  it('get other bytes under If-Match', async () => {
    const file = await upload('?name=x.txt', 'one', { 'content-type': 'text/plain' });
    const put = (body: string, headers: Record<string, string>) =>
      ada.fetch(content(file), { method: 'PUT', body, headers: { 'content-type': 'text/plain', ...headers } });
    expect((await put('two', {})).status).toBe(428);
    const replaced = await put('two', { 'if-match': '"1"' });
    expect([replaced.status, replaced.headers.get('etag')]).toEqual([200, '"2"']);
    expect((await put('three', { 'if-match': '"1"' })).status).toBe(412);
    expect(await (await ada.fetch(content(file))).text()).toBe('two');
  });

  it('are refused with a reason, and leave nothing', async () => {
    const before = (await ada.call(FilesService.method.listFiles, { workspaceId: id, limit: 200 }))['items'];
    const post = async (path: string, body: Sent | null, headers: Record<string, string> = {}, as = ada) => {
      const answer = await as.fetch(path, { method: 'POST', body, headers });
      return [answer.status, ((await answer.json()) as JsonMap)['code']];
    };
    expect(await post(`${base}?nmae=x`, 'x')).toEqual([400, 'api.field_unknown']);
    expect(await post(`${base}?name=x&name=y`, 'x')).toEqual([400, 'api.upload_invalid']);
    expect(await post(`${base}?visibility=all`, 'x')).toEqual([400, 'api.invalid']);
    expect(await post(base, 'x', { 'content-type': 'image/png' })).toEqual([422, 'workspaces.file_type_disagrees']);
    expect(await post(base, '{', { 'content-type': 'multipart/form-data; boundary=x' })).toEqual([400, 'api.multipart_invalid']);
    expect(await post(base, null)).toEqual([400, 'api.body_missing']);
    const two = new FormData();
    for (const name of ['a', 'b']) two.set(name, new Blob(['x']), 'x');
    expect(await post(base, two)).toEqual([400, 'api.upload_invalid']);
    const named = new FormData();
    named.set('name', 'x');
    named.set('file', new Blob(['x']), 'x');
    expect(await post(`${base}?name=y`, named)).toEqual([400, 'api.upload_invalid']);
    expect(await post(base, 'x', {}, nobody)).toEqual([401, 'api.sign_in_needed']);
    expect(await post(base, 'x', {}, await millrace.as('bob'))).toEqual([404, 'workspaces.not_found']);
    expect((await ada.call(FilesService.method.listFiles, { workspaceId: id, limit: 200 }))['items']).toEqual(before);
  });

  it('are had by a link, without a credential, until it is taken back', async () => {
    const file = await upload('?name=shared.txt', 'shared', { 'content-type': 'text/plain' });
    const fileId = textOf(file['id']);
    expect((await nobody.fetch(content(file))).status).toBe(404);
    const link = await ada.call(FilesService.method.createLink, { workspaceId: id, fileId, seconds: 60 });
    const path = textOf(link['path']);
    expect(await (await nobody.fetch(path)).text()).toBe('shared');
    expect((await nobody.fetch(`${path.slice(0, -1)}${path.endsWith('A') ? 'B' : 'A'}`)).status).toBe(404);
    await ada.call(FilesService.method.revokeLink, { workspaceId: id, fileId, linkId: textOf(link['id']) });
    expect((await nobody.fetch(path)).status).toBe(404);
    await expect(ada.call(FilesService.method.createLink, { workspaceId: id, fileId, seconds: 2_592_001 })).rejects.toMatchObject({
      status: 400,
    });
  });

  describe('that are large', () => {
    const MIB = 1024 * 1024;
    // A connection that is to be closed takes answers with it that were not read yet.
    const agent = new Agent({ keepAlive: true });

    afterAll(() => agent.destroy());

    const begin = async (size: number | undefined, headers: Record<string, string> = {}): Promise<ClientRequest> => {
      const { hostname, port } = new URL(millrace.url);
      const authorization = `Bearer ${await millrace.token('ada')}`;
      const length = size === undefined ? {} : { 'content-length': String(size) };
      return httpRequest({
        ...{ host: hostname, port, method: 'POST', path: `${base}?name=large.bin`, agent },
        headers: { authorization, 'content-type': 'application/octet-stream', ...length, ...headers },
      });
    };

    const answerOf = async (request: ClientRequest): Promise<IncomingMessage> =>
      ((await once(request, 'response')) as [IncomingMessage])[0];

    const bodyOf = async (answer: IncomingMessage): Promise<JsonMap> =>
      JSON.parse(Buffer.concat(await Array.fromAsync(answer as AsyncIterable<Uint8Array>)).toString()) as JsonMap;

    it('flow through: 100 MiB, one byte more is refused before it is sent', async () => {
      const chunk = randomBytes(MIB);
      const hash = createHash('sha256');
      const request = await begin(100 * MIB);
      const answered = answerOf(request);
      for (let sent = 0; sent < 100; sent += 1) {
        hash.update(chunk);
        if (!request.write(chunk)) await once(request, 'drain');
      }
      request.end();
      const answer = await answered;
      const file = await bodyOf(answer);
      expect([answer.statusCode, file['size'], file['sha256']]).toEqual([201, 100 * MIB, hash.digest('hex')]);
      const refused = await begin(100 * MIB + 1, { expect: '100-continue' });
      let isInvited = false;
      refused.on('continue', () => (isInvited = true));
      refused.flushHeaders();
      const refusal = await answerOf(refused);
      expect([refusal.statusCode, (await bodyOf(refusal))['code'], isInvited]).toEqual([413, 'workspaces.upload_too_large', false]);
      refused.destroy();
    });

    it('are refused when they grow too large on the way', async () => {
      const request = await begin(undefined);
      const answered = answerOf(request);
      request.on('error', () => undefined);
      const chunk = Buffer.alloc(MIB);
      const answers: IncomingMessage[] = [];
      void answered.then((one) => answers.push(one));
      for (let sent = 0; sent < 110 && answers.length === 0; sent += 1) {
        if (!request.write(chunk)) await Promise.race([once(request, 'drain'), answered]);
      }
      const answer = await answered;
      expect([answer.statusCode, (await bodyOf(answer))['code']]).toEqual([413, 'api.upload_too_large']);
      request.destroy();
    });

    it('become nothing when they break off', async () => {
      const before = (await ada.call(FilesService.method.listFiles, { workspaceId: id, limit: 200 }))['items'];
      const request = await begin(2 * MIB);
      request.on('error', () => undefined);
      const closed = new Promise((resolve) => request.once('close', resolve));
      request.write(Buffer.alloc(MIB));
      request.destroy();
      await closed;
      await upload('?name=after', 'after', { 'content-type': 'text/plain' });
      const after = (await ada.call(FilesService.method.listFiles, { workspaceId: id, limit: 200 }))['items'];
      expect((after as Json[]).length).toBe((before as Json[]).length + 1);
    });
  });
});
