import { filterInvalid, lexFilter } from './lex';
import { isOpenPattern, isPattern } from './pattern';
import type { Token } from './lex';
import type { Comparison, Filter, FilterFields, FilterValue } from './filter';

const LONGEST = 4096;
const DEEPEST = 64;
const OF_EVENTS = /^(?:type|time|subject|correlationId|(?:actor|source|target|payload)(?:\.[^.]+)+)$/;
const TEXTUAL: ReadonlySet<string> = new Set(['starts with', 'ends with', 'contains']);
const SYMBOLS: ReadonlySet<string> = new Set(['=', '!=', '<', '<=', '>', '>=']);

/** What may stand where a field does. */
interface Vocabulary {
  readonly has: (name: string) => boolean;
  readonly isTime: (name: string) => boolean;
  readonly said: string;
}

const EVENTS: Vocabulary = {
  has: (name) => OF_EVENTS.test(name),
  isTime: (name) => name === 'time',
  said: 'type, time, subject, correlationId, or one below actor, source, target or payload',
};

/**
 * Reads the filter grammar of event history: `field op literal` joined by `and`, `or`, `not` and parentheses; `and` binds tighter.
 * Refuses with `language.filter_invalid`, the message says the column. `fields`: those that it may speak of instead of an event's.
 * With `variables`, `${name}` may stand for a literal, or anywhere in a quoted one. It is kept as it is written, in a text: who knows the
 * values puts them in, and sees that they go with field and operator.
 */
export function parseFilter(text: string, fields?: FilterFields, literals: 'literals' | 'variables' = 'literals'): Filter {
  if (text.length > LONGEST) throw filterInvalid(text.slice(0, 80), LONGEST, `it is longer than ${LONGEST} characters`);
  const vocabulary = fields === undefined ? EVENTS : vocabularyOf(fields);
  return new Parser(text, lexFilter(text), vocabulary, literals === 'variables').whole();
}

function vocabularyOf({ names, times }: FilterFields): Vocabulary {
  return { has: (name) => names.has(name), isTime: (name) => times.has(name), said: [...names].join(', ') };
}

class Parser {
  private next = 0;
  private depth = 0;

  constructor(
    private readonly source: string,
    private readonly tokens: readonly Token[],
    private readonly fields: Vocabulary,
    private readonly variables: boolean,
  ) {}

  whole(): Filter {
    const filter = this.any();
    if (this.peek().kind !== 'end') throw this.wrong('expected `and`, `or` or the end');
    return filter;
  }

  private any(): Filter {
    return this.joined('or', () => this.all());
  }

  private all(): Filter {
    return this.joined('and', () => this.one());
  }

  private joined(op: 'and' | 'or', part: () => Filter): Filter {
    const first = part();
    const filters = [first];
    while (this.takeWord(op)) filters.push(part());
    return filters.length === 1 ? first : { op, filters };
  }

  private one(): Filter {
    if (this.takeWord('not')) return this.nested(() => ({ op: 'not', filter: this.one() }));
    if (!this.takeSymbol('(')) return this.comparison();
    const filter = this.nested(() => this.any());
    if (!this.takeSymbol(')')) throw this.wrong('expected `)`');
    return filter;
  }

  private nested(part: () => Filter): Filter {
    this.depth += 1;
    if (this.depth > DEEPEST) throw this.wrong(`more than ${DEEPEST} levels`);
    const filter = part();
    this.depth -= 1;
    return filter;
  }

  private comparison(): Filter {
    const token = this.take();
    if (token.kind !== 'word' || !this.fields.has(token.text)) throw this.wrong(`expected a field (${this.fields.said})`, token);
    const field = token.text;
    if (this.takeWord('exists')) return { op: 'exists', field };
    if (this.takeWord('in')) return this.among(field, this.peek());
    const op = this.operator();
    const at = this.peek();
    const value = this.literalOf(field);
    const wrong = this.isVariable(value) ? undefined : misfit(op, value, this.fields.isTime(field));
    if (wrong !== undefined) throw this.wrong(`\`${op}\` ${wrong}`, at);
    return field === 'type' ? this.onType(op, value, at) : { op, field, value };
  }

  private onType(op: Comparison, value: FilterValue, at: Token): Filter {
    if ((op !== '=' && op !== '!=') || !isOpen(value)) return { op, field: 'type', value };
    const filter = this.matching(value, at);
    return op === '=' ? filter : { op: 'not', filter };
  }

