import type { JsonMap } from '@millrace/kernel';
import { LanguageError } from '../problems/language-error';
import { any, duration } from '../shapes/shape';
import type { Branch } from '../step/threads/branch';
import { instantFrom } from '../time/instant';
import { defineStep } from './step';

/** Waits for a time. */
export const sleep = defineStep({
  name: 'sleep',
  summary: 'Waits for a while or until a date; survives restarts and holds nothing',
  addition: true,
  fields: {
    for: { shape: duration, is: 'How long' },
    until: { shape: any, is: 'A date as ISO text or milliseconds' },
  },
  perform: (branch, parameters) => {
    const until = momentOf(branch, parameters);
    const { now } = branch.machine.state;
    if (until <= now) return { result: [] };
    if (until - now > branch.machine.limits.longestWait)
      throw new LanguageError('language.argument_type', '`sleep` takes at most 400 days.');
    return { effect: { kind: 'sleep', request: { until }, parks: true }, refresh: true };
  },
  settle: () => ({ result: [] }),
});

function momentOf(branch: Branch, parameters: JsonMap): number {
  const { until } = parameters;
  if (typeof parameters['for'] === 'number') return branch.machine.state.now + parameters['for'];
  if (until === undefined) throw new LanguageError('language.argument_missing', '`sleep` needs `for` or `until`.');
  const instant = instantFrom(until);
  if (instant === undefined) throw new LanguageError('language.argument_type', '`sleep.until` must be a date.');
  return instant;
}
