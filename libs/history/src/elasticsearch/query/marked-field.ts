import type { FilterValue } from '@millrace/language';
import { CROWDED } from '../document/marks';
import { numbersOf, termOf, textsOf } from '../document/terms';
import { anyOf, decided, noneOf, NONE, type Bounds, type Query } from './bounds';
import type { Field, Relation } from './field';
import { textRelation } from './text-relation';

const ORDERS = { '<': 'lt', '<=': 'lte', '>': 'gt', '>=': 'gte' } as const;

/** The event is not marked whole. */
const UNSURE: Query = { term: { odd: CROWDED } };

/** A field that events are marked with. */
export class MarkedField implements Field {
  /** Null, or leading nowhere, in an event that is marked whole. */
  readonly absent: Query;
  /** What is there is not spelled out in the marks, or not marked. */
  readonly odd: Query;
  private readonly present: Query;
  private readonly gap: Query;
  private readonly voided: Query;

  constructor(private readonly path: string) {
    this.present = { term: { paths: path } };
    this.gap = { term: { gaps: path } };
    this.voided = { terms: { voids: upTo(path) } };
    this.absent = anyOf([this.gap, noneOf(anyOf([this.present, this.voided]))]);
    this.odd = { terms: { odd: [path, CROWDED] } };
  }

  equals(values: readonly Exclude<FilterValue, null>[]): Bounds {
    return marked({ terms: { kv: values.map((value) => termOf(this.path, value)) } });
  }

  isNull(): Bounds {
    return {
      may: anyOf([this.absent, UNSURE]),
      must: anyOf([this.gap, noneOf(anyOf([this.present, this.voided, UNSURE]))]),
    };
  }

  exists(): Bounds {
    return marked(this.present);
  }

  compares(relation: Relation, value: FilterValue): Bounds {
    if (typeof value === 'string') return this.comparesText(relation, value);
    const order = typeof value === 'number' ? orderOf(relation) : undefined;
    if (order === undefined) return decided(NONE);
    const { from, to } = numbersOf(this.path);
    const ends = order.startsWith('l') ? { gte: from } : { lt: to };
    return marked({ range: { kv: { ...ends, [order]: termOf(this.path, value as number) } } });
  }

  private comparesText(relation: Relation, text: string): Bounds {
    const texts = textsOf(this.path);
    const found = textRelation('kv', texts, relation, text);
    if (found === undefined) return { may: anyOf([{ prefix: { kv: texts.from } }, this.odd]), must: NONE };
    return { may: anyOf([found, this.odd]), must: found };
  }
}

/** What has the mark fits; what is not marked whole may. */
function marked(query: Query): Bounds {
  return { may: anyOf([query, UNSURE]), must: query };
}

function orderOf(relation: Relation): 'lt' | 'lte' | 'gt' | 'gte' | undefined {
  return relation in ORDERS ? ORDERS[relation as keyof typeof ORDERS] : undefined;
}

/** A path and all that lead to it: `a`, `a.b`, `a.b.c`. */
function upTo(path: string): string[] {
  const keys = path.split('.');
  return keys.map((_, index) => keys.slice(0, index + 1).join('.'));
}
