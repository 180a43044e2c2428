import { isAlias, isMap, isScalar, isSeq } from 'yaml';
import type { Alias, Document, ParsedNode, Scalar, YAMLMap } from 'yaml';
import type { Problem } from '../problems/problem';
import { duplicateKey, linesOf } from './duplicate-key';
import { problemAt } from './report';
import { compose } from './text/compose';
import type { Mistake } from './text/compose';
import { tooDeepAt } from './text/too-deep';
import { tooManyAt } from './text/too-many';
import { TextFile } from './text/text-file';
import { pointerTo } from './tree';
import type { MapEntry, ScalarStyle, ScalarTree, Tree } from './tree';

/** Characters of the largest file that is read. */
export const LARGEST = 256 * 1024;
const MOST_NODES = 20_000;
const DEEPEST = 32;
/** Characters that are looked at of a file that is too large to be read. */
const SHOWN = 4_096;
/** A file with thousands of mistakes is mended from the first ones on. */
const MOST_PROBLEMS = 100;
const TOO_MANY = `The file has more than ${MOST_NODES} values. Split it into several automations.`;
const TOO_WORDY = 'The file has too many signs and lines that hold no value. Take them away, or split it into several automations.';
const TOO_DEEP = `The file is nested more than ${DEEPEST} levels deep.`;
const MOST_ALIASES = 50;

/** What a file holds. No tree when the text cannot be understood at all. */
export interface Parsed {
  readonly file: TextFile;
  readonly tree?: Tree;
  readonly problems: readonly Problem[];
}

/** Reads YAML 1.2 (core schema) or JSON with places. Tags, merge keys, duplicate keys and a second document are problems. Never throws. */
export function parseYaml(text: string, name: string, most = LARGEST): Parsed {
  if (text.length > most) {
    const message = `The file is larger than ${most >> 10} KiB. Split it into several automations.`;
    return refused(new TextFile(name, text.slice(0, SHOWN)), 0, message);
  }
  const file = new TextFile(name, text);
  const abyss = tooDeepAt(text);
  if (abyss !== undefined) return refused(file, abyss, TOO_DEEP);
  const crowd = most > LARGEST ? undefined : tooManyAt(text, MOST_NODES);
  if (crowd !== undefined) return refused(file, crowd.at, crowd.of === 'values' ? TOO_MANY : TOO_WORDY);
  try {
    return parseText(file, most > LARGEST);
  } catch (error) {
    // The parser goes down level by level, and back again: what is nested thousands deep can exhaust the stack on either way.
    if (!(error instanceof RangeError)) throw error;
    return refused(file, 0, TOO_DEEP);
  }
}

function refused(file: TextFile, at: number, message: string): Parsed {
  return { file, problems: [problemAt('yaml-limit', { file, start: at, end: at }, message)] };
}

function parseText(file: TextFile, large: boolean): Parsed {
  const { documents, mistakes } = compose(file.text, MOST_PROBLEMS);
  const [document, second] = documents;
  const grower = new Grower(file, document, large);
  for (const mistake of mistakes) grower.syntax(mistake);
  if (second !== undefined)
    grower.report('yaml-syntax', second.range[0], second.range[1], 'A file holds one document; there is a second one.');
  if (document?.directives.yaml.explicit === true && document.directives.yaml.version !== '1.2') {
    grower.report('yaml-syntax', 0, 5, 'Automations are YAML 1.2; take away the directive.');
  }
  const tree = grower.growAll();
  const fatal = grower.problems.some(({ code }) => code === 'yaml-limit');
  if (tree === undefined && grower.problems.length === 0) grower.report('yaml-syntax', 0, 0, 'The file is empty.');
  return { file, problems: grower.problems, ...(tree === undefined || fatal ? {} : { tree }) };
}

class Grower {
  readonly problems: Problem[] = [];
  private nodes = 0;
  private aliases = 0;

  constructor(
    private readonly file: TextFile,
    private readonly document: Document.Parsed | undefined,
    private readonly large: boolean,
  ) {}

  growAll(): Tree | undefined {
    return this.document?.contents == null ? undefined : this.grow(this.document.contents, '', 0);
  }

  report(code: string, start: number, end: number, message: string, pointer = ''): void {
    if (this.problems.length < MOST_PROBLEMS) this.problems.push(problemAt(code, { file: this.file, start, end, pointer }, message));
  }

  syntax({ code, start, end, message }: Mistake): void {
    if (code === 'RESOURCE_EXHAUSTION') this.limit(start, TOO_DEEP);
    else this.report('yaml-syntax', start, end, `This is no valid YAML: ${message}.`);
  }

