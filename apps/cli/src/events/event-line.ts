import type { Delivered } from '@millrace/client';
import { isMap } from '../data/value';
import { harmless, paint } from '../terminal/paint';
import type { Channel } from '../terminal/terminal';

type AnyEvent = Delivered['event'];

/** An event as a person reads it: when, what, who, and the payload, as far as the line goes. */
export function eventLine(event: AnyEvent, output: Channel): string {
  const when = textOf(event['time']).slice(11, 23);
  const left = `${when}  ${textOf(event['type']).padEnd(28)}  ${whoOf(event).padEnd(12)}  `;
  const payload = harmless(JSON.stringify(event['payload'] ?? {}));
  const room = output.isTerminal ? Math.max(20, output.look.columns - left.length) : Infinity;
  const shown = payload.length > room ? `${payload.slice(0, room - 1)}…` : payload;
  return `${paint(output, 'dim', when)}${harmless(left.slice(when.length))}${shown}\n`;
}

/** The automation an event came from, else who caused it. */
function whoOf({ source, actor }: AnyEvent): string {
  const automation = isMap(source) ? textOf(source['automation']) : '';
  return automation === '' && isMap(actor) ? textOf(actor['kind']) : automation;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
