import { compileFilter, type Filter } from '@millrace/language';
import { fieldsOf } from '../field';
import { readPayload } from '../payload';
import type { Row } from './stored-event';

/** Makes of a row the event as filters see it, as far as these fields need it: a filter is asked of many rows that it will not take. */
export function viewerFor(fields: readonly string[]): (row: Row) => object {
  const payload = fields.some(isInPayload);
  const envelope = !fields.every(isInPayload);
  return (row) => ({
    ...(envelope ? (JSON.parse(String(row['envelope'])) as object) : {}),
    ...(payload ? { payload: readPayload(row['payload'] as Uint8Array) } : {}),
  });
}

/** Whether rows fit a filter. */
export function predicateOf(filter: Filter | undefined): (row: Row) => boolean {
  if (filter === undefined) return () => true;
  const fits = compileFilter(filter);
  const view = viewerFor(fieldsOf(filter));
  return (row) => fits(view(row));
}

function isInPayload(field: string): boolean {
  return field.startsWith('payload.');
}
