import type { AggregateBucket } from '@millrace/history';
import { DomainError } from '@millrace/kernel';
import type { Filter } from '@millrace/language';
import { OPERATIONS, type Measured, type Operation } from '../../domain/counting/measuring';
import { Spans, SPANS } from '../../domain/counting/spans';

/** One level of groups: by the values of a field, or by spans of time. */
export type Level = { readonly field: string; readonly limit: number } | { readonly spans: Spans };

/** What to find out about each group: an operation on a field. */
export interface Measure {
  readonly op: Operation;
  readonly of: string;
}

/** Which events are counted. Times in milliseconds since 1970, `from` inclusive, `to` exclusive. */
export interface Among {
  readonly workspaceId: string;
  readonly types?: readonly string[];
  readonly where?: Filter;
  readonly from?: number;
  readonly to?: number;
}

/** A group of the innermost level: its value on each level, of spans the time at which they begin. */
export interface Row {
  readonly group: readonly AggregateBucket['value'][];
  readonly count: number;
  readonly measures: readonly Measured[];
}

/** Everything counted: how many events there are, and the rows. */
export interface Table {
  readonly count: number;
  readonly rows: readonly Row[];
}

/** Whether a text names something that can be found out. */
export function isOperation(op: string): op is Operation {
  return OPERATIONS.includes(op as Operation);
}

/** Spans of a length, by the clocks of a zone; `events.zone_unknown` when there is no such zone. */
export function spansOf(every: string, zone: string, pointer: string): Spans {
  const span = SPANS.find((each) => each === every);
  const spans = span && Spans.of(span, zone);
  if (spans !== undefined) return spans;
  const detail = `There is no time zone "${zone}". Name one as "Europe/Zurich" is named.`;
  throw new DomainError('events.zone_unknown', 'invalid', detail, { errors: [{ pointer, code: 'events.zone_unknown', detail }] });
}
