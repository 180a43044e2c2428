import { create, ScalarType, type DescField, type DescMessage, type DescMethod } from '@bufbuild/protobuf';
import { timestampMs, type Timestamp } from '@bufbuild/protobuf/wkt';
import { listingOf } from '@millrace/contracts';
import type { FilterFields } from '@millrace/language';

/** What a list compares in an item; null: the item has nothing there. */
export type RowValue = string | number | boolean | null;

/** An item as filters see it, by the names of its fields. */
export type Row = Readonly<Record<string, RowValue | readonly RowValue[]>>;

const TIMESTAMP = 'google.protobuf.Timestamp';

/**
 * The items of a list as rows that can be compared. Of its fields only those are in them that the method declares: `(millrace.listing)`.
 * Times are milliseconds since 1970; an empty text, and what is not set, is null.
 */
export class Rows {
  /** Fields that filters may name. */
  readonly filtered: FilterFields;
  /** Fields that hold one value. */
  readonly sortable: readonly string[];
  /** How the items are sorted unless somebody asks otherwise. */
  readonly order: string;
  /** The field that tells an item from all others. */
  readonly key: string;
  private readonly items: DescMessage;
  private readonly fields: readonly DescField[];

  /** Throws when what the method declares cannot be done: such a method must not start. */
  constructor(private readonly method: DescMethod) {
    const { fields: names = [], order = '' } = listingOf(method) ?? {};
    this.items = this.itemsOf(method);
    this.fields = names.map((name) => this.field(name));
    this.filtered = { names: new Set(names), times: new Set(this.fields.filter(isTime).map(({ jsonName }) => jsonName)) };
    this.sortable = this.fields.filter(({ fieldKind }) => fieldKind !== 'list').map(({ jsonName }) => jsonName);
    this.order = order;
    this.key = names[0] ?? '';
    if (!this.sortable.includes(this.key)) throw this.wrong('its first field tells items apart: one value');
    if (!this.sortable.includes(order.replace('-', ''))) throw this.wrong(`it cannot be sorted by "${order}"`);
  }

  of(item: object): Row {
    const values: Readonly<Record<string, unknown>> = { ...create(this.items, { ...item }) };
    return Object.fromEntries(this.fields.map((field) => [field.jsonName, valueOf(field, values[field.localName])]));
  }

  private itemsOf({ output }: DescMethod): DescMessage {
    const items = output.fields.find(({ name }) => name === 'items')?.message;
    if (items === undefined) throw this.wrong('its answer has no items');
    return items;
  }

  private field(name: string): DescField {
    const field = this.items.fields.find(({ jsonName }) => jsonName === name);
    if (field === undefined || !isComparable(field)) throw this.wrong(`its items have no field "${name}" that can be compared`);
    return field;
  }

  private wrong(what: string): Error {
    return new Error(`${this.method.parent.typeName}.${this.method.name}: option (millrace.listing) cannot hold, ${what}.`);
  }
}

function isComparable(field: DescField): boolean {
  return isTime(field) || (field.scalar !== undefined && field.scalar !== ScalarType.BYTES && field.fieldKind !== 'map');
}

function isTime({ fieldKind, message }: DescField): boolean {
  return fieldKind === 'message' && message.typeName === TIMESTAMP;
}

function valueOf(field: DescField, value: unknown): RowValue | readonly RowValue[] {
  if (Array.isArray(value)) return value.map(single);
  if (value !== undefined && isTime(field)) return timestampMs(value as Timestamp);
  return single(value);
}

function single(value: unknown): RowValue {
  if (typeof value === 'bigint') return Number(value);
  return value === undefined || value === '' ? null : (value as RowValue);
}
