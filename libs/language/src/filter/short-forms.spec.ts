import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Filter } from './filter';
import { parseFilter } from './parse';
import { parseSearch } from './search';

/** A condition in the long form, and what it is in the short one. */
interface Written {
  readonly long: string;
  readonly short: string;
}

const FIELDS: readonly (readonly [string, string])[] = [
  ['actor.id', 'user'],
  ['source.app', 'app'],
  ['source.automation', 'automation'],
  ['correlationId', 'correlation'],
  ['subject', 'subject'],
  ['target.user', 'target.user'],
  ['payload.total', 'total'],
  ['payload.order.state', 'order.state'],
  ['payload.order', 'payload.order'],
];

const field = fc.constantFrom(...FIELDS);
/** Texts that mean themselves without quotes. */
const plain = fc.stringMatching(/^[a-zäé][\w./@:+-]{0,12}[a-z]$/).filter((text) => !['true', 'false', 'null'].includes(text));
const any = fc.string({ unit: 'grapheme', maxLength: 20 });
const literal = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
const quoted = (text: string): string => `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
const either = (name: string, value: string): string => `${name} = ${value} or ${name} = '${value}'`;

const term: fc.Arbitrary<Written> = fc.oneof(
  fc.tuple(field, plain).map(([[name, short], text]) => ({ long: `${name} = ${literal(text)}`, short: `${short}:${text}` })),
  fc.tuple(field, any).map(([[name, short], text]) => ({ long: `${name} = ${literal(text)}`, short: `${short}:${quoted(text)}` })),
  fc.tuple(field, plain).map(([[name, short], text]) => ({ long: `${name} starts with ${literal(text)}`, short: `${short}:${text}*` })),
  fc
    .tuple(field, fc.constantFrom('5', '-2.5', 'true', 'null'))
    .map(([[name, short], value]) => ({ long: either(name, value), short: `${short}:${value}` })),
  field.map(([name, short]) => ({ long: `${name} exists`, short: `${short}:*` })),
  fc.constantFrom('orders.paid', 'orders.*', '*.paid', 'orders.>').map((type) => ({ long: `type = '${type}'`, short: `type:${type}` })),
);

const condition: fc.Arbitrary<Written> = fc.oneof(
  { weight: 3, arbitrary: term },
  term.map(({ long, short }) => ({ long: `not (${long})`, short: `-${short}` })),
);

/** As one condition of several, whatever it is made of. */
const joined = (all: readonly Written[]): Filter => {
  const filters = all.map(({ long }) => parseFilter(long));
  const [first, second] = filters;
  return first !== undefined && second === undefined ? first : { op: 'and', filters };
};

describe('the short form of a search', () => {
  it('means what the long one does', () => {
    fc.assert(
      fc.property(fc.array(condition, { minLength: 1, maxLength: 6 }), (all) => {
        expect(parseSearch(all.map(({ short }) => short).join(' '))).toEqual({ where: joined(all) });
      }),
      { numRuns: 500 },
    );
  });

  it('finds its words wherever they stand among the fields', () => {
    const piece = fc.oneof(
      condition.map((written) => ({ written })),
      fc.stringMatching(/^[a-zé]{1,8}$/).map((word) => ({ word })),
    );
    fc.assert(
      fc.property(fc.array(piece, { minLength: 1, maxLength: 8 }), (pieces) => {
        const found = parseSearch(pieces.map((each) => ('word' in each ? each.word : each.written.short)).join('  '));
        const words = pieces.flatMap((each) => ('word' in each ? [each.word] : []));
        expect(found.text).toBe(words.length === 0 ? undefined : words.join(' '));
      }),
    );
  });
});
