import { isList, lineOf } from '../../values/value';
import type { Value } from '../../values/value';
import { described } from '../operators';
import { pattern } from '../regex';
import { listAt, numberAt, numberOr, produced, textAt, textOr, wrongArgument } from './function';
import type { Call, FunctionSpec } from './function';

function replaced(call: Call): string {
  const [text, find, insert, which] = [textAt(call, 0), textAt(call, 1), textAt(call, 2), textOr(call, 3, 'first')];
  if (which !== 'first' && which !== 'all') throw wrongArgument(call, 'knows "first" and "all" as argument 4');
  call.env.spend(text.length >> 6);
  if (which === 'first') return text.replace(find, () => insert);
  const count = find === '' ? text.length + 1 : text.split(find).length - 1;
  call.env.spend((count * insert.length) >> 6);
  return text.replaceAll(find, () => insert);
}

function sliced(call: Call): Value {
  const [value] = call.args;
  if (typeof value !== 'string' && !isList(value)) throw wrongArgument(call, `needs a text or a list, found ${described(value)}`);
  return value.slice(numberAt(call, 1), numberOr(call, 2, value.length));
}

function truncated(call: Call): string {
  const [text, length] = [textAt(call, 0), Math.max(0, Math.trunc(numberAt(call, 1)))];
  return text.length <= length ? text : text.slice(0, length) + textOr(call, 2, '...');
}

/** Removes elements with their marks, comments, and all of `script` and `style`; one pass, so that nothing removed lets a new tag appear. */
function sanitized(call: Call): string {
  const text = textAt(call, 0);
  call.env.spend(text.length >> 4);
  let out = '';
  for (let at = 0; at < text.length;) {
    const open = text.indexOf('<', at);
    if (open < 0) return out + entities(text.slice(at));
    out += entities(text.slice(at, open));
    const end = markEnd(text, open);
    if (end === undefined) out += '&lt;';
    at = end ?? open + 1;
  }
  return out;
}

function markEnd(text: string, open: number): number | undefined {
  if (text.startsWith('<!--', open)) return after(text, '-->', open) ?? text.length;
  const tag = /^<\/?([a-zA-Z][a-zA-Z0-9-]*)|^<[!?]/.exec(text.slice(open, open + 64));
  if (tag === null) return undefined;
  const end = after(text, '>', open);
  const name = tag[1]?.toLowerCase();
  if (end === undefined || tag[0].startsWith('</') || (name !== 'script' && name !== 'style')) return end;
  const close = text.toLowerCase().indexOf(`</${name}`, end);
  return close < 0 ? text.length : (after(text, '>', close) ?? text.length);
}

function after(text: string, mark: string, from: number): number | undefined {
  const at = text.indexOf(mark, from);
  return at < 0 ? undefined : at + mark.length;
}

function entities(text: string): string {
  return text.replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

function extracted(call: Call): Value {
  const groups = pattern(textAt(call, 1), '', call.site).first(textAt(call, 0));
  return groups?.[numberOr(call, 2, 0)];
}

function onText(name: string, summary: string, change: (text: string) => string): FunctionSpec {
  return { name, parameters: 'text', summary, least: 1, most: 1, apply: (call) => produced(call, change(textAt(call, 0))) };
}

/** Functions on texts. */
export const TEXTS: readonly FunctionSpec[] = [
  onText('lower', 'The text in lower case', (text) => text.toLowerCase()),
  onText('upper', 'The text in upper case', (text) => text.toUpperCase()),
  onText('trim', 'The text without blanks at both ends', (text) => text.trim()),
  {
    name: 'split',
    parameters: 'text, separator',
    summary: 'The pieces of a text between separators, as a list',
    least: 2,
    most: 2,
    apply: (call) => {
      const pieces = textAt(call, 0).split(textAt(call, 1));
      call.env.spend(pieces.length);
      return pieces;
    },
  },
  {
    name: 'join',
    parameters: 'list, separator',
    summary: 'The items of a list as one text, with a separator between them',
    least: 2,
    most: 2,
    apply: (call) => produced(call, listAt(call, 0).map(lineOf).join(textAt(call, 1))),
  },
  {
    name: 'replace',
    parameters: 'text, find, with, which?',
    summary: 'The text with the first occurrence (or with "all" as fourth argument all of them) replaced; nothing is a pattern',
    least: 3,
    most: 4,
    apply: replaced,
  },
  {
    name: 'slice',
    parameters: 'textOrList, start, end?',
    summary: 'A piece of a text or list; negative places count from the end, the end is excluded',
    least: 2,
    most: 3,
    apply: sliced,
  },
  {
    name: 'truncate',
    parameters: 'text, n, ellipsis?',
    summary: 'The text itself up to n characters, else its first n and the ellipsis ("...")',
    least: 2,
    most: 3,
    apply: truncated,
  },
  {
    name: 'sanitize',
    parameters: 'text',
    summary: 'The text without tags, comments, scripts and styles',
    least: 1,
    most: 1,
    apply: sanitized,
  },
  {
    name: 'extract',
    parameters: 'text, regex, group?',
    summary: 'The first match of a pattern, or one group of it; missing if there is none',
    least: 2,
    most: 3,
    apply: extracted,
  },
];
