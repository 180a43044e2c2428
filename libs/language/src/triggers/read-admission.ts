import type { Json, JsonMap } from '@millrace/kernel';
import { retryPolicy } from '../instructions/step';
import { LONGEST_RUN, type Limits } from '../step/limits';
import { durationOf } from '../time/duration';
import { isMap, textOf } from '../values/value';
import type { Admission, RetryPolicy } from './triggers';

/** How runs of an automation are admitted, from its document, with defaults; of a whole run they may take `defaultTimeout`. */
export function readAdmission(document: JsonMap, hasEvents: boolean, { defaultTimeout }: Pick<Limits, 'defaultTimeout'>): Admission {
  const { order, concurrency, debounce, batch, timeout, retry, priority, record } = document;
  return {
    order: wordOf(order, ['event', 'none'], hasEvents ? 'event' : 'none'),
    timeout: Math.min(durationOf(timeout) ?? defaultTimeout, LONGEST_RUN),
    priority: wordOf(priority, ['low', 'normal', 'high'], 'normal'),
    record: wordOf(record, ['full', 'summary', 'errors', 'none'], 'full'),
    ...(isMap(concurrency) ? { concurrency: concurrencyOf(concurrency) } : {}),
    ...(isMap(debounce) ? { debounce: debounceOf(debounce) } : {}),
    ...(isMap(batch) ? { batch: batchOf(batch) } : {}),
    ...(isMap(retry) ? { retry: retryOf(retry) } : {}),
  };
}

function wordOf<Word extends string>(value: Json | undefined, words: readonly Word[], otherwise: Word): Word {
  return words.find((word) => word === value) ?? otherwise;
}

function keyOf({ key }: JsonMap): { readonly key?: string } {
  return key === undefined || key === null ? {} : { key: textOf(key) };
}

function batchOf(batch: JsonMap): NonNullable<Admission['batch']> {
  return { size: Number(batch['size']), within: durationOf(batch['within']) ?? 0, ...keyOf(batch) };
}

function concurrencyOf(given: JsonMap): NonNullable<Admission['concurrency']> {
  return {
    limit: Number(given['limit']),
    policy: wordOf(given['policy'], ['queue', 'skip', 'reject', 'cancel'], 'queue'),
    ...keyOf(given),
  };
}

function debounceOf(given: JsonMap): NonNullable<Admission['debounce']> {
  const longest = durationOf(given['maxWait']);
  return { period: durationOf(given['period']) ?? 0, ...keyOf(given), ...(longest === undefined ? {} : { maxWait: longest }) };
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
