import type { Json } from '@millrace/kernel';
import { createTwoFilesPatch, FILE_HEADERS_ONLY } from 'diff';
import { parseDocument } from 'yaml';
import { Differences } from '../application/ports/differences';
import { plainOf } from './plain-yaml';

const MOST_LINES = 2_000;
/** Changed lines, after which no shortest way is looked for. */
const MOST_EDITS = 1_000;
const NOTHING = '/dev/null';

/** Documents as YAML, texts by their lines. */
export class YamlDifferences extends Differences {
  override documentIn(text: string): Json | undefined {
    return plainOf(parseDocument(text, { version: '1.2', schema: 'core', merge: false, logLevel: 'silent' }));
  }

  override lines(path: string, before: string | undefined, after: string | undefined): string {
    if (linesOf(before) > MOST_LINES || linesOf(after) > MOST_LINES) return '';
    const names = [before === undefined ? NOTHING : `a/${path}`, after === undefined ? NOTHING : `b/${path}`] as const;
    const options = { headerOptions: FILE_HEADERS_ONLY, maxEditLength: MOST_EDITS };
    return createTwoFilesPatch(...names, before ?? '', after ?? '', undefined, undefined, options) ?? '';
  }
}

function linesOf(text: string | undefined): number {
  return text?.split('\n').length ?? 0;
}
