import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { WorkspacesService } from '@millrace/contracts';
import { DomainError } from '@millrace/kernel';
import { openStage, type Stage } from '../../../../../testing/stage';

const { getWorkspace, listWorkspaces } = WorkspacesService.method;
const WORKSPACES = [
  { id: 'ws_1', slug: 'hotel', name: 'Hôtel', etag: '7' },
  { id: 'ws_2', slug: 'inn', name: 'Inn', etag: '1' },
];

describe('what every answer of a door behind TLS says', () => {
  let stage: Stage;
  let refusal = new DomainError('a.b', 'exhausted', 'Enough.');

  beforeAll(async () => {
    stage = await openStage({
      publicUrl: 'https://door.test',
      handlers: [
        [listWorkspaces, async () => ({ items: WORKSPACES, nextCursor: 'more' })],
        [
          getWorkspace,
          async () => {
            throw refusal;
          },
        ],
      ],
    });
  });

  afterAll(async () => {
    await stage[Symbol.asyncDispose]();
  });

  it('is that it is reached over TLS only, also where it refuses', async () => {
    for (const path of ['/v1/workspaces', '/v1/nothing', '/v1/a..b', '/nothing']) {
      const { headers } = await stage.call('GET', path);
      expect(headers.get('strict-transport-security')).toBe('max-age=31536000; includeSubDomains');
    }
    const anyone = await stage.call('GET', '/v1/workspaces', undefined, { authorization: 'Bearer x' });
    expect([anyone.status, anyone.headers.has('strict-transport-security')]).toEqual([401, true]);
  });

  it('narrows the items of a list, and still leads on to the next page of just these fields', async () => {
    const page = await stage.call('GET', '/v1/workspaces?limit=2&fields=slug');
    const { items, nextCursor } = (await page.json()) as { items: unknown; nextCursor: string };
    expect(items).toEqual([{ slug: 'hotel' }, { slug: 'inn' }]);
    expect(page.headers.get('link')).toBe(`</v1/workspaces?limit=2&fields=slug&cursor=${nextCursor}>; rel="next"`);
    expect(page.headers.has('etag')).toBe(false);
  });

  it.each([
    ['exhausted', 429, {}, null],
    ['exhausted', 429, { retryAfter: 3 }, '3'],
    ['unavailable', 503, {}, '2'],
    ['unavailable', 503, { retryAfter: 7 }, '7'],
  ] as const)('says when to come back where waiting helps: %s, %i', async (kind, status, facts, wait) => {
    refusal = new DomainError('a.b', kind, 'Not now.', { facts });
    const answer = await stage.call('GET', '/v1/workspaces/hotel');
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([status, wait]);
  });
});
