import { filterInvalid } from './lex';
import { parseFilter } from './parse';
import { isOpenPattern } from './pattern';
import type { Filter } from './filter';

/** What someone typed into a search box: a filter over fields, and free words. */
export interface Search {
  readonly where?: Filter;
  readonly text?: string;
}

const TERM = /(-?)([A-Za-z][\w.-]*):("(?:[^"\\]|\\.)*"|\S+)|"(?:[^"\\]|\\.)*"|\S+/g;
const MOST = 64;
/** Names people use for fields, and what they stand for. */
const SHORT: ReadonlyMap<string, string> = new Map([
  ['user', 'actor.id'],
  ['app', 'source.app'],
  ['automation', 'source.automation'],
  ['session', 'source.session'],
  ['run', 'source.run'],
  ['correlation', 'correlationId'],
]);

/**
 * Reads the short form of search boxes and command lines: `type:ads.* payload.offer:o-1 -state:ok free words`. A `*` at the end of a value
 * means that it starts so; alone it means that there is any; in `type` it is a pattern; a field with a minus must not fit; other words are
 * free text. A field nobody knows is one of the payload. Refuses with `language.filter_invalid`, too, more than 64 terms.
 */
export function parseSearch(source: string): Search {
  const filters: Filter[] = [];
  const words: string[] = [];
  for (const { 0: whole, 1: minus, 2: field, 3: value, index: at } of source.matchAll(TERM)) {
    if (field === undefined || value === undefined) words.push(whole);
    else if (filters.length === MOST) throw filterInvalid(source, at, `a search has at most ${MOST} terms`);
    else filters.push(minus === '-' ? { op: 'not', filter: termOf(field, value) } : termOf(field, value));
  }
  const [first] = filters;
  const where = first === undefined || filters.length === 1 ? first : ({ op: 'and', filters } as const);
  return { ...(where === undefined ? {} : { where }), ...(words.length === 0 ? {} : { text: words.join(' ') }) };
}

function termOf(written: string, value: string): Filter {
  const field = fieldOf(written);
  if (value === '*' && field !== 'type') return parseFilter(`${field} exists`);
  const quoted = value.startsWith('"') && value.endsWith('"') && value.length > 1;
  const text = quoted ? value.slice(1, -1).replace(/\\(.)/g, '$1') : value;
  if (!quoted && text.endsWith('*') && !(field === 'type' && isOpenPattern(text))) return filterOf(field, 'starts with', text.slice(0, -1));
  return quoted || field === 'type' ? filterOf(field, '=', text) : eitherOf(field, text);
}

function fieldOf(written: string): string {
  const short = SHORT.get(written);
  if (short !== undefined) return short;
  if (/^(?:type|time|subject|correlationId)$|^(?:actor|source|target|payload)\./.test(written)) return written;
  return `payload.${written}`;
}

function filterOf(field: string, op: string, text: string): Filter {
  return parseFilter(`${field} ${op} '${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`);
}

/** A bare number, `true` or `false` may be meant as such or as text. */
function eitherOf(field: string, text: string): Filter {
  const asText = filterOf(field, '=', text);
  if (field === 'time' || !/^(?:-?\d+(?:\.\d+)?|true|false|null)$/.test(text)) return asText;
  return { op: 'or', filters: [parseFilter(`${field} = ${text}`), asText] };
}
