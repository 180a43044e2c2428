import { printList, printOne } from '../server/print';
import { onServer } from '../server/server';
import { formatOf } from '../usage/format';
import { operand } from '../usage/operand';

/** What becomes of an event in an automation, in words. */
const MADE_OF_IT: Readonly<Record<string, string>> = {
  matches: 'starts',
  filtered: 'filters it out',
  disabled: 'is switched off',
  frozen: 'stands still',
  too_deep: 'too many automations led to it',
};

/** `millrace events show`. */
export const showEvent = onServer(async ({ api, workspace }, invocation, { output }) => {
  const event = await api.events.getEvent({ workspaceId: workspace(), eventId: operand(invocation, 'The event') });
  const { actor, source } = event;
  printOne(
    event,
    [
      ['id', event.id],
      ['type', event.type],
      ['time', event.time],
      ['position', `${event.epoch ?? ''}-${event.offset}`],
      ['subject', event.subject],
      ['key', event.key],
      ['actor', [actor?.kind, actor?.id].filter(Boolean).join(' ')],
      ['automation', source?.automation],
      ['cause', event.causationId],
      ['story', event.correlationId],
      ['payload', JSON.stringify(event.payload ?? {}, undefined, 2)],
    ],
    invocation,
    output,
  );
  return 0;
});

/** `millrace events explain`: what an event has done, and what each automation that listens to it makes of it. */
export const explainEvent = onServer(async ({ api, workspace }, invocation, terminal) => {
  const explained = await api.history.explainEvent({ workspaceId: workspace(), eventId: operand(invocation, 'The event') });
  if (['json', 'yaml', 'ndjson'].includes(formatOf(invocation))) {
    printOne(explained, [], invocation, terminal.output);
    return 0;
  }
  await printList(
    explained.decisions,
    {
      columns: [
        { heading: 'automation', cell: ({ automation }) => automation },
        { heading: 'makes of it', cell: ({ outcome }) => MADE_OF_IT[outcome ?? ''] ?? outcome },
        { heading: 'listens to', cell: ({ pattern }) => pattern },
        { heading: 'because not', cell: ({ part, filter }) => part || filter },
      ],
      name: ({ automation = '' }) => automation,
      empty: 'No automation that you may see listens to it. `millrace automations list` shows what each listens to.',
    },
    invocation,
    terminal,
  );
  await printList(
    explained.runs,
    {
      columns: [
        { heading: 'automation', cell: ({ automation }) => automation },
        { heading: 'state', cell: ({ state }) => state },
        { heading: 'run', cell: ({ id }) => id },
        { heading: 'started', cell: ({ startedAt }) => startedAt },
      ],
      name: ({ id = '' }) => id,
      empty: 'It started no run that you may see.',
    },
    invocation,
    terminal,
  );
  return 0;
});

/** `millrace events replay`: does what an event starts once more, with its effects only said unless `--live` is given. */
export const replayEvent = onServer(async ({ api, workspace }, invocation, terminal) => {
  const { runs } = await api.replays.createReplay({
    workspaceId: workspace(),
    eventId: operand(invocation, 'The event'),
    version: invocation.on('draft') ? 'draft' : 'active',
    effects: invocation.on('live') ? 'live' : 'blocked',
  });
  await printList(
    runs,
    {
      columns: [
        { heading: 'automation', cell: ({ automation }) => automation },
        { heading: 'state', cell: ({ state = 'begun' }) => state },
        { heading: 'run', cell: ({ runId }) => runId },
        { heading: 'would have done', cell: ({ blocked }) => blocked.map(({ kind }) => kind).join(', ') },
        { heading: 'error', cell: ({ error }) => error?.message },
      ],
      name: ({ runId = '' }) => runId,
      empty: 'It starts nothing.',
    },
    invocation,
    terminal,
  );
  return runs.some(({ state }) => state === 'failed') ? 1 : 0;
});
