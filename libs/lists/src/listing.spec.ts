import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { describe, expect, it } from '@jest/globals';
import { MembersService, RightsService, WorkspacesService } from '@millrace/contracts';
import type { AskedPage, Page } from '@millrace/kernel';
import { compileFilter, parseFilter } from '@millrace/language';
import fc from 'fast-check';
import { Listing, type ListRequest } from './listing';

interface Person {
  readonly id: string;
  readonly userId: string;
  readonly roles: readonly string[];
  readonly createdAt: number;
  readonly expiresAt?: number;
}

const MEMBERS = new Listing(MembersService.method.listMembers);
const KEPT = new Listing(MembersService.method.listMembers, 'in order');
const ROLES = new Listing(RightsService.method.listRoles);
const ALL: ListRequest = { where: '', sort: '', limit: 0, cursor: '' };

/** Pages of a list that is kept in the order of its ids. */
function kept<T>(all: readonly T[]): (page: AskedPage) => Promise<Page<T>> {
  return ({ limit, cursor }) => {
    const from = Number(cursor);
    return Promise.resolve({
      items: all.slice(from, from + limit),
      ...(from + limit < all.length ? { nextCursor: `${from + limit}` } : {}),
    });
  };
}

function shown({ id, userId, roles, createdAt, expiresAt }: Person) {
  const end = expiresAt === undefined ? {} : { expiresAt: timestampFromMs(expiresAt) };
  return { id, userId, roles: [...roles], createdAt: timestampFromMs(createdAt), ...end };
}

async function ids(all: readonly Person[], request: ListRequest, list = MEMBERS): Promise<readonly string[]> {
  const found: string[] = [];
  let cursor = '';
  do {
    const page = await list.answer({ ...request, cursor }, kept(all), shown);
    expect(page.items.length).toBeLessThanOrEqual(request.limit);
    found.push(...page.items.map(({ id }) => id));
    cursor = page.nextCursor;
  } while (cursor !== '');
  return found;
}

const person = fc.record(
  {
    id: fc.uuid(),
    userId: fc.constantFrom('', 'ada', 'bob', 'Zoë'),
    roles: fc.subarray(['viewer', 'editor', 'desk']),
    createdAt: fc.integer({ min: 1, max: 5 }),
    expiresAt: fc.integer({ min: 1, max: 3 }),
  },
  { requiredKeys: ['id', 'userId', 'roles', 'createdAt'] },
);
const people = fc.uniqueArray(person, { selector: ({ id }) => id, maxLength: 40 });
const condition = fc.constantFrom(
  'createdAt > 2',
  "roles = 'desk'",
  "userId starts with 'a' or expiresAt exists",
  'not (userId = null)',
  'expiresAt < 3',
);
const field = fc.constantFrom('id', 'userId', 'createdAt', 'expiresAt');