  grow(node: ParsedNode, pointer: string, depth: number): Tree | undefined {
    this.nodes += 1;
    const [start, end] = node.range;
    if (this.nodes > MOST_NODES && !this.large) return this.limit(start, TOO_MANY);
    if (depth > DEEPEST && !this.large) return this.limit(start, TOO_DEEP);
    if (isAlias(node)) return this.expand(node, pointer, depth);
    if (node.tag !== undefined) this.report('yaml-syntax', start, end, 'Tags are not allowed; write the value itself.', pointer);
    if (isScalar(node)) return this.scalar(node, pointer);
    if (isSeq(node)) {
      const items = node.items.map((item, index) => this.grow(item, pointerTo(pointer, index), depth + 1));
      return { kind: 'list', items: items.filter((item) => item !== undefined), file: this.file, pointer, start, end };
    }
    return isMap(node) ? { kind: 'map', entries: this.entries(node, pointer, depth), file: this.file, pointer, start, end } : undefined;
  }

  private limit(start: number, message: string): undefined {
    if (this.problems.some(({ code }) => code === 'yaml-limit')) return;
    this.problems.push(problemAt('yaml-limit', { file: this.file, start, end: start }, message));
  }

  private expand(node: Alias.Parsed, pointer: string, depth: number): Tree | undefined {
    this.aliases += 1;
    const [start, end] = node.range;
    if (this.aliases > MOST_ALIASES) return this.limit(start, `The file has more than ${MOST_ALIASES} expansions of aliases.`);
    const target = this.document === undefined ? undefined : node.resolve(this.document);
    if (target !== undefined) return this.grow(target as ParsedNode, pointer, depth + 1);
    this.report(
      'yaml-syntax',
      start,
      end,
      `There is no anchor &${node.source}. A text that begins with \`*\` stands between quotes.`,
      pointer,
    );
    return undefined;
  }

  private scalar(node: Scalar.Parsed, pointer: string): ScalarTree {
    const [start, end] = node.range;
    const value = scalarValue(node.value);
    if (value === undefined) this.report('value-invalid', start, end, 'This number is not finite.', pointer);
    return { kind: 'scalar', value: value ?? null, style: styleOf(node), file: this.file, pointer, start, end };
  }

  private entries(node: YAMLMap.Parsed, pointer: string, depth: number): readonly MapEntry[] {
    const found = new Map<string, MapEntry>();
    let last = node.range[0];
    for (const { key, value } of node.items) {
      const entry = this.entry(key, value, pointer, depth);
      const end = Math.max(key.range[1], value?.range[1] ?? last);
      if (entry !== undefined && found.has(entry.key)) {
        if (this.problems.length < MOST_PROBLEMS)
          this.problems.push(duplicateKey(entry, node.flow === true ? { start: last, end } : linesOf(this.file.text, entry.at.start, end)));
      } else if (entry !== undefined) found.set(entry.key, entry);
      last = end;
    }
    return [...found.values()];
  }

  private entry(keyNode: ParsedNode, valueNode: ParsedNode | null, pointer: string, depth: number): MapEntry | undefined {
    const at = this.grow(keyNode, pointer, depth);
    if (at?.kind !== 'scalar') {
      const [start, end] = keyNode.range;
      this.report('yaml-syntax', start, end, 'A key must be a text.', pointer);
      return undefined;
    }
    const key = keyOf(keyNode, at);
    if (key === '__proto__' || (key === '<<' && at.style === 'plain')) {
      const why = key === '<<' ? 'Merge keys are not allowed; write the entries.' : 'No key may be named __proto__.';
      this.report('yaml-syntax', at.start, at.end, why, pointer);
      return undefined;
    }
    const inner = pointerTo(pointer, key);
    const value = valueNode === null ? this.nothing(at, inner) : this.grow(valueNode, inner, depth + 1);
    return value === undefined ? undefined : { key, at: { ...at, value: key, pointer: inner }, value };
  }

  private nothing(after: ScalarTree, pointer: string): ScalarTree {
    return { kind: 'scalar', value: null, style: 'plain', file: this.file, pointer, start: after.end, end: after.end };
  }
}

/** A key as written: `1` and `true` are texts. */
function keyOf(node: ParsedNode, { value }: ScalarTree): string {
  return isScalar(node) && typeof node.value !== 'string' && node.source !== '' ? node.source : String(value);
}

function scalarValue(value: unknown): ScalarTree['value'] | undefined {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'bigint') return Number(value);
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

function styleOf(node: Scalar.Parsed): ScalarStyle {
  switch (node.type) {
    case 'QUOTE_SINGLE':
      return 'single';
    case 'QUOTE_DOUBLE':
      return 'double';
    case 'BLOCK_LITERAL':
      return 'literal';
    case 'BLOCK_FOLDED':
      return 'folded';
    default:
      return 'plain';
  }
}
