import type { Command, Flag } from '../command';
import { inWorkspace, timeout } from './flags';

const type: Flag = {
  name: 'type',
  value: 'PATTERN',
  does: 'Only these types; * is one token, a final > the rest; may be given more than once',
};
const where: Flag = { name: 'where', value: 'FILTER', does: "A filter, e.g. payload.total >= 1000 and actor.kind = 'user'" };
const since: Flag = { name: 'since', value: 'POSITION', does: 'Goes on behind this position' };

/** Commands about events. */
export const EVENTS: readonly Command[] = [
  {
    name: 'events tail',
    does: 'Prints events as they happen, until it is interrupted',
    operands: '',
    mostOperands: 0,
    flags: [type, where, since, ...inWorkspace],
    examples: [
      { line: "millrace events tail --type 'orders.>'", shows: 'as they come; what was missed while the line was down is caught up' },
      { line: 'millrace events tail --where "payload.total > 1000" | jq .payload', shows: 'one JSON object a line when it is piped' },
    ],
    more: ['What cannot be caught up is said by a line that begins with `gap`, with the position behind it.'],
    load: async () => (await import('../../events/tail')).tailEvents,
  },
  {
    name: 'events wait',
    does: 'Waits for an event and prints it',
    operands: '',
    mostOperands: 0,
    flags: [type, where, since, timeout('How long, such as 30s or 5m; 60s without it. Exit code 6 when none came'), ...inWorkspace],
    examples: [{ line: 'millrace events wait --type orders.order.paid --where "payload.id = \'o-1\'" --timeout 5m', shows: 'in scripts' }],
    load: async () => (await import('../../events/wait')).waitForEvent,
  },
  {
    name: 'events search',
    does: 'Searches the history, newest first',
    operands: '[SEARCH]',
    mostOperands: Infinity,
    flags: [
      type,
      where,
      { name: 'from', value: 'TIME', does: 'From then on: RFC 3339, or -1h' },
      { name: 'to', value: 'TIME', does: 'Until then' },
      { name: 'oldest', does: 'The oldest first' },
      { name: 'limit', value: 'NUMBER', does: 'At most so many; 50 without it' },
      ...inWorkspace,
    ],
    examples: [
      { line: 'millrace events search --from -1h "card refused"', shows: 'words of the last hour' },
      { line: "millrace events search 'type:orders.* total:5 -state:ok refused'", shows: 'fields, and words beside them' },
      { line: "millrace events search --type 'orders.*.paid' -o ndjson --limit 1000", shows: 'for programs' },
    ],
    load: async () => (await import('../../events/search')).searchEvents,
  },
  {
    name: 'events emit',
    does: 'Appends events to the log; done means kept',
    operands: '[TYPE]',
    mostOperands: 1,
    flags: [
      { name: 'data', short: 'd', value: 'JSON|@FILE|-', does: 'The payload; without TYPE, events, one JSON object a line or a list' },
      { name: 'key', value: 'KEY', does: 'Events of one key are handled in order' },
      { name: 'subject', value: 'SUBJECT', does: 'What it is about' },
      { name: 'idempotency-key', value: 'KEY', does: 'The same key twice is the same events' },
      ...inWorkspace,
    ],
    examples: [
      { line: `millrace events emit hello.said -d '{"name": "Ada"}'`, shows: 'one' },
      { line: 'millrace events emit -d @events.ndjson', shows: 'many: all of them, in order, or none' },
    ],
    load: async () => (await import('../../events/emit')).emitEvents,
  },
  {
    name: 'events show',
    does: 'Shows an event',
    operands: 'EVENT',
    mostOperands: 1,
    flags: inWorkspace,
    examples: [{ line: 'millrace events show evt_01j8…', shows: 'its payload, its cause, its place in the log' }],
    load: async () => (await import('../../events/show')).showEvent,
  },
  {
    name: 'events explain',
    does: 'Says what an event has started',
    operands: 'EVENT',
    mostOperands: 1,
    flags: inWorkspace,
    examples: [{ line: 'millrace events explain evt_01j8…', shows: 'its runs, and how they ended' }],
    load: async () => (await import('../../events/show')).explainEvent,
  },
  {
    name: 'events replay',
    does: 'Does what an event starts once more, and says what it would have done',
    operands: 'EVENT',
    mostOperands: 1,
    flags: [
      { name: 'draft', does: 'On the draft instead of the version that runs' },
      { name: 'live', does: 'Does it: effects are not only said' },
      ...inWorkspace,
    ],
    examples: [{ line: 'millrace events replay evt_01j8… --draft', shows: 'whether what was changed does what it should' }],
    more: ['Exit code 1 when a run fails.'],
    load: async () => (await import('../../events/show')).replayEvent,
  },
];
