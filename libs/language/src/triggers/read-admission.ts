import type { JsonMap } from '@millrace/kernel';
import { retryPolicy } from '../instructions/step';
import { durationOf } from '../time/duration';
import { isMap, textOf } from '../values/value';
import type { Admission, RetryPolicy } from './triggers';

const MONTH = 30 * 86_400_000;

/** How runs of an automation are admitted, from its document, with defaults. */
export function readAdmission(document: JsonMap, hasEvents: boolean): Admission {
  const { order, concurrency, debounce, batch, timeout, retry, priority, record } = document;
  return {
    order: order === 'event' || order === 'none' ? order : hasEvents ? 'event' : 'none',
    timeout: durationOf(timeout) ?? MONTH,
    priority: priority === 'low' || priority === 'high' ? priority : 'normal',
    record: record === 'summary' || record === 'errors' || record === 'none' ? record : 'full',
    ...(isMap(concurrency) ? { concurrency: concurrencyOf(concurrency) } : {}),
    ...(isMap(debounce) ? { debounce: debounceOf(debounce) } : {}),
    ...(isMap(batch) ? { batch: { size: Number(batch['size']), within: durationOf(batch['within']) ?? 0 } } : {}),
    ...(isMap(retry) ? { retry: retryOf(retry) } : {}),
  };
}

function concurrencyOf({ limit, key, policy }: JsonMap): NonNullable<Admission['concurrency']> {
  return {
    limit: Number(limit),
    policy: policy === 'skip' || policy === 'reject' || policy === 'cancel' ? policy : 'queue',
    ...(key === undefined || key === null ? {} : { key: textOf(key) }),
  };
}

function debounceOf({ key, period, maxWait }: JsonMap): NonNullable<Admission['debounce']> {
  const longest = durationOf(maxWait);
  return {
    period: durationOf(period) ?? 0,
    ...(key === undefined || key === null ? {} : { key: textOf(key) }),
    ...(longest === undefined ? {} : { maxWait: longest }),
  };
}

function retryOf(given: JsonMap): RetryPolicy {
  const { delay, maxDelay, on } = given;
  const waits = { delay: durationOf(delay), maxDelay: durationOf(maxDelay) };
  const known = Object.fromEntries(Object.entries(waits).filter((entry): entry is [string, number] => entry[1] !== undefined));
  return retryPolicy({
    ...given,
    ...known,
    ...(on === undefined || on === null ? {} : { on: (Array.isArray(on) ? on : [on]).map(textOf) }),
  });
}
