import { EventsService, listingOf, WorkspacesService } from '@millrace/contracts';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openStage, type Stage } from '../../../../testing/stage';
import { callRoutes } from './call-route';
import { PUBLIC_SERVICES } from './public-services';

const LISTS = callRoutes(PUBLIC_SERVICES).filter(({ method }) => method.output.fields.some(({ name }) => name === 'next_cursor'));
const EVENTS = '/v1/workspaces/hotel/events';

interface Answer {
  readonly nextCursor?: string;
  readonly code?: string;
}

describe('the pages of a list', () => {
  let stage: Stage;
  const seen: { cursor: string; limit: number }[] = [];

  beforeAll(async () => {
    // One function for each method: the server marks it with what it answers.
    const page = () => async (request: { cursor: string; limit: number }) => {
      seen.push(request);
      return { items: [], nextCursor: request.cursor === 'the end' ? '' : `${request.cursor}page>` };
    };
    stage = await openStage({
      handlers: [
        [WorkspacesService.method.listWorkspaces, page()],
        [EventsService.method.listEvents, page()],
        [EventsService.method.searchEvents, page()],
      ],
    });
  });

  afterAll(async () => {
    await stage[Symbol.asyncDispose]();
  });

  const read = async (path: string, body?: object): Promise<{ status: number; body: Answer; link: string | null }> => {
    const answer = await stage.call(body === undefined ? 'GET' : 'POST', path, body);
    return { status: answer.status, body: (await answer.json()) as Answer, link: answer.headers.get('link') };
  };

  it('follow each other; services see the cursors they made, callers cannot read them', async () => {
    const { body: first } = await read('/v1/workspaces?limit=2');
    expect(Buffer.from(first.nextCursor ?? '', 'base64url').toString('latin1')).not.toContain('page');
    const { body: second } = await read(`/v1/workspaces?limit=2&cursor=${first.nextCursor ?? ''}`);
    await read(`/v1/workspaces?limit=7&cursor=${second.nextCursor ?? ''}`);
    expect(seen.slice(-3).map(({ cursor, limit }) => [cursor, limit])).toEqual([
      ['', 2],
      ['page>', 2],
      ['page>page>', 7],
    ]);
  });

  it('are linked, with all that was asked for', async () => {
    const {
      body: { nextCursor = '' },
      link,
    } = await read('/v1/workspaces?limit=2');
    expect(link).toBe(`</v1/workspaces?limit=2&cursor=${nextCursor}>; rel="next"`);
    const { status } = await read(/<(.*)>/.exec(link ?? '')?.[1] ?? '');
    expect(status).toBe(200);
  });

  it('of one list are none of another: neither filter, nor workspace, nor method may change on the way', async () => {
    const {
      body: { nextCursor = '' },
    } = await read(`${EVENTS}?types=a.b`);
    for (const path of [EVENTS, `${EVENTS}?types=a.c`, '/v1/workspaces/other/events?types=a.b', '/v1/workspaces']) {
      const {
        status,
        body: { code },
      } = await read(`${path}${path.includes('?') ? '&' : '?'}cursor=${nextCursor}`);
      expect([path, status, code]).toEqual([path, 400, 'api.cursor_invalid']);
    }
    expect(await read(`${EVENTS}:search`, { types: ['a.b'], cursor: nextCursor })).toMatchObject({
      status: 400,
      body: { code: 'api.cursor_invalid' },
    });
  });

  it('can be asked for in a body', async () => {
    const {
      body: { nextCursor = '' },
      link,
    } = await read(`${EVENTS}:search`, { types: ['a.b'] });
    expect(link).toBeNull();
    expect(await read(`${EVENTS}:search`, { types: ['a.b'], limit: 9, cursor: nextCursor })).toMatchObject({ status: 200 });
    expect(seen.at(-1)).toMatchObject({ cursor: 'page>' });
  });

  it.each(['>', 'MQ', 'the end'])('cannot be asked for with a cursor of one’s own: %s', async (cursor) => {
    expect(await read(`/v1/workspaces?cursor=${encodeURIComponent(cursor)}`)).toMatchObject({
      status: 400,
      body: { code: 'api.cursor_invalid' },
    });
  });

  it('are those of every method that has pages', () => {
    expect(LISTS.length).toBeGreaterThan(10);
    for (const { method } of LISTS) {
      const [cursor, next] = [method.input, method.output].map(({ fields }) => fields.find(({ name }) => /^(next_)?cursor$/.test(name)));
      expect([method.name, cursor?.fieldKind, next?.fieldKind]).toEqual([method.name, 'scalar', 'scalar']);
    }
  });

  it('can be filtered and sorted by fields of their items, unless they tell a story or have filters of their own', () => {
    const own = LISTS.filter(({ verb, method }) => verb === 'get' && listingOf(method) === undefined).map(({ method }) => method.name);
    const stories = ['CompareRuns', 'ListAudit', 'ListEvents', 'ListPlatformAudit', 'ListRunEvents', 'ListRuns', 'ListSteps'];
    expect(own.sort()).toEqual([...stories, 'ListConnections', 'ListContexts'].sort());
    for (const { method } of LISTS.filter((route) => listingOf(route.method) !== undefined)) {
      const asked = method.input.fields.map(({ name }) => name).filter((name) => ['where', 'sort', 'limit', 'cursor'].includes(name));
      expect([method.name, ...asked.sort()]).toEqual([method.name, 'cursor', 'limit', 'sort', 'where']);
    }
  });
});
