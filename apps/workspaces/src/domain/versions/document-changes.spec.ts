import { describe, expect, it } from '@jest/globals';
import type { Json } from '@millrace/kernel';
import fc from 'fast-check';
import { documentChanges } from './document-changes';

const changes = (before: Json, after: Json): string[] =>
  documentChanges(before, after).map(({ kind, of, path, from }) => `${of} ${path} ${kind}${from === undefined ? '' : ` from ${from}`}`);

const set = (name: string, value: Json = 1): Json => ({ set: { name, value } });

describe('the changes of a document', () => {
  it('are none where only the order of keys is another', () => {
    expect(changes({ do: [], name: 'a' }, { name: 'a', do: [] })).toEqual([]);
  });

  it('name keys and triggers by their paths, with what they were and are', () => {
    const before = { name: 'a', when: { events: ['x', 'y'], endpoint: true }, do: [] };
    const after = { name: 'b', when: { events: ['x', 'z'] }, do: [], output: 1 };
    expect(changes(before, after)).toEqual([
      'key /name changed',
      'trigger /when/endpoint removed',
      'trigger /when/events/1 changed',
      'key /output added',
    ]);
    expect(documentChanges(before, after)[0]).toMatchObject({ before: 'a', after: 'b' });
  });

  it('tell an instruction that was put between others from those that only have another place now', () => {
    expect(changes({ do: [set('a'), set('b')] }, { do: [set('a'), { emit: { event: 'e' } }, set('b')] })).toEqual([
      'instruction /do/1 added',
    ]);
    expect(changes({ do: [set('a'), { break: {} }, set('b')] }, { do: [set('a'), set('b')] })).toEqual(['instruction /do/1 removed']);
  });

  it('tell what moved, from where', () => {
    expect(changes({ do: [set('a'), set('b'), set('c')] }, { do: [set('c'), set('a'), set('b')] })).toEqual([
      'instruction /do/0 moved from /do/2',
    ]);
  });

  it('name the argument of an instruction that changed, also in nested ones', () => {
    expect(changes({ do: [set('a'), set('b')] }, { do: [set('a'), set('b', 2)] })).toEqual(['instruction /do/1/set/value changed']);
    const nested = (value: Json): Json => ({ do: [{ repeat: { on: '{{l}}', do: [set('a', value), { break: {} }] } }] });
    expect(changes(nested(1), nested({ x: 1 }))).toEqual(['instruction /do/0/repeat/do/0/set/value changed']);
  });

  it('take another instruction for another one', () => {
    expect(changes({ do: [set('a')] }, { do: [{ emit: { event: 'e' } }] })).toEqual([
      'instruction /do/0 added',
      'instruction /do/0 removed',
    ]);
  });

  it('take an instruction that says nothing for none of the others', () => {
    expect(changes({ do: [{}, { break: {} }] }, { do: [set('a'), { break: {} }] })).toEqual([
      'instruction /do/0 added',
      'instruction /do/0 removed',
    ]);
  });

  it('of lists too long to be compared pair by pair are still told whole', () => {
    const long = (from: number): Json => ({ do: Array.from({ length: 1_001 }, (_, index) => set(`n${from + index}`)) });
    const found = changes(long(0), long(5_000));
    expect(found).toHaveLength(1_001);
    expect(new Set(found.map((each) => each.split(' ').at(-1)))).toEqual(new Set(['changed']));
  });

  it('are none of equal values and some of others, whatever they are', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (before, after) => {
        expect(documentChanges(before as Json, before as Json)).toEqual([]);
        const isSame = documentChanges(before as Json, after as Json).length === 0;
        expect(isSame).toBe(JSON.stringify(sorted(before)) === JSON.stringify(sorted(after)));
      }),
    );
  });

  it('of lists that were shuffled are moves alone', () => {
    const list = fc.uniqueArray(fc.integer(), { maxLength: 12 });
    fc.assert(
      fc.property(
        list.chain((items) => fc.tuple(fc.constant(items), fc.shuffledSubarray(items, { minLength: items.length }))),
        ([before, after]) => {
          expect(documentChanges({ do: before }, { do: after }).filter(({ kind }) => kind !== 'moved')).toEqual([]);
        },
      ),
    );
  });
});

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, each]) => [key, sorted(each)]);
  return { entries };
}
