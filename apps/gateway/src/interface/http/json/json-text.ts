import type { FieldProblem } from '@millrace/kernel';
import { malformed, misfit, MOST_ERRORS } from '../problems/refusals';
import { nearest } from './nearest';

export type JsonKind = 'object' | 'array' | 'string' | 'number' | 'boolean' | 'null';

const DEEPEST = 64;
const MOST_KEYS = 10_000;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const WORDS = ['true', 'false', 'null'] as const;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const FIRST_PRINTABLE = 0x20;

const NOUNS: Readonly<Record<JsonKind, string>> = {
  object: 'an object',
  array: 'a list',
  string: 'a text',
  number: 'a number',
  boolean: 'true or false',
  null: 'null',
};

/**
 * A JSON text that is read once, front to back, by whoever knows what should stand there. Stricter than `JSON.parse`: a key that stands
 * twice, a key `__proto__`, more than 64 levels or 10,000 keys are refused at once (`api.json_…`). What merely does not fit the
 * reader's wishes is noted with its JSON Pointer, passed over, and refused together at the end.
 */
export class JsonText {
  private position = 0;
  private keys = 0;
  private readonly path: (string | number)[] = [];
  private readonly problems: FieldProblem[] = [];

  constructor(private readonly text: string) {}

  /** What kind of value stands next. */
  kind(): JsonKind {
    switch (this.next()) {
      case '{':
        return 'object';
      case '[':
        return 'array';
      case '"':
        return 'string';
      case 't':
      case 'f':
        return 'boolean';
      case 'n':
        return 'null';
      default:
        return 'number';
    }
  }

  /** Reads an object; `each` is told a key and must read its value. */
  object(each: (key: string) => void): void {
    this.enter('{');
    const seen = new Set<string>();
    if (this.next() !== '}') {
      do {
        const key = this.key(seen);
        this.path.push(key);
        each(key);
        this.path.pop();
      } while (this.accept(','));
    }
    this.expect('}');
  }

  /** Reads a list; `each` must read one item. Refused at once beyond the most items it may have. */
  array(each: (index: number) => void, most = Infinity): void {
    this.enter('[');
    let index = 0;
    if (this.next() !== ']') {
      do {
        if (index >= most) throw this.refused('json_items', `This list may have ${most} items at most. Send it in parts.`);
        this.path.push(index);
        each(index++);
        this.path.pop();
      } while (this.accept(','));
    }
    this.expect(']');
  }

  string(): string {
    this.expect('"');
    const start = this.position;
    const escaped = this.passString();
    const raw = this.text.slice(start, this.position - 1);
    return escaped ? this.unescape(raw) : raw;
  }

  /** The number as it is written. */
  number(): string {
    this.next();
    NUMBER.lastIndex = this.position;
    const [source] = NUMBER.exec(this.text) ?? [];
    if (source === undefined) throw this.broken();
    this.position += source.length;
    return source;
  }

  /** Reads `true`, `false` or `null`. */
  word(): boolean | null {
    this.next();
    const word = WORDS.find((each) => this.text.startsWith(each, this.position));
    if (word === undefined) throw this.broken();
    this.position += word.length;
    return word === 'null' ? null : word === 'true';
  }

  /** Passes over a value, whatever it is, and answers how it is written. */
  source(): string {
    this.next();
    const start = this.position;
    this.skip();
    return this.text.slice(start, this.position);
  }

  skip(): void {
    switch (this.kind()) {
      case 'object':
        return this.object(() => this.skip());
      case 'array':
        return this.array(() => this.skip());
      case 'string':
        return void this.string();
      case 'number':
        return void this.number();
      case 'boolean':
      case 'null':
        return void this.word();
    }
  }

  /** Notes that the value standing next is not `wanted`, and passes over it. */
  mistyped(wanted: string): undefined {
    const found = this.kind();
    this.skip();
    this.note('api.field_type', `This must be ${wanted}, not ${NOUNS[found]}.`);
  }

