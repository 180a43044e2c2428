import type { Json, JsonMap } from '@millrace/kernel';
import { boolean, duration, integer, text } from '../shapes/shape';
import type { Branch } from '../step/threads/branch';
import { isMap, numberOf, without } from '../values/value';
import { defineStep } from './step';

/** Takes from a bucket that fills evenly. */
export const rateLimit = defineStep({
  name: 'rateLimit',
  summary: 'Counts against a limit over time, and ends the automation when it is reached',
  fields: {
    name: { shape: text, is: 'What is limited', required: true },
    window: { shape: duration, is: 'The time in which the limit fills up again', required: true },
    limit: { shape: integer(1), is: 'How much at once', required: true },
    consumer: { shape: text, is: 'Who is counted on their own', default: '' },
    consume: { shape: integer(0), is: 'How much is taken', default: 1 },
    break: { shape: boolean, is: 'Whether too much ends the automation', default: true },
  },
  perform: (branch, parameters) => {
    const asked = without(parameters, 'break');
    const request: JsonMap = { consumer: '', consume: 1, ...asked, instance: branch.automation.instance };
    return { effect: { kind: 'rateLimit', request }, kept: { break: parameters['break'] ?? true } };
  },
  settle: (branch, value, kept) => {
    if (!isMap(value) || value['ok'] !== false || kept['break'] !== true) return { result: [value] };
    refuse(branch, value['retryAfter'] ?? null);
    return { result: [value], then: { how: 'break', scope: 'automation' } };
  },
});

function refuse(branch: Branch, retryAfter: Json): void {
  if (branch.machine.state.begin.trigger.type !== 'endpoint') return;
  const seconds = String(Math.ceil(numberOf(retryAfter) ?? 0));
  branch.request({ kind: 'reply', request: { status: 429, headers: { 'retry-after': seconds } } }, ':reply');
}
