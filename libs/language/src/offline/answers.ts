import type { Json, JsonMap } from '@millrace/kernel';
import { durationOf } from '../time/duration';
import { same } from '../values/compare';
import { isList, isMap, ownOf, textOf } from '../values/value';
import type { EffectError } from '../problems/failure';

/** What a case says comes of an effect. */
export interface Answer {
  readonly result?: Json;
  readonly error?: EffectError & { readonly retryable?: boolean };
  readonly events?: readonly JsonMap[];
  /** Milliseconds until it comes. */
  readonly after: number;
}

interface Entry extends Answer {
  readonly effect: string;
  readonly match: Json | undefined;
  readonly always: boolean;
  left: number;
}

/** The answers of a case, each used as often as it says. */
export class Answers {
  private readonly entries: readonly Entry[];

  constructor(written: Json | undefined) {
    this.entries = isList(written) ? written.filter(isMap).map(entryFrom) : [];
  }

  /** The first answer for an effect that is not used up and fits the request. */
  take(effect: string, request: Json): Answer | undefined {
    const found = this.entries.find(
      (entry) => entry.effect === effect && entry.left > 0 && (entry.match === undefined || contains(request, entry.match)),
    );
    if (found !== undefined && !found.always) found.left -= 1;
    return found;
  }

  /** How many were not used up. */
  get unused(): number {
    return this.entries.filter(({ always, left }) => !always && left > 0).length;
  }
}

function entryFrom(written: JsonMap): Entry {
  const times = ownOf(written, 'times');
  const error = ownOf(written, 'error');
  const result = ownOf(written, 'result');
  const events = ownOf(written, 'events');
  return {
    effect: textOf(written['effect']),
    match: ownOf(written, 'match'),
    always: times === 'always',
    left: typeof times === 'number' ? times : 1,
    after: durationOf(ownOf(written, 'after')) ?? 0,
    ...(result === undefined ? {} : { result }),
    ...(error === undefined ? {} : { error: errorFrom(error) }),
    ...(isList(events) ? { events: events.filter(isMap) } : {}),
  };
}

function errorFrom(written: Json): EffectError & { retryable?: boolean } {
  if (!isMap(written)) return { code: textOf(written) };
  const { code, message, details, retryable } = written;
  return {
    code: textOf(code),
    ...(typeof message === 'string' ? { message } : {}),
    ...(details === undefined ? {} : { details }),
    ...(retryable === true ? { retryable: true } : {}),
  };
}

/** Whether a request holds what is wanted: maps key by key, anything else the same. */
export function contains(request: Json, wanted: Json): boolean {
  if (!isMap(wanted)) return same(request, wanted);
  return isMap(request) && Object.entries(wanted).every(([key, value]) => contains(ownOf(request, key) ?? null, value));
}
