import type { JsonMap } from '@millrace/kernel';
import { isPattern } from '../filter/pattern';
import { LanguageError } from '../problems/language-error';
import { boolean, dictionary, duration, expression, list, map, oneOf, text } from '../shapes/shape';
import { fullName } from '../step/world/event-names';
import { demandRead } from '../step/world/permissions';
import type { WaitEntry } from '../step/effects';
import type { Branch } from '../step/threads/branch';
import { isList, isMap, textOf } from '../values/value';
import { defineStep } from './step';

/** Waits for an event. */
export const wait = defineStep({
  name: 'wait',
  summary: 'Waits for the first event that one entry accepts; survives restarts',
  fields: {
    oneOf: {
      shape: list(
        map({
          event: { shape: text, is: 'Name or pattern', required: true },
          filters: { shape: dictionary, is: 'Paths into the event to values or query operators; all must hold' },
          filter: { shape: expression, is: 'An expression over the event that must hold' },
          cancelTriggers: { shape: boolean, is: 'Whether the event then starts no automation', default: false },
        }),
      ),
      is: 'What is waited for',
      required: true,
    },
    timeout: { shape: duration, is: 'How long to wait, at most 400 days', default: '20s' },
    onTimeout: { shape: oneOf('continue', 'fail'), is: 'Go on with null, or fail', default: 'continue' },
  },
  perform: (branch, parameters) => {
    const { state, limits } = branch.machine;
    const { instance } = branch.automation;
    const until = state.now + Math.min(Number(parameters['timeout'] ?? limits.defaultWait), limits.longestWait);
    const entries = isList(parameters['oneOf']) ? parameters['oneOf'].filter(isMap).map((entry) => entryOf(branch, entry)) : [];
    const fails = parameters['onTimeout'] === 'fail';
    return { effect: { kind: 'wait', request: { oneOf: entries, instance, until }, parks: true }, kept: { fails }, refresh: true };
  },
  settle: (_, value, kept) => {
    if (value === null && kept['fails'] === true) throw new LanguageError('runtime.wait_timeout', 'No event came that was waited for.');
    return { result: [value] };
  },
});

function entryOf(branch: Branch, entry: JsonMap): WaitEntry {
  const event = textOf(entry['event']);
  if (!isPattern(event))
    throw new LanguageError(
      'language.argument_type',
      `\`wait.oneOf.event\`: ${JSON.stringify(event)} is neither the name of an event nor a pattern.`,
    );
  demandRead(branch, event);
  const { filters, filter, cancelTriggers } = entry;
  return {
    event: fullName(branch.automation.instance, event),
    cancelTriggers: cancelTriggers === true,
    ...(isMap(filters) ? { filters } : {}),
    ...(typeof filter === 'string' ? { filter } : {}),
  };
}