  /** Notes that the value just read cannot be `wanted` although its kind fits. */
  unfit(wanted: string): undefined {
    this.note('api.field_type', `This must be ${wanted}.`);
  }

  /** Notes that there is no such field as the one whose value stands next, and passes over it. */
  unknown(key: string, known: Iterable<string>, instead?: string): undefined {
    this.skip();
    this.note('api.field_unknown', instead ?? unknownField(key, known));
  }

  /** Nothing may follow. Throws the refusal of all that was noted. */
  end(): void {
    if (this.next() !== '') throw this.broken();
    const [first, ...others] = this.problems;
    if (first !== undefined) throw misfit([first, ...others]);
  }

  private note(code: string, detail: string): undefined {
    if (this.problems.length < MOST_ERRORS) this.problems.push({ pointer: pointerOf(this.path), code, detail });
  }

  /** Skips white space; the character that stands next, empty at the end. */
  private next(): string {
    for (;;) {
      const character = this.text.charAt(this.position);
      if (character !== ' ' && character !== '\n' && character !== '\r' && character !== '\t') return character;
      this.position++;
    }
  }

  private accept(character: string): boolean {
    if (this.next() !== character) return false;
    this.position++;
    return true;
  }

  private expect(character: string): void {
    if (!this.accept(character)) throw this.broken();
  }

  private enter(bracket: string): void {
    this.expect(bracket);
    if (this.path.length >= DEEPEST) throw this.refused('json_depth', `The JSON is nested more than ${DEEPEST} levels deep. Flatten it.`);
  }

  private key(seen: Set<string>): string {
    if (this.next() !== '"') throw this.broken();
    const key = this.string();
    this.expect(':');
    if (seen.has(key)) throw this.refused('json_duplicate', `The key ${quoted(key)} stands twice in one object. Send it once.`, key);
    if (key === '__proto__') throw this.refused('json_key', 'The key "__proto__" is refused anywhere in a body. Rename it.', key);
    if (++this.keys > MOST_KEYS) throw this.refused('json_keys', `The JSON has more than ${MOST_KEYS} keys. Send it in parts.`);
    seen.add(key);
    return key;
  }

  /** Moves behind the closing quote; whether there was an escape on the way. */
  private passString(): boolean {
    let escaped = false;
    for (;;) {
      const code = this.text.charCodeAt(this.position);
      if (code === BACKSLASH) {
        escaped = true;
        this.position++;
      } else if (!(code >= FIRST_PRINTABLE)) {
        throw this.broken();
      }
      this.position++;
      if (code === QUOTE) return escaped;
    }
  }

  private unescape(raw: string): string {
    try {
      return JSON.parse(`"${raw}"`) as string;
    } catch {
      throw this.broken();
    }
  }

  private broken(): Error {
    const before = this.text.slice(0, this.position).split('\n');
    const at = `line ${before.length}, column ${(before.at(-1) ?? '').length + 1}`;
    const found = this.position >= this.text.length ? 'ends too early' : `has an unexpected ${quoted(this.text.charAt(this.position))}`;
    return this.refused('json_syntax', `The body is not JSON: it ${found} at ${at}.`);
  }

  private refused(what: string, sentence: string, key?: string): Error {
    const pointer = pointerOf(key === undefined ? this.path : [...this.path, key]);
    return malformed(what, sentence, [{ pointer, code: `api.${what}`, detail: sentence }]);
  }
}

/** What to tell of a name that nobody knows, with the one that may have been meant. */
export function unknownField(name: string, known: Iterable<string>): string {
  const meant = nearest(name, known);
  return `There is no field ${quoted(name)} here.${meant === undefined ? '' : ` Did you mean "${meant}"?`}`;
}

/** A JSON Pointer (RFC 6901). */
export function pointerOf(path: readonly (string | number)[]): string {
  return path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

function quoted(text: string): string {
  return JSON.stringify(text.length > 64 ? `${text.slice(0, 64)}…` : text);
}
