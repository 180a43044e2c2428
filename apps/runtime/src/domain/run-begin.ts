import type { Json, JsonMap } from '@millrace/kernel';
import type { Run } from './run';

const LARGEST = 16 * 1024;

/** Headers that say who calls: they are not kept, so who begins a run again has none of them. */
const CONFIDENTIAL = /auth|cookie|token|secret|signature|api[-_]?key|password/i;

/**
 * The run with what it began with, for whoever begins it again: not when one event tells it (that is on the log), not when it is too large, and
 * without the headers by which callers prove who they are.
 */
export function withBegin(run: Run, locals: JsonMap): Run {
  const isOnLog = run.trigger.type === 'event' && run.startedBy !== undefined && !('events' in locals);
  if (isOnLog || run.replay?.effects === 'blocked' || run.begin !== undefined) return run;
  const { headers } = locals;
  const begin = isMap(headers) ? { ...locals, headers: withoutConfidential(headers) } : locals;
  return JSON.stringify(begin).length > LARGEST ? run : { ...run, begin };
}

/** The headers or parameters that do not say who calls. */
export function withoutConfidential(headers: JsonMap): JsonMap {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !isConfidential(name)));
}

/** Whether a header or parameter of this name says who calls. */
export function isConfidential(name: string): boolean {
  return CONFIDENTIAL.test(name);
}

function isMap(value: Json | undefined): value is JsonMap {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
