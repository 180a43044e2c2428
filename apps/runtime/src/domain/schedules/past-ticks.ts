import { DomainError } from '@millrace/kernel';
import { nextTick, type ScheduleTrigger } from '@millrace/language';

/** A span of time in milliseconds since 1970: from `from` until before `to`. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/**
 * The nominal times of a schedule in a span that is over. Refuses with `runtime.span_invalid` one that is not over, or ends before it begins,
 * and with `runtime.backfill_too_large` more than `most`.
 */
export function pastTicks(trigger: ScheduleTrigger, { from, to }: Span, now: number, most: number): readonly number[] {
  if (from >= to) throw spanInvalid('/from', 'The span ends before it begins: `from` must be before `to`.');
  if (to > now) throw spanInvalid('/to', 'The span is not over: `to` must not be later than now.');
  const ticks: number[] = [];
  for (let tick = nextTick(trigger, from - 1); tick !== undefined && tick < to; tick = nextTick(trigger, tick)) {
    if (ticks.length === most) throw tooLarge(most, tick);
    ticks.push(tick);
  }
  return ticks;
}

function spanInvalid(pointer: string, detail: string): DomainError {
  return new DomainError('runtime.span_invalid', 'invalid', detail, { errors: [{ pointer, code: 'span', detail }] });
}

function tooLarge(most: number, next: number): DomainError {
  const until = new Date(next).toISOString();
  const message = `The span holds more than ${most} ticks. Do it in parts: this one up to ${until}, the next one from then on.`;
  return new DomainError('runtime.backfill_too_large', 'invalid', message, { facts: { most, next: until } });
}
