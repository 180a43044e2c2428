import { create } from '@bufbuild/protobuf';
import { AutomationSchema, EventsService, RunsService, WorkspacesService } from '@millrace/contracts';
import { describe, expect, it } from '@jest/globals';
import { refusalOf } from '../../../../testing/refusal-of';
import { AnswerWriter } from './answer-writer';
import { Narrowing } from './narrowing';
import { readQuery } from './query';

const { getWorkspace, listWorkspaces, deleteWorkspace, listAutomations } = WorkspacesService.method;
const bytes = (json: string): Uint8Array => new TextEncoder().encode(json);

const EVENT = {
  id: 'evt_1',
  type: 'orders.paid',
  payload: bytes('{"total": 1.0, "lines": [{"sku": "a", "price": 12345678901234567890}], "note": "x"}'),
};

describe('the fields that a caller wants', () => {
  const narrowed = async (
    method: typeof getWorkspace | typeof listWorkspaces | typeof EventsService.method.listEvents,
    fields: string,
    answer: object,
  ): Promise<unknown> => {
    const { wanted } = new Narrowing(method).read(readQuery(`fields=${fields}`));
    const { body } = await new AnswerWriter(method).answer(create(method.output, answer), wanted);
    return body;
  };

  it('are all there are when none are named', () => {
    expect(new Narrowing(getWorkspace).read(readQuery('a=b'))).toEqual({ wanted: undefined, rest: new Map([['a', ['b']]]) });
  });

  it('are shown of a document, and of what stands in it', async () => {
    const workspace = { id: 'ws_1', slug: 'mill', name: 'Mill', activeVersion: { id: 'ver_1', number: 7 } };
    expect(await narrowed(getWorkspace, 'slug,activeVersion.number', { workspace })).toBe('{"slug":"mill","activeVersion":{"number":7}}');
    expect(await narrowed(getWorkspace, 'activeVersion,activeVersion.number', { workspace })).toContain('"id":"ver_1"');
    expect(await narrowed(getWorkspace, 'activeVersion.number,activeVersion', { workspace })).toContain('"id":"ver_1"');
  });

  it('are shown of each item of a list, whose next page is always told', async () => {
    const items = [{ slug: 'a' }, { slug: 'b', name: 'B' }];
    expect(await narrowed(listWorkspaces, 'slug', { items, nextCursor: 'x' })).toBe(
      '{"items":[{"slug":"a"},{"slug":"b"}],"nextCursor":"x"}',
    );
  });

  it('are shown of documents of the caller’s own as they were written, in lists too', async () => {
    const narrow = (fields: string): Promise<unknown> => narrowed(EventsService.method.listEvents, fields, { items: [EVENT] });
    expect(await narrow('payload.total')).toBe('{"items":[{"payload":{"total":1.0}}]}');
    expect(await narrow('payload.lines.price,id')).toBe('{"items":[{"id":"evt_1","payload":{"lines":[{"price":12345678901234567890}]}}]}');
    expect(await narrow('payload.missing,payload.note')).toBe('{"items":[{"payload":{"note":"x"}}]}');
    expect(await narrow('payload.total.deeper')).toBe('{"items":[{"payload":{"total":1.0}}]}');
  });

  it.each([
    ['slugg', 'Did you mean "slug"?'],
    ['', 'There is no field ""'],
    ['activeVersion.numbre', 'Did you mean "activeVersion.number"?'],
    ['name.first', '"name" has no fields of its own.'],
    ['createdAt.seconds', '"createdAt" has no fields of its own.'],
    ['a.b.c.d.e.f.g.h.i', 'at most 8'],
    ['__proto__', 'There is no field'],
  ])('must be there: %j', (fields, told) => {
    const refusal = refusalOf(() => new Narrowing(getWorkspace).read(readQuery(`fields=${fields}`)));
    expect(refusal).toMatchObject({ refusal: 'invalid', errors: [{ pointer: '/fields' }] });
    expect(refusal.message).toContain(told);
  });

  it('are named once, and not by the hundred', () => {
    const read = (query: string) => refusalOf(() => new Narrowing(getWorkspace).read(readQuery(query)));
    expect(read('fields=slug&fields=name')).toMatchObject({ errors: [{ detail: 'This parameter may stand only once.' }] });
    expect(read(`fields=${'slug,'.repeat(50)}slug`)).toMatchObject({ code: 'api.fields_too_many' });
  });

  it('can be named wherever an answer has some', () => {
    expect([getWorkspace, listAutomations, RunsService.method.getRun].map((method) => new Narrowing(method).isOffered)).toEqual([
      true,
      true,
      true,
    ]);
    expect(new Narrowing(deleteWorkspace).isOffered).toBe(false);
    expect(AutomationSchema.fields.some(({ name }) => name === 'fields')).toBe(false);
  });
});