describe('a list', () => {
  it('is by pages what filtering and sorting all of it gives, however large they are', async () => {
    const asked = fc.tuple(people, condition, field, fc.boolean(), fc.integer({ min: 1, max: 9 }));
    await fc.assert(
      fc.asyncProperty(asked, async ([all, where, by, down, limit]) => {
        const fits = compileFilter(parseFilter(where, { names: new Set([...where.split(/\W/)]), times: new Set() }));
        const key = (each: Person) => [each[by] === '' ? undefined : each[by], each.id] as const;
        const wanted = all
          .filter((each) => fits({ ...each, userId: each.userId === '' ? null : each.userId }))
          .sort((a, b) => {
            const [[x, k], [y, l]] = [key(a), key(b)];
            const ascending = x === y ? (k < l ? -1 : 1) : x === undefined || (y !== undefined && x < y) ? -1 : 1;
            return down ? -ascending : ascending;
          });
        const sort = `${down ? '-' : ''}${by}`;
        expect(await ids(all, { where, sort, limit, cursor: '' })).toEqual(wanted.map(({ id }) => id));
      }),
    );
  });

  it('that is kept in its order is the same, and no more of it is read than a page needs', async () => {
    const asked = fc.tuple(people, condition, fc.constantFrom('', '-createdAt', 'createdAt'), fc.integer({ min: 1, max: 9 }));
    await fc.assert(
      fc.asyncProperty(asked, async ([all, where, sort, limit]) => {
        const newest = [...all].sort((a, b) => b.createdAt - a.createdAt || (a.id < b.id ? 1 : -1));
        const request = { where, sort, limit, cursor: '' };
        expect(await ids(newest, request, KEPT)).toEqual(await ids(all, { ...request, sort: sort === '' ? '-createdAt' : sort }));
      }),
    );
  });

  it('that is kept in its order ends a page early when it has looked at a lot, and goes on from there', async () => {
    const all = Array.from({ length: 12_000 }, (_, index) => ({ id: `${30_000 - index}`, userId: '', roles: [], createdAt: 1 }));
    let read = 0;
    const counted = async (page: AskedPage) => {
      const answer = await kept(all)(page);
      read += answer.items.length;
      return answer;
    };
    const pages: string[][] = [];
    let cursor = '';
    do {
      read = 0;
      const page = await KEPT.answer({ ...ALL, where: "id ends with '777'", limit: 2, cursor }, counted, shown);
      expect(read).toBeLessThanOrEqual(5_000);
      pages.push(page.items.map(({ id }) => id));
      cursor = page.nextCursor;
    } while (cursor !== '');
    expect(pages.flat()).toEqual(all.map(({ id }) => id).filter((id) => id.endsWith('777')));
    read = 0;
    await KEPT.answer({ ...ALL, where: "id starts with '2'", limit: 1 }, counted, shown);
    expect(read).toBe(200);
  });

  it('that can be gone through is gone through once for a filter or an order, however many pages it has', async () => {
    const all = Array.from({ length: 900 }, (_, index) => ({ id: `${1_000 + index}`, userId: '', roles: [], createdAt: index }));
    let begun = 0;
    const each = async function* () {
      begun += 1;
      yield* all.toReversed();
    };
    const none = () => Promise.reject(new Error('no page is read'));
    const request = { ...ALL, where: "id ends with '77'", sort: '-createdAt', limit: 5 };
    const first = await MEMBERS.answer(request, none, shown, each);
    expect(first.items.map(({ id }) => id)).toEqual(['1877', '1777', '1677', '1577', '1477']);
    const rest = await MEMBERS.answer({ ...request, cursor: first.nextCursor }, none, shown, each);
    expect([rest.items.map(({ id }) => id), rest.nextCursor, begun]).toEqual([['1377', '1277', '1177', '1077'], '', 2]);
    expect((await MEMBERS.answer({ ...ALL, limit: 3 }, kept(all), shown, each)).items.map(({ id }) => id)).toEqual([
      '1000',
      '1001',
      '1002',
    ]);
  });

  it('goes on where it was when items come and go meanwhile', async () => {
    const all = ['a', 'b', 'c', 'd'].map((id) => ({ id, userId: id, roles: [], createdAt: 1 }));
    const request = { ...ALL, sort: 'userId', limit: 2 };
    const { items, nextCursor } = await MEMBERS.answer(request, kept(all), shown);
    const meanwhile = [{ id: '0', userId: '0', roles: [], createdAt: 2 }, ...all.filter(({ id }) => id !== 'b')];
    const second = await MEMBERS.answer({ ...request, cursor: nextCursor }, kept(meanwhile), shown);
    expect([items, second.items].map((page) => page.map(({ id }) => id))).toEqual([
      ['a', 'b'],
      ['c', 'd'],
    ]);
  });

  it('is as it was kept when nothing is asked of it, 50 at a time', async () => {
    const all = Array.from({ length: 60 }, (_, index) => ({ id: `${100 - index}`, userId: '', roles: [], createdAt: 1 }));
    const { items, nextCursor } = await MEMBERS.answer(ALL, kept(all), shown);
    expect([items.length, items[0]?.id, nextCursor]).toEqual([50, '100', '50']);
  });

  it('that is there as a whole is shown so, unless a limit is asked for', () => {
    const all = ['viewer', 'desk', 'owner'].map((name) => ({ name, builtIn: name !== 'desk' }));
    const names = (request: Partial<ListRequest>) => {
      const { items, nextCursor } = ROLES.among({ ...ALL, ...request }, all);
      return [...items.map(({ name }) => name), ...(nextCursor === '' ? [] : [nextCursor])];
    };
    expect(names({})).toEqual(['viewer', 'desk', 'owner']);
    expect(names({ where: 'builtIn = true' })).toEqual(['owner', 'viewer']);
    const [first, second, cursor = ''] = names({ limit: 2 });
    expect([first, second]).toEqual(['desk', 'owner']);
    expect(names({ limit: 2, cursor })).toEqual(['viewer']);
  });
});

describe('what a list cannot do', () => {
  const answer = (request: Partial<ListRequest>) => MEMBERS.answer({ ...ALL, ...request }, kept([]), shown);

  it('names the fields there are', async () => {
    await expect(answer({ where: "shoe = 'x'" })).rejects.toMatchObject({
      code: 'lists.filter_invalid',
      refusal: 'invalid',
      message: expect.stringContaining('id, userId, email, roles'),
      errors: [{ pointer: '/where' }],
    });
    await expect(answer({ sort: 'shoe' })).rejects.toMatchObject({
      code: 'lists.sort_invalid',
      refusal: 'invalid',
      message: expect.stringMatching(/id, userId, email, invitedBy, createdAt, expiresAt/),
      errors: [{ pointer: '/sort' }],
    });
  });

  it.each(['roles', '-roles', '-', '--createdAt'])('is sorting by %s', async (sort) => {
    await expect(answer({ sort })).rejects.toMatchObject({ code: 'lists.sort_invalid' });
  });

  it.each(['x', 'eyJ9', ...['[1]', '["",{},"a"]', '["",1]', '["",1,"a",2]'].map((text) => Buffer.from(text).toString('base64url'))])(
    'is going on from %s',
    async (cursor) => {
      await expect(answer({ sort: 'id', cursor })).rejects.toMatchObject({ code: 'lists.cursor_invalid', refusal: 'invalid' });
    },
  );

  it('is being of a method that says nothing of it', () => {
    expect(() => new Listing(WorkspacesService.method.getWorkspace)).toThrow('its answer has no items');
    expect(() => new Listing(WorkspacesService.method.listAutomationUsages)).toThrow('its first field');
  });
});
