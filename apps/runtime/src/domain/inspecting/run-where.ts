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
const OF_RUNS = { names: new Set([...FIELDS.keys(), ...SHORT.keys()]), times: new Set(['startedAt', 'endedAt']) };

/**
 * Reads a filter of runs: the filter grammar of events over the fields of a run. Times are ISO 8601 or milliseconds since 1970, durations
 * milliseconds. Refuses with `runtime.filter_invalid`, which says the column.
 */
export function runWhere(text: string): Filter {
  try {
    return renamed(parseFilter(text, OF_RUNS), (name) => SHORT.get(name) ?? name);
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    throw filterInvalid(text, Number(error.facts['column']));
  }
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

/** `column`: from 1. */
function filterInvalid(text: string, column: number): DomainError {
  const found = text.slice(column - 1, column + 39) || 'the end';
  const wanted = 'expected `field operator literal`, joined by `and`, `or`, `not` and parentheses';
  const fields = `the fields are ${[...OF_RUNS.names].join(', ')}; texts stand in quotes, times are ISO 8601`;
  const detail = `The filter cannot be read at column ${column}, from ${found} on: ${wanted}; ${fields}.`;
  return new DomainError('runtime.filter_invalid', 'invalid', detail, {
    facts: { column },
    errors: [{ pointer: '/where', code: 'filter', detail }],
  });
}
