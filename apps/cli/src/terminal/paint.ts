import { styleText } from 'node:util';
import type { Channel } from './terminal';

type Style = 'bold' | 'dim' | 'red' | 'yellow' | 'green' | 'cyan';

/** A text in a style, where the channel shows styles. */
export function paint({ look }: Channel, style: Style | readonly Style[], text: string): string {
  return look.colour ? styleText([style].flat(), text, { validateStream: false }) : text;
}

// What moves the cursor or changes colours when a terminal gets it: C0 but tab and line feed, DEL, C1.
const CONTROLS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;

/** A foreign text as it may go to a terminal: what would steer the terminal is shown as a mark. */
export function harmless(text: string): string {
  return text.replaceAll(CONTROLS, '\u{fffd}');
}

/** A number and what it counts, in the plural unless it is one. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
