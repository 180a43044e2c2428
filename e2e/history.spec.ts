import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { MillraceClient } from '@millrace/client';
import { HistoryService, RetentionService, WorkspacesService } from '@millrace/contracts';
import type { Json, JsonMap } from '@millrace/kernel';
import { millraceUnderTest, type MillraceUnderTest } from '@millrace/testing';

const CLOUD = { specversion: '1.0', source: '/shop', type: 'orders.paid', subject: 'order/1', tenant: 't1' };

const textOf = (value: Json | undefined): string => (typeof value === 'string' ? value : '');

describe('the history of a workspace', () => {
  let millrace: MillraceUnderTest;
  let ada: MillraceClient;
  let id: string;

  beforeAll(async () => {
    millrace = await millraceUnderTest();
    ada = await millrace.as('ada');
    id = textOf((await ada.call(WorkspacesService.method.createWorkspace, { name: 'History' }))['id']);
  });

  afterAll(async () => {
    await millrace.stop();
  });

  const ask = async (path: string, init: { method?: string; body?: string; headers?: Record<string, string> } = {}) => {
    const answer = await ada.fetch(`/v1/workspaces/${id}${path}`, init);
    const text = await answer.text();
    return { status: answer.status, headers: answer.headers, text, json: () => JSON.parse(text) as JsonMap };
  };
  const cloud = (type: string, body: unknown, headers: Record<string, string> = {}) =>
    ask('/events', { method: 'POST', headers: { 'content-type': type, ...headers }, body: JSON.stringify(body) });

  /** Resolves when so many orders can be found. */
  async function found(count: number): Promise<void> {
    for (let there = -1; there !== count;) {
      there = Number((await ada.call(HistoryService.method.aggregateEvents, { workspaceId: id, types: ['orders.>'] }))['count'] ?? 0);
    }
  }

  it('takes CloudEvents in every mode, one that comes twice once, and gives them out', async () => {
    const one = await cloud('application/cloudevents+json', { ...CLOUD, id: 'a', data: { total: 5 } });
    expect(one.status).toBe(201);
    const again = await cloud(
      'application/json',
      { total: 5 },
      {
        ...{
          'ce-specversion': '1.0',
          'ce-id': 'a',
          'ce-source': '/shop',
          'ce-type': 'orders.paid',
          'ce-subject': 'order/1',
          'ce-tenant': 't1',
        },
      },
    );
    expect([again.status, again.json()]).toEqual([201, one.json()]);
    const batch = await cloud(
      'application/cloudevents-batch+json',
      ['b', 'c'].map((each) => ({ ...CLOUD, id: each, data: { total: 7 } })),
    );
    expect(batch.status).toBe(201);
    await found(3);
    const [{ id: eventId } = { id: '' }] = one.json()['events'] as unknown as { id: string }[];
    const out = await ask(`/events/${eventId}`, { headers: { accept: 'application/cloudevents+json' } });
    expect(out.headers.get('content-type')).toContain('application/cloudevents+json');
    expect(out.json()).toMatchObject({
      specversion: '1.0',
      id: eventId,
      type: 'orders.paid',
      cesource: '/shop',
      tenant: 't1',
      data: { total: 5 },
    });
    const list = await ask('/events?types=orders.paid&limit=2', { headers: { accept: 'application/cloudevents-batch+json' } });
    expect(JSON.parse(list.text)).toHaveLength(2);
    expect(list.headers.get('link')).toContain('rel="next"');
    expect((await ask(`/events/${eventId}`)).json()).toMatchObject({ payload: { total: 5 }, extensions: { cesource: '/shop' } });
  });

  it('refuses CloudEvents that it cannot read with 415, and others as the door does', async () => {
    expect((await cloud('application/cloudevents+json', { ...CLOUD, id: 'x', specversion: '0.3' })).status).toBe(415);
    expect((await cloud('application/cloudevents+json', { ...CLOUD, id: 'x', datacontenttype: 'text/xml', data: '<a/>' })).status).toBe(
      415,
    );
    expect((await cloud('application/cloudevents+json', { ...CLOUD, id: 'x', type: 'workspaces.created' })).json()).toMatchObject({
      ...{ status: 422, code: 'events.native_type' },
    });
    expect((await cloud('text/plain', {})).status).toBe(415);
    expect(
      (
        await ada.fetch(`/v1/workspaces/${id}/events`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: '{"events":[{"type":"orders.sent"}]}',
        })
      ).status,
    ).toBe(201);
    await found(4);
  });

  it('is counted, and told in lines that can be gone on with', async () => {
    const table = await ada.call(HistoryService.method.aggregateEvents, {
      ...{ workspaceId: id, types: ['orders.>'], group: [{ by: 'type' }], measure: [{ op: 'sum', of: 'payload.total' }] },
    });
    expect(table).toMatchObject({
      count: 4,
      rows: [{ group: ['orders.paid'], count: 3, measures: [{ value: 19 }] }, { group: ['orders.sent'] }],
    });
    const whole = await ask('/events:export?types=orders.*', { headers: { 'accept-encoding': 'identity' } });
    expect(whole.headers.get('content-type')).toContain('application/x-ndjson');
    const lines = whole.text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as JsonMap);
    expect(lines.slice(0, -1).map(({ type }) => type)).toEqual(['orders.paid', 'orders.paid', 'orders.paid', 'orders.sent']);
    const end = lines.at(-1);
    expect(end).toEqual({ cursor: expect.any(String), complete: true });
    const rest = await ask(`/events:export?types=orders.*&cursor=${encodeURIComponent(textOf(end?.['cursor']))}`);
    expect(rest.text.trimEnd().split('\n')).toHaveLength(1);
    expect((await ask(`/events:export?types=other.*&cursor=${encodeURIComponent(textOf(end?.['cursor']))}`)).json()).toMatchObject({
      code: 'api.cursor_invalid',
    });
    expect((await ask('/events:export?nothing=1')).status).toBe(400);
    const packed = await ada.fetch(`/v1/workspaces/${id}/events:export?types=orders.*`, { headers: { 'accept-encoding': 'gzip' } });
    const bytes = Buffer.from(await packed.arrayBuffer());
    const text = packed.headers.get('content-encoding') === 'gzip' && bytes[0] === 0x1f ? gunzipSync(bytes).toString() : bytes.toString();
    expect(text.split('\n').length).toBe(6);
  });

  it('hides at once what is kept no longer', async () => {
    const retention = await ada.call(RetentionService.method.getRetention, { workspaceId: id });
    expect(retention).toMatchObject({ defaultDays: 180, auditDays: 1826, etag: '0' });
    const without = await ask('/retention', { method: 'PUT', headers: { 'content-type': 'application/json' }, body: '{"rules":[]}' });
    expect(without.status).toBe(428);
    const set = await ask('/retention', {
      ...{ method: 'PUT', headers: { 'content-type': 'application/json', 'if-match': '"0"' } },
      body: JSON.stringify({ rules: [{ types: ['orders.>'], days: 1 }] }),
    });
    expect(set.status).toBe(200);
    expect(set.headers.get('etag')).toMatch(/^"\d+"$/);
    await found(4);
  });
});
