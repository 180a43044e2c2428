import type { Json, JsonMap } from '@millrace/kernel';
import { withoutConfidential } from './credentials';
import type { Run } from '../run';

const LARGEST = 16 * 1024;

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

function isMap(value: Json | undefined): value is JsonMap {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
