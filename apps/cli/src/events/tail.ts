import type { FeedNews } from '@millrace/client';
import { onServer } from '../server/server';
import { paint } from '../terminal/paint';
import type { Channel, Terminal } from '../terminal/terminal';
import type { Invocation } from '../usage/command';
import { formatOf } from '../usage/format';
import { eventLine } from './event-line';
import { follow } from './follow';

const INTERRUPTED = 130;

/** `millrace events tail`. */
export const tailEvents = onServer(async (server, invocation, terminal) => {
  const { output } = terminal;
  const plain = linesWanted(invocation, output);
  await follow(
    server,
    invocation,
    {
      event: ({ event }) => {
        output.write(plain ? eventLine(event, output) : `${JSON.stringify(event)}\n`);
        return 'more';
      },
      news: (news) => tellNews(news, plain, invocation, terminal),
    },
    terminal.interruption(),
  );
  return INTERRUPTED;
});

/** Whether events are printed for a person: on a terminal, unless another format is asked for. */
export function linesWanted(invocation: Invocation, { isTerminal }: Channel): boolean {
  const format = formatOf(invocation);
  return format === 'text' ? isTerminal : format === 'table' || format === 'wide';
}

/** What was missed stands among the events, for whoever reads them must know; that the line broke is a note. */
function tellNews(news: FeedNews, plain: boolean, invocation: Invocation, { output, notes }: Terminal): void {
  if (news.kind === 'gap') {
    output.write(
      plain ? paint(output, 'yellow', `gap  ${news.reason}: events between here and there were missed\n`) : gapJson(news.reason),
    );
  } else if (!invocation.on('quiet')) {
    notes.write(`The line broke (${news.reason}); it is taken up again.\n`);
  }
}

function gapJson(reason: string): string {
  return `${JSON.stringify({ gap: { reason } })}\n`;
}
