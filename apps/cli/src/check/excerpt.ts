import type { Problem } from '@millrace/language';
import { harmless, paint } from '../terminal/paint';
import type { Channel } from '../terminal/terminal';

/** A stretch of a text: lines and columns count from 1, the end is exclusive. */
type Stretch = Pick<Problem, 'line' | 'column' | 'endLine' | 'endColumn'>;

/** What stands before the excerpt when a long line is cut. */
const CUT = '… ';

/** The line that a stretch begins in, with its number, and below it carets under the stretch; cut to the width of the channel. */
export function excerptOf({ line, column, endLine, endColumn }: Stretch, text: string, channel: Channel): string {
  const source = text.split('\n')[line - 1]?.replace(/\r$/, '');
  if (source === undefined) return '';
  const number = ` ${line} `;
  const end = endLine > line ? source.length + 1 : endColumn;
  const { shown, before } = cut(source, column, channel.look.columns - number.length - 3);
  const carets = '^'.repeat(Math.max(1, Math.min(end - column, shown.length - before)));
  const bar = paint(channel, 'dim', '|');
  const indent = shown.slice(0, before).replaceAll(/[^\t]/g, ' ');
  return `${paint(channel, 'dim', number)}${bar} ${harmless(shown)}\n${' '.repeat(number.length)}${bar} ${indent}${paint(channel, 'red', carets)}\n`;
}

/** A line as it is shown, and how many characters of it stand before the column. */
function cut(source: string, column: number, width: number): { readonly shown: string; readonly before: number } {
  const most = Math.max(20, width);
  if (source.length <= most) return { shown: source, before: column - 1 };
  const from = Math.max(0, Math.min(column - 1 - Math.floor(most / 3), source.length - most));
  if (from === 0) return { shown: source.slice(0, most), before: column - 1 };
  return { shown: `${CUT}${source.slice(from, from + most - CUT.length)}`, before: column - 1 - from + CUT.length };
}
