import { RE2JS } from 're2js';
import { LanguageError } from '../problems/language-error';
import { isList, isMap } from '../values/value';
import type { Span } from '../problems/language-error';
import type { Value } from '../values/value';
import { unescapeText } from './scanner';

const LONGEST = 1024;
const KEPT = 500;

/** A pattern that runs in time linear in its input. */
export interface Pattern {
  /** Whether it is found anywhere in a text. */
  test(text: string): boolean;
  /** The groups of the first match (0 is the whole), or undefined. */
  first(text: string): readonly (string | undefined)[] | undefined;
}

const kept = new Map<string, Pattern>();

/** Compiles an RE2 pattern; refuses with `language.regex` what RE2 cannot read, or is longer than 1 KiB. Compiled patterns are kept. */
export function pattern(source: string, flags: string, span?: Span): Pattern {
  const key = `${flags}/${source}`;
  const known = kept.get(key);
  if (known !== undefined) return known;
  const made = compile(source, flags, span);
  if (kept.size >= KEPT) kept.delete(kept.keys().next().value ?? '');
  kept.set(key, made);
  return made;
}

/** The pattern of `regex(…)`: its source, `/source/flags`, or one quoted text. */
export function literalPattern(raw: string, span?: Span): Pattern {
  const text = raw.trim();
  const slashed = /^\/(.*)\/([a-z]*)$/s.exec(text);
  if (slashed !== null) return pattern(slashed[1] ?? '', slashed[2] ?? '', span);
  const quoted = /^(["'])(.*)\1$/s.exec(text);
  return pattern(quoted === null ? raw : unescapeText(quoted[2] ?? ''), '', span);
}

/** `a matches pattern`: booleans and numbers by their text, a list by any of its items; null, missing and maps never. */
export function matchesAny(value: Value, wanted: Pattern): boolean {
  if (isList(value)) return value.some((item) => matchesAny(item, wanted));
  if (value === null || value === undefined || isMap(value)) return false;
  return wanted.test(String(value));
}

function compile(source: string, flags: string, span?: Span): Pattern {
  if (source.length > LONGEST) throw new LanguageError('language.regex', `The pattern is longer than ${LONGEST} characters.`, span);
  try {
    const re = RE2JS.compile(source, bitsOf(flags, span));
    return { test: (text) => re.test(text), first: (text) => firstMatch(re, text) };
  } catch (error) {
    if (error instanceof LanguageError) throw error;
    const why = error instanceof Error ? error.message.replace(/^error parsing regexp: /, '') : String(error);
    throw new LanguageError(
      'language.regex',
      `The pattern /${source}/ cannot be used: ${why}. Patterns are RE2: no look-around, no back-references.`,
      span,
    );
  }
}

function bitsOf(flags: string, span?: Span): number {
  let bits = 0;
  for (const flag of flags) {
    if (flag === 'i') bits |= RE2JS.CASE_INSENSITIVE;
    else if (flag === 'm') bits |= RE2JS.MULTILINE;
    else if (flag === 's') bits |= RE2JS.DOTALL;
    else if (!'guy'.includes(flag)) throw new LanguageError('language.regex', `The flag ${flag} is unknown; there are i, m and s.`, span);
  }
  return bits;
}

function firstMatch(re: RE2JS, text: string): readonly (string | undefined)[] | undefined {
  const matcher = re.matcher(text);
  if (!matcher.find()) return undefined;
  return Array.from({ length: re.groupCount() + 1 }, (_, group) => matcher.group(group) ?? undefined);
}
