import { format, read } from '@millrace/language';
import type { Problem } from '@millrace/language';

/** A text in the one layout; the text as it was when it cannot be read, and why. */
export interface LaidOut {
  readonly text: string;
  readonly problems: readonly Problem[];
}

/** Lays out the text of a file, as JSON where its name says so, else as YAML. */
export function layOut(text: string, file: string): LaidOut {
  const problems = read(text, file).problems.filter(({ code, severity }) => code.startsWith('yaml-') && severity === 'error');
  if (problems.length > 0) return { text, problems };
  return { text: file.endsWith('.json') ? jsonLayout(text) : format(text), problems };
}

/** YAML that is no JSON stays as it is, whatever the file is called. */
function jsonLayout(text: string): string {
  try {
    return `${JSON.stringify(JSON.parse(text), undefined, 2)}\n`;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return text;
  }
}
