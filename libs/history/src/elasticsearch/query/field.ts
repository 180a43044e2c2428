import type { Comparison, FilterValue } from '@millrace/language';
import { isWritable } from '../document/terms';
import type { Bounds } from './bounds';
import { MarkedField } from './marked-field';
import { TimeField } from './time-field';
import { TypeField } from './type-field';
import { UnknownField } from './unknown-field';

/** Order and parts of texts; equality is asked for apart. */
export type Relation = Exclude<Comparison, '=' | '!='>;

/** A field of events, as the store knows it: what it can say of each thing that a filter asks of a field. */
export interface Field {
  /** One of the values is there. */
  equals(values: readonly Exclude<FilterValue, null>[]): Bounds;
  /** It is null or absent, somewhere. */
  isNull(): Bounds;
  /** Something is there, a map counts. */
  exists(): Bounds;
  /** A value is there that stands so to this one. */
  compares(relation: Relation, value: FilterValue): Bounds;
}

const MARKED = new Set(['subject', 'correlationId', 'actor', 'source', 'target', 'payload']);

export function fieldOf(name: string): Field {
  if (name === 'type') return new TypeField();
  if (name === 'time') return new TimeField();
  return isMarked(name) ? new MarkedField(name) : new UnknownField();
}

/** Whether events are marked with what this field holds. */
export function isMarked(name: string): boolean {
  return MARKED.has(name.split('.')[0] ?? '') && isWritable(name);
}
