import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Problem } from '@millrace/language';
import { problemsText } from '../check/report';
import { pathFrom, textOf } from '../folder/disk';
import { targetAt } from '../folder/target';
import { misused } from '../refused';
import { counted, harmless } from '../terminal/paint';
import type { Terminal } from '../terminal/terminal';
import type { Invocation, Perform } from '../usage/command';
import { formatOf, printJson } from '../usage/format';
import { layOut } from './layout';

/** A file, as it is and as it should be. */
interface Page {
  /** Its path, from where the command was typed. */
  readonly file: string;
  readonly place: string;
  readonly before: string;
  readonly after: string;
  readonly problems: readonly Problem[];
}

/** `millrace fmt`. */
export const performFmt: Perform = async (invocation, terminal) => {
  const { operands } = invocation;
  if (operands.includes('-')) return formatInput(invocation, terminal);
  const pages = pagesAt(operands.length === 0 ? ['.'] : operands, terminal.folder);
  const onlyCheck = invocation.on('check');
  if (!onlyCheck) for (const { place, after } of pages.filter(isChanged)) writeFileSync(place, after);
  if (formatOf(invocation) === 'json') printJson(pages.map(printed), terminal.output);
  else tell(pages, invocation, terminal);
  const failed = pages.some((page) => page.problems.length > 0 || (onlyCheck && isChanged(page)));
  return failed ? 1 : 0;
};

async function formatInput(invocation: Invocation, { input, output, notes }: Terminal): Promise<number> {
  if (invocation.operands.length > 1) {
    throw misused('`-` stands for standard input and cannot be mixed with paths.', 'format the paths in a command of their own.');
  }
  const before = await input.text();
  const { text, problems } = layOut(before, 'stdin');
  if (problems.length > 0) {
    notes.write(problemsText(problems, new Map([['stdin', before]]), notes));
    return 1;
  }
  if (invocation.on('check')) return text === before ? 0 : 1;
  output.write(text);
  return 0;
}

/** The files that paths mean, each once. */
function pagesAt(paths: readonly string[], folder: string): readonly Page[] {
  const places = paths
    .flatMap((path) => targetAt(path, folder).parts)
    .flatMap(({ root, files, asked }) => files.filter(({ file }) => asked(file)).map(({ file }) => join(root, file)));
  return [...new Set(places)].map((place) => {
    const file = pathFrom(folder, place);
    const before = textOf(place, file);
    const { text, problems } = layOut(before, file);
    return { file, place, before, after: text, problems };
  });
}

function tell(pages: readonly Page[], invocation: Invocation, { output, notes }: Terminal): void {
  const changed = pages.filter(isChanged);
  for (const { file } of changed) output.write(`${harmless(file)}\n`);
  for (const { file, before, problems } of pages) notes.write(problemsText(problems, new Map([[file, before]]), notes));
  if (invocation.on('quiet')) return;
  const verb = invocation.on('check') ? 'would change; `millrace fmt` changes them' : 'changed';
  notes.write(
    changed.length === 0
      ? `Nothing to change in ${counted(pages.length, 'file')}.\n`
      : `${changed.length} of ${counted(pages.length, 'file')} ${verb}.\n`,
  );
}

function printed(page: Page): object {
  const { file, problems } = page;
  return { file, changed: isChanged(page), problems };
}

function isChanged({ before, after }: Page): boolean {
  return before !== after;
}
