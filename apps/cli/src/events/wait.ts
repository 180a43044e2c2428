import { Refused } from '../refused';
import { onServer } from '../server/server';
import { durationOf } from '../usage/times';
import { eventLine } from './event-line';
import { follow } from './follow';
import { linesWanted } from './tail';

const INTERRUPTED = 130;

/** `millrace events wait`. */
export const waitForEvent = onServer(async (server, invocation, { output, notes, time, interruption }) => {
  const patience = invocation.value('timeout') ?? '60s';
  const interrupted = interruption();
  const late = new AbortController();
  const over = new AbortController();
  void time.pause(durationOf(patience), over.signal).then(
    () => late.abort(),
    () => undefined,
  );
  try {
    const plain = linesWanted(invocation, output);
    const ended = await follow(
      server,
      invocation,
      {
        event: ({ event }) => {
          output.write(plain ? eventLine(event, output) : `${JSON.stringify(event)}\n`);
          return 'enough';
        },
        news: (news) => {
          if (news.kind === 'gap') notes.write(`gap  ${news.reason}: it may have happened among events that were missed.\n`);
        },
      },
      AbortSignal.any([late.signal, interrupted]),
    );
    if (ended === 'enough') return 0;
  } finally {
    over.abort();
  }
  if (interrupted.aborted) return INTERRUPTED;
  throw new Refused(
    'cli.timed_out',
    'exhausted',
    `No such event came in ${patience}.`,
    'wait longer with --timeout, or look back: millrace events search',
  );
});
