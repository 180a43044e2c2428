import { timestampMs } from '@bufbuild/protobuf/wkt';
import { EventKeep, type EventInput } from '@millrace/contracts';
import type { EventDraft } from '../application/emit-events';

const NOTHING_SAID = new TextEncoder().encode('{}');

const KEEPING: Readonly<Record<EventKeep, EventDraft['keep']>> = {
  [EventKeep.UNSPECIFIED]: 'history',
  [EventKeep.HISTORY]: 'history',
  [EventKeep.LOG]: 'log',
  [EventKeep.LIVE]: 'live',
};

type Target = NonNullable<EventDraft['target']>;

/** What the client stated; empty fields are absent, and an absent payload is an empty object. */
export function draftOf(input: EventInput): EventDraft {
  const { type, payload, time, keep, extensions } = input;
  const target = textsOf(input.target, ['user', 'session', 'topic', 'socket']);
  return {
    type,
    payload: payload.length === 0 ? NOTHING_SAID : payload,
    keep: KEEPING[keep],
    ...textsOf(input, ['id', 'subject', 'key']),
    ...(time === undefined ? {} : { time: timestampMs(time) }),
    ...(Object.keys(extensions).length === 0 ? {} : { extensions: { ...extensions } }),
    ...(Object.keys(target).length === 0 ? {} : { target: target satisfies Target }),
  };
}

function textsOf<N extends string>(
  message: { readonly [K in N]: string } | undefined,
  names: readonly N[],
): { readonly [K in N]?: string } {
  const said = names.filter((name) => (message?.[name] ?? '') !== '');
  return Object.fromEntries(said.map((name) => [name, message?.[name] ?? ''])) as { [K in N]?: string };
}
