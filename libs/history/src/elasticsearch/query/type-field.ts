import type { FilterValue } from '@millrace/language';
import { ALL, decided, NONE, type Bounds } from './bounds';
import type { Field, Relation } from './field';
import { textRelation } from './text-relation';

/** The type: a text that every event has. */
export class TypeField implements Field {
  equals(values: readonly FilterValue[]): Bounds {
    const texts = values.filter((value) => typeof value === 'string');
    return decided(texts.length === 0 ? NONE : { terms: { type: texts } });
  }

  isNull(): Bounds {
    return decided(NONE);
  }

  exists(): Bounds {
    return decided(ALL);
  }

  compares(relation: Relation, value: FilterValue): Bounds {
    if (typeof value !== 'string') return decided(NONE);
    const found = textRelation('type', { from: '' }, relation, value);
    return found === undefined ? { may: ALL, must: NONE } : decided(found);
  }
}
