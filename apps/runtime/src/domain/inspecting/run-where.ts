import { DomainError } from '@millrace/kernel';
import { parseFilter, type Filter } from '@millrace/language';
import type { LiveRun } from './run-view';

/** The fields of a run that a filter may name, and where the event that tells of its end has them. */
const FIELDS: ReadonlyMap<string, string> = new Map([
  ['id', 'payload.run'],
  ['automation', 'payload.automation'],
  ['state', 'payload.outcome'],
  ['outcome', 'payload.outcome'],
  ['trigger.type', 'payload.trigger.type'],
  ['trigger.value', 'payload.trigger.value'],
  ['trigger.id', 'payload.trigger.id'],
  ['digest', 'payload.digest'],
  ['correlationId', 'correlationId'],
  ['startedAt', 'payload.startedAt'],
  ['endedAt', 'time'],
  ['duration', 'payload.duration'],
  ['error', 'payload.error'],
  ['replayOf', 'payload.replayOf'],
]);
const SHORT: ReadonlyMap<string, string> = new Map([['trigger', 'trigger.type']]);
const TIMES: ReadonlySet<string> = new Set(['startedAt', 'endedAt']);

/** A quoted text, or a word that stands in no quotes. */
const PIECE = /'(?:\\[\\']|[^'])*'?|"(?:\\[\\"]|[^"])*"?|[^\s=<>!()[\],"']+/g;
const NO_FIELD = /^(?:["'].*|and|or|not|in|exists|contains|starts|ends|with|true|false|null|[+-]?\d+(?:\.\d+)?(?:e[+-]?\d+)?)$/is;

/**
 * Reads a filter of runs: the filter grammar of events over the fields of a run. Times are ISO 8601 or milliseconds since 1970, durations
 * milliseconds. Refuses with `runtime.filter_invalid`, which says the column.
 */
export function runWhere(text: string): Filter {
  const fields = fieldsIn(text);
  let next = 0;
  // What is read is in the order of what is written: the first field that stands in is the first that was named.
  return renamed(parsed(text, fields), () => fields[next++]?.name ?? '');
}

/** The filter as it is asked of the events that tell of the ends of runs. */
export function ofRecords(where: Filter): Filter {
  return renamed(where, (name) => FIELDS.get(name) ?? name);
}

/** A run that goes on, as filters of runs see it. */
export function liveFields({ run, state }: LiveRun): object {
  const { id, slug: automation, trigger, digest, correlationId, startedAt, replayOf } = run;
  return { id, automation, state, trigger, digest, correlationId, startedAt, replayOf };
}

/** A field of a run where a filter names it. */
interface Named {
  readonly name: string;
  /** The field of events that the grammar is shown in its place: one of text, or the one that holds a time. */
  readonly standIn: string;
  /** From 0. */
  readonly at: number;
  readonly length: number;
}

function fieldsIn(text: string): readonly Named[] {
  return Array.from(text.matchAll(PIECE), ({ 0: piece, index: at }) => ({ piece, at }))
    .filter(({ piece }) => !NO_FIELD.test(piece))
    .map(({ piece, at }) => {
      const name = SHORT.get(piece) ?? piece;
      if (!FIELDS.has(name))
        throw filterInvalid(text, at, `\`${piece}\` is no field of a run (${[...FIELDS.keys()].join(', ')}); a text stands in quotes`);
      return { name, standIn: TIMES.has(name) ? 'time' : 'subject', at, length: piece.length };
    });
}

/** The filter over the fields that stand in for those of a run. */
function parsed(text: string, fields: readonly Named[]): Filter {
  let shown = '';
  let from = 0;
  for (const { standIn, at, length } of fields) {
    shown += text.slice(from, at) + standIn;
    from = at + length;
  }
  try {
    return parseFilter(shown + text.slice(from));
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    const at = placeOf(Number(error.facts['column']) - 1, fields);
    throw filterInvalid(text, at, 'expected `field operator literal`, joined by `and`, `or`, `not` and parentheses; times are ISO 8601');
  }
}

/** Where a place of what the grammar was shown is in what was written. */
function placeOf(shown: number, fields: readonly Named[]): number {
  let shift = 0;
  for (const { standIn, at, length } of fields) if (at + shift < shown) shift += standIn.length - length;
  return shown - shift;
}

function renamed(filter: Filter, nameOf: (field: string) => string): Filter {
  switch (filter.op) {
    case 'and':
    case 'or':
      return { op: filter.op, filters: filter.filters.map((part) => renamed(part, nameOf)) };
    case 'not':
      return { op: 'not', filter: renamed(filter.filter, nameOf) };
    default:
      return { ...filter, field: nameOf(filter.field) } as Filter;
  }
}

function filterInvalid(text: string, at: number, what: string): DomainError {
  const found = text.slice(at, at + 40) || 'the end';
  const detail = `The filter cannot be read at column ${at + 1}, from ${found} on: ${what}.`;
  return new DomainError('runtime.filter_invalid', 'invalid', detail, {
    facts: { column: at + 1 },
    errors: [{ pointer: '/where', code: 'filter', detail }],
  });
}
