import { isSpelledOut } from '../document/terms';
import { NONE, type Query } from './bounds';
import type { Relation } from './field';

// The order of UTF-16, which filters go by, and that of UTF-8, which the store has, part company from here on.
const SAME_ORDER = /^[^\ud800-\uffff]*$/;
const ORDERS = { '<': 'lt', '<=': 'lte', '>': 'gt', '>=': 'gte' } as const;

/** Where the terms of a field's texts lie among those of a keyword: they begin with `from` and come before `to`. */
interface Texts {
  readonly from: string;
  readonly to?: string;
}

/** The events with a text that stands so to this one; undefined when the store cannot tell. */
export function textRelation(keyword: string, { from, to }: Texts, relation: Relation, text: string): Query | undefined {
  switch (relation) {
    case 'starts with':
      return text.isWellFormed() ? { prefix: { [keyword]: from + text } } : undefined;
    case 'ends with':
      return partly(keyword, `${escaped(from)}*${escaped(text)}`, text);
    case 'contains':
      return partly(keyword, `${escaped(from)}*${escaped(text)}*`, text);
    default: {
      if (!SAME_ORDER.test(text)) return undefined;
      const ends = relation.startsWith('<') ? { gte: from } : to === undefined ? {} : { lt: to };
      return { range: { [keyword]: { ...ends, [ORDERS[relation]]: from + text } } };
    }
  }
}

/** A text that is longer than any that is spelled out is part of none. */
function partly(keyword: string, pattern: string, text: string): Query | undefined {
  if (!text.isWellFormed()) return undefined;
  return isSpelledOut(text) ? { wildcard: { [keyword]: { value: pattern } } } : NONE;
}

function escaped(text: string): string {
  return text.replace(/[\\*?]/g, '\\$&');
}
