import { misused } from '../refused';
import { printList } from '../server/print';
import { onServer } from '../server/server';
import type { Terminal } from '../terminal/terminal';
import type { Invocation } from '../usage/command';
import { momentOf } from '../usage/times';
import { typesAsked } from './asked';

const USUAL_LIMIT = 50;
const PAGE = 200;

/** `millrace events search`. */
export const searchEvents = onServer(async ({ api, workspace }, invocation, terminal) => {
  const most = limitOf(invocation.value('limit'));
  const asked = { workspaceId: workspace(), limit: Math.min(most, PAGE), ...filterOf(invocation, terminal) };
  await printList(
    first(most, api.events.searchEvents.each(asked)),
    {
      columns: [
        { heading: 'time', cell: ({ time }) => time?.replace('T', ' ').replace('Z', '') },
        { heading: 'type', cell: ({ type }) => type },
        { heading: 'who', cell: ({ source, actor }) => source?.automation ?? actor?.kind },
        { heading: 'id', cell: ({ id }) => id },
        { heading: 'subject', cell: ({ subject }) => subject, wide: true },
        { heading: 'payload', cell: ({ payload }) => JSON.stringify(payload ?? {}) },
      ],
      name: ({ id = '' }) => id,
      empty: 'There is no such event. What was emitted a moment ago may not be found yet.',
    },
    invocation,
    terminal,
  );
  return 0;
});

function filterOf(invocation: Invocation, { time }: Terminal) {
  const [where, from, to] = [invocation.value('where'), invocation.value('from'), invocation.value('to')];
  const q = invocation.operands.join(' ');
  return {
    ...typesAsked(invocation),
    ...(where === undefined ? {} : { where }),
    ...(q === '' ? {} : { q }),
    ...(from === undefined ? {} : { from: momentOf(from, time.now()) }),
    ...(to === undefined ? {} : { to: momentOf(to, time.now()) }),
    ...(invocation.on('oldest') ? { sort: 'oldest' as const } : {}),
  };
}

function limitOf(written: string | undefined): number {
  if (written === undefined) return USUAL_LIMIT;
  const most = Number(written);
  if (Number.isInteger(most) && most > 0) return most;
  throw misused(`\`${written}\` is no number of events.`, 'write --limit 100.');
}

async function* first<Item>(most: number, items: AsyncIterable<Item>): AsyncGenerator<Item> {
  let left = most;
  for await (const item of items) {
    yield item;
    left -= 1;
    if (left === 0) return;
  }
}
