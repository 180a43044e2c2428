import type { Json, JsonMap } from '@millrace/kernel';
import { LanguageError } from '../problems/language-error';
import { any, boolean, duration, map, oneOf, raw, text } from '../shapes/shape';
import { heldEvent } from '../step/world/held-event';
import { emittedName } from '../step/world/emitted-name';
import type { Branch } from '../step/threads/branch';
import type { EmitRequest } from '../step/effects';
import { sourceOf } from '../step/world/source';
import { instantFrom, isoOf } from '../time/instant';
import { namedId } from '../values/named-id';
import { isMap, textOf, typeName } from '../values/value';
import { defineStep } from './step';

/** Publishes an event. */
export const emit = defineStep({
  name: 'emit',
  summary: 'Publishes an event in the workspace',
  fields: {
    event: { shape: text, is: 'Its name: tokens joined by dots, in the past tense', required: true },
    payload: { shape: any, is: 'The fact: a map', default: {} },
    target: {
      shape: map({
        userId: { shape: text, is: 'A user who may read it' },
        sessionId: { shape: text, is: 'A session that may read it' },
        userTopic: { shape: text, is: 'A topic whose members may read it' },
        currentSocket: { shape: boolean, is: 'Only the socket this run began at' },
      }),
      is: 'Who may read it besides the roles of the workspace',
    },
    options: {
      shape: map({
        persist: { shape: boolean, is: 'Whether history keeps it', default: true },
        keep: {
          shape: oneOf('history', 'log', 'live'),
          is: 'How long it is kept: in the history, which is usual; on the log alone, as without `persist`; or not at all: those who are connected get it, and it starts nothing',
        },
        aggPayload: { shape: any, is: 'What of it is kept for counting' },
        async: { shape: boolean, is: 'Accepted and ignored' },
      }),
      is: 'How it is kept',
    },
    private: { shape: boolean, is: 'Whether it stays inside the app' },
    autocomplete: { shape: raw, is: 'For editors' },
    at: { shape: any, is: 'When to publish it: a date' },
    after: { shape: duration, is: 'How long from now to publish it' },
  },
  options: ['idempotencyKey'],
  perform: (branch, parameters) => {
    const request = requestOf(branch, parameters);
    const key = parameters['idempotencyKey'];
    branch.request({ kind: 'emit', request, ...(typeof key === 'string' ? { idempotencyKey: key } : {}) });
    return { result: [envelopeOf(branch, request)] };
  },
});

function requestOf(branch: Branch, parameters: JsonMap): EmitRequest {
  const { machine, scope } = branch;
  const event = emittedName(branch, textOf(parameters['event']));
  if (scope.depth >= machine.limits.depth) {
    throw new LanguageError(
      'runtime.loop',
      `\`${event}\` would be number ${scope.depth + 1} in a row of events and calls; ${machine.limits.depth} are the most.`,
    );
  }
  const payload = payloadFor(branch, event, parameters['payload'] ?? {});
  machine.nesting.refuse(payload);
  const held = heldEvent(machine, event, payload);
  const { target, options } = parameters;
  const at = momentOf(branch, parameters);
  return {
    id: namedId('evt', `${machine.state.begin.run}/${branch.place}`),
    event,
    ...held,
    source: sourceOf(branch),
    ...(isMap(target) ? { target } : {}),
    ...(isMap(options) ? { options } : {}),
    ...(parameters['private'] === true ? { private: true } : {}),
    ...(at === undefined ? {} : { at }),
  };
}

function payloadFor(branch: Branch, event: string, payload: Json): JsonMap {
  if (!isMap(payload))
    throw new LanguageError('runtime.event_invalid', `The payload of \`${event}\` must be a map, found ${typeName(payload)}.`);
  const size = JSON.stringify(payload).length;
  const most = branch.machine.limits.event;
  if (size <= most) return payload;
  const sizes = Object.entries(payload).map(([name, value]) => ({ name, size: JSON.stringify(value).length }));
  const largest = sizes.sort((a, b) => b.size - a.size).slice(0, 5);
  const named = largest.map(({ name, size: bytes }) => `${name} (${bytes})`).join(', ');
  throw new LanguageError(
    'runtime.event_too_large',
    `\`${event}\` is larger than ${most >> 10} KiB. Largest fields: ${named}.`,
    undefined,
    { details: largest },
  );
}

function momentOf(branch: Branch, { at, after }: JsonMap): number | undefined {
  if (typeof after === 'number') return branch.machine.state.now + after;
  if (at === undefined) return undefined;
  const instant = instantFrom(at);
  if (instant === undefined) throw new LanguageError('language.argument_type', '`emit.at` must be a date.');
  return instant;
}

function envelopeOf(branch: Branch, { id, event, payload, source, target, options }: EmitRequest): JsonMap {
  return { id, type: event, createdAt: isoOf(branch.machine.state.now), source, payload, target: { ...target }, options: options ?? {} };
}
