import { resolve } from 'node:path';
import type { Api, RequestOf } from '@millrace/client';
import { dataWritten, mapIn, parsed } from '../data/read';
import { isMap } from '../data/value';
import type { DataMap } from '../data/value';
import { textOf } from '../folder/disk';
import { misused } from '../refused';
import { printList } from '../server/print';
import { onServer } from '../server/server';
import type { Terminal } from '../terminal/terminal';
import type { Invocation } from '../usage/command';

type EventInput = NonNullable<RequestOf<Api['events']['emitEvents']>['events']>[number];

/** `millrace events emit`. */
export const emitEvents = onServer(async ({ api, workspace }, invocation, terminal) => {
  const events = await eventsOf(invocation, terminal);
  const idempotencyKey = invocation.value('idempotency-key');
  const more = idempotencyKey === undefined ? {} : { idempotencyKey };
  const answer = await api.events.emitEvents({ workspaceId: workspace(), events }, more);
  await printList(
    answer.events,
    {
      columns: [
        { heading: 'id', cell: ({ id }) => id },
        { heading: 'offset', cell: ({ offset }) => offset },
        { heading: 'time', cell: ({ time }) => time, wide: true },
      ],
      name: ({ id = '' }) => id,
      empty: 'Nothing is emitted.',
    },
    invocation,
    terminal,
  );
  return 0;
});

async function eventsOf(invocation: Invocation, terminal: Terminal): Promise<readonly EventInput[]> {
  const [type] = invocation.operands;
  const data = invocation.value('data');
  if (type === undefined) return manyOf(data, terminal);
  const payload = data === undefined ? {} : mapIn(await dataWritten(data, terminal), 'the payload');
  const [key, subject] = [invocation.value('key'), invocation.value('subject')];
  return [asInput({ type, payload, ...(key === undefined ? {} : { key }), ...(subject === undefined ? {} : { subject }) })];
}

/** What was read as JSON or YAML is JSON again; whether it is an event, the server says. */
function asInput(event: DataMap): EventInput {
  return event as unknown as EventInput;
}

/** Many events, each an object as the API takes it: one a line, or a list. */
async function manyOf(data: string | undefined, terminal: Terminal): Promise<readonly EventInput[]> {
  if (data === undefined) throw misused('Which event?', `millrace events emit TYPE -d '{…}', or events with -d @FILE or -d -.`);
  const text = await textWritten(data, terminal);
  const found = /^\s*\{/.test(text)
    ? text
        .split('\n')
        .filter((line) => line.trim() !== '')
        .map((line) => parsed(line, 'a line'))
    : parsed(text, '--data');
  const events = Array.isArray(found) ? (found as readonly unknown[]) : [found];
  const odd = events.findIndex((event) => !isMap(event) || typeof event['type'] !== 'string');
  if (odd >= 0) throw misused(`Event ${odd + 1} has no type.`, 'each is written as {"type": "hello.said", "payload": {…}}.');
  return events.flatMap((event) => (isMap(event) ? [asInput(event)] : []));
}

async function textWritten(data: string, { input, folder }: Terminal): Promise<string> {
  if (data === '-') return input.text();
  const file = /^@(.*)$/s.exec(data)?.[1];
  return file === undefined ? data : textOf(resolve(folder, file), file);
}
