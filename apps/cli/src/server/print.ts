import { stringify } from 'yaml';
import { valueText } from '../data/value';
import { harmless, paint } from '../terminal/paint';
import type { Channel, Terminal } from '../terminal/terminal';
import type { Invocation } from '../usage/command';
import { formatOf, printJson } from '../usage/format';

/** A column of a table: its heading, and what an item has there. */
export interface Column<Item> {
  readonly heading: string;
  readonly cell: (item: Item) => string | number | undefined;
  /** Only shown with `--output wide`. */
  readonly wide?: true;
}

/** How a list is shown: its columns, the name of an item, and what is said when there is none. */
export interface ListLook<Item> {
  readonly columns: readonly Column<Item>[];
  readonly name: (item: Item) => string;
  readonly empty: string;
}

/** Prints all items of a list. */
export async function printList<Item>(
  items: AsyncIterable<Item> | Iterable<Item>,
  look: ListLook<Item>,
  invocation: Invocation,
  { output, notes }: Terminal,
): Promise<void> {
  const format = formatOf(invocation);
  if (format === 'ndjson') {
    for await (const item of items) output.write(`${JSON.stringify(item)}\n`);
    return;
  }
  const all: Item[] = [];
  for await (const item of items) all.push(item);
  if (format === 'json') printJson({ items: all }, output);
  else if (format === 'yaml') output.write(stringify({ items: all }));
  else if (format === 'name') output.write(all.map((item) => `${harmless(look.name(item))}\n`).join(''));
  else if (all.length > 0) output.write(tableText(all, shownColumns(look, format), output));
  else if (!invocation.on('quiet')) notes.write(`${look.empty}\n`);
}

/** Prints one thing: for a person as lines of a heading and a value each. */
export function printOne(item: object, rows: readonly (readonly [string, unknown])[], invocation: Invocation, output: Channel): void {
  const format = formatOf(invocation);
  if (format === 'json') printJson(item, output);
  else if (format === 'ndjson') output.write(`${JSON.stringify(item)}\n`);
  else if (format === 'yaml') output.write(stringify(item));
  else if (format === 'name') output.write(`${harmless(valueText(rows[0]?.[1] ?? ''))}\n`);
  else output.write(rows.map((row) => rowText(row, output)).join(''));
}

/** A moment as a person reads it, to the second and in UTC. */
export function momentText(moment: string | undefined): string {
  return moment === undefined ? '' : moment.replace('T', ' ').replace(/\.\d+Z$|Z$/, '');
}

function shownColumns<Item>({ columns }: ListLook<Item>, format: string): readonly Column<Item>[] {
  return columns.filter(({ wide }) => wide !== true || format === 'wide');
}

function rowText([heading, value]: readonly [string, unknown], output: Channel): string {
  if (value === undefined || value === '') return '';
  return `${paint(output, 'dim', heading.padEnd(12))}${harmless(valueText(value))}\n`;
}

function tableText<Item>(items: readonly Item[], columns: readonly Column<Item>[], output: Channel): string {
  const cells = items.map((item) => columns.map(({ cell }) => harmless(String(cell(item) ?? '')).replaceAll('\n', ' ')));
  const headings = columns.map(({ heading }) => heading.toUpperCase());
  const widths = headings.map((heading, index) => Math.max(heading.length, ...cells.map((row) => row[index]?.length ?? 0)));
  const line = (row: readonly string[]): string =>
    row
      .map((cell, index) => cell.padEnd(widths[index] ?? 0))
      .join('  ')
      .trimEnd();
  return [paint(output, 'dim', line(headings)), ...cells.map(line), ''].join('\n');
}