  /** One of these values; of `type`, or what fits one of its patterns. */
  private among(field: string, at: Token): Filter {
    const values = this.list(field);
    const patterns = field === 'type' ? values.filter(isOpen) : [];
    if (patterns.length === 0) return { op: 'in', field, values };
    const others = values.filter((value) => !isOpen(value));
    const rest: readonly Filter[] = others.length === 0 ? [] : [{ op: 'in', field, values: others }];
    return { op: 'or', filters: [...rest, ...patterns.map((pattern) => this.matching(pattern, at))] };
  }

  private matching(pattern: string, at: Token): Filter {
    if (!isPattern(pattern)) throw this.wrong('this is no pattern of event types', at);
    return { op: 'matches', field: 'type', pattern };
  }

  private operator(): Comparison {
    const token = this.take();
    if (token.kind === 'symbol' && SYMBOLS.has(token.text)) return token.text as Comparison;
    if (token.kind === 'word') {
      const word = token.text.toLowerCase();
      if (word === 'contains') return 'contains';
      if ((word === 'starts' || word === 'ends') && this.takeWord('with')) return `${word} with`;
    }
    throw this.wrong('expected = != < <= > >= in exists `starts with` `ends with` or contains', token);
  }

  private list(field: string): readonly FilterValue[] {
    if (this.isBareVariable(this.peek())) return [this.literal()];
    if (!this.takeSymbol('[')) throw this.wrong('expected `[`');
    const values = [this.literalOf(field)];
    while (this.takeSymbol(',')) values.push(this.literalOf(field));
    if (!this.takeSymbol(']')) throw this.wrong('expected `,` or `]`');
    return values;
  }

  private literalOf(field: string): FilterValue {
    const token = this.peek();
    const value = this.literal();
    if (!this.fields.isTime(field) || typeof value === 'number' || this.isVariable(value)) return value;
    const time = typeof value === 'string' ? Date.parse(value) : Number.NaN;
    if (Number.isNaN(time)) throw this.wrong(`\`${field}\` needs an ISO 8601 text or milliseconds`, token);
    return time;
  }

  private literal(): FilterValue {
    const token = this.take();
    if (token.kind === 'string') return token.text;
    if (token.kind === 'word') {
      if (this.isBareVariable(token)) return token.text;
      if (token.text === 'true' || token.text === 'false') return token.text === 'true';
      if (token.text === 'null') return null;
      if (/^[+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?$/.test(token.text)) return Number(token.text);
    }
    throw this.wrong('expected a quoted text, a number, true, false or null', token);
  }

  private isVariable(value: FilterValue): boolean {
    return this.variables && typeof value === 'string' && value.includes('${');
  }

  private isBareVariable({ kind, text }: Token): boolean {
    return this.variables && kind === 'word' && /^\$\{[^{}]+\}$/.test(text);
  }

  private peek(): Token {
    return this.tokens[this.next] ?? { kind: 'end', text: 'the end', at: this.source.length };
  }

  private take(): Token {
    const token = this.peek();
    this.next += 1;
    return token;
  }

  private takeWord(word: string): boolean {
    return this.takeIf((token) => token.kind === 'word' && token.text.toLowerCase() === word);
  }

  private takeSymbol(symbol: string): boolean {
    return this.takeIf((token) => token.kind === 'symbol' && token.text === symbol);
  }

  private takeIf(wanted: (token: Token) => boolean): boolean {
    const fits = wanted(this.peek());
    if (fits) this.next += 1;
    return fits;
  }

  private wrong(what: string, token: Token = this.peek()): Error {
    return filterInvalid(this.source, token.at, `${what}, found ${token.kind === 'end' ? 'the end' : token.text}`);
  }
}

function isOpen(value: FilterValue): value is string {
  return typeof value === 'string' && isOpenPattern(value);
}

/** What keeps an operator from this literal. */
function misfit(op: Comparison, value: FilterValue, isTime: boolean): string | undefined {
  if (op === '=' || op === '!=') return undefined;
  if (TEXTUAL.has(op)) return isTime ? 'does not go with a time' : typeof value === 'string' ? undefined : 'needs a text';
  return value === null || typeof value === 'boolean' ? 'needs a text or a number' : undefined;
}
