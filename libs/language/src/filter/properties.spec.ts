import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { DomainError } from '@millrace/kernel';
import { compileFilter, matchesFilter } from './evaluate';
import type { Filter } from './filter';
import { parseFilter } from './parse';

const field = fc.constantFrom('type', 'subject', 'time', 'payload.total', 'payload.tags', 'payload.lines.sku', 'actor.id', 'source.app');
const literal = fc.constantFrom("'a'", '"b.*"', '1', '-2.5', 'true', 'null', "'2026-01-01'", "'orders.>'");
const op = fc.constantFrom('=', '!=', '<', '<=', '>', '>=', 'starts with', 'ends with', 'contains');

const { filter } = fc.letrec<{ filter: string }>((tie) => ({
  filter: fc.oneof(
    { maxDepth: 4 },
    fc.tuple(field, op, literal).map((parts) => parts.join(' ')),
    field.map((one) => `${one} exists`),
    fc.tuple(field, fc.array(literal, { minLength: 1, maxLength: 3 })).map(([one, list]) => `${one} in [${list.join(', ')}]`),
    fc.tuple(tie('filter'), fc.constantFrom('and', 'or'), tie('filter')).map(([a, join, b]) => `(${a}) ${join} (${b})`),
    tie('filter').map((one) => `not (${one})`),
  ),
}));

const event = fc.record(
  {
    type: fc.constantFrom('orders.paid', 'b.c', 'a'),
    time: fc.constantFrom('2026-01-01T00:00:00Z', 'soon'),
    subject: fc.oneof(fc.string(), fc.constant(null)),
    payload: fc.oneof(
      fc.record({ total: fc.jsonValue(), tags: fc.jsonValue(), lines: fc.array(fc.record({ sku: fc.jsonValue() })) }, { requiredKeys: [] }),
      fc.jsonValue(),
    ),
    actor: fc.jsonValue(),
  },
  { requiredKeys: [] },
);

function read(text: string): Filter | undefined {
  try {
    return parseFilter(text);
  } catch (error) {
    expect(error).toBeInstanceOf(DomainError);
    expect((error as DomainError).code).toBe('language.filter_invalid');
    return undefined;
  }
}

describe('any filter', () => {
  it('is read or refused, and then answers for any event', () => {
    fc.assert(
      fc.property(filter, event, (text, one) => {
        const parsed = read(text);
        if (parsed !== undefined) expect(typeof matchesFilter(parsed, one)).toBe('boolean');
      }),
      { numRuns: 500 },
    );
  });

  it('holds exactly where its negation does not', () => {
    fc.assert(
      fc.property(filter, event, (text, one) => {
        const parsed = read(text);
        fc.pre(parsed !== undefined);
        expect(matchesFilter(parseFilter(`not (${text})`), one)).toBe(!compileFilter(parsed)(one));
      }),
      { numRuns: 500 },
    );
  });

  it('of any text is read or refused with its column', () => {
    const piece = fc.constantFrom(
      'type',
      'payload.a',
      ' ',
      '=',
      '!',
      '<',
      "'",
      '"',
      '\\',
      '[',
      ']',
      '(',
      ')',
      ',',
      'in',
      'not',
      'and',
      'or',
      '1',
      'exists',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(piece, { maxLength: 20 }).map((pieces) => pieces.join(' ')),
        ),
        (text) => {
          read(text);
        },
      ),
      { numRuns: 500 },
    );
  });
});
