import type { Expression, Reference, TemplatePart } from '../expressions/ast';
import { childrenOf } from '../expressions/children';
import { parseExpression } from '../expressions/parse';
import { parsePath } from '../expressions/reference';
import { parseTemplate } from '../expressions/template';
import { instructionFor } from '../instructions/table';
import type { Instruction } from '../plan/instruction';
import { LanguageError } from '../problems/language-error';
import type { ReadAutomation } from '../read/read';
import { childOf, entryOf } from '../read/tree';
import type { MapEntry, ScalarTree, Tree } from '../read/tree';
import { walkTexts } from './walk';
import type { WrittenText } from './walk';

/** One instruction of an automation, and where it stands. */
export interface Step {
  readonly entry: MapEntry;
  readonly name: string;
  readonly body: Tree | undefined;
  readonly instruction: Instruction;
  /** How many loops of the same automation it stands in. */
  readonly loops: number;
  /** Whether it may be left out: it stands in a condition or a `catch`. */
  readonly conditional: boolean;
  /** Its place among those of its block. */
  readonly index: number;
  readonly block: readonly Tree[];
}

/** A reference that is read, and the text it stands in. */
export interface Read {
  readonly reference: Reference;
  readonly text: WrittenText;
}

/** What an automation says, taken apart once for all rules. */
export interface Facts {
  readonly automation: ReadAutomation;
  readonly steps: readonly Step[];
  readonly texts: readonly WrittenText[];
  readonly reads: readonly Read[];
  readonly expressions: readonly { readonly expression: Expression; readonly text: WrittenText }[];
  /** Paths that are written to. */
  readonly writes: readonly Read[];
}

/** Takes an automation apart. What cannot be read is left out: other rules tell. */
export function factsOf(automation: ReadAutomation, slugs: ReadonlySet<string>): Facts {
  const texts = [...walkTexts(automation)];
  const parsed = texts.map((text) => ({ text, ...parse(text, automation.prisme) }));
  const expressions = parsed.flatMap(({ text, roots }) => roots.flatMap(below).map((expression) => ({ expression, text })));
  return {
    automation,
    steps: [...walkSteps(entryOf(automation.tree, 'do')?.value, automation.prisme ? slugs : new Set())],
    texts,
    expressions,
    reads: parsed.flatMap(({ text, references }) =>
      (text.as === 'path' ? references.flatMap(inner) : references.flatMap(withInner)).map((reference) => ({ reference, text })),
    ),
    writes: parsed.flatMap(({ text, references }) => (text.as === 'path' ? references.map((reference) => ({ reference, text })) : [])),
  };
}

interface Parsed {
  readonly references: readonly Reference[];
  readonly roots: readonly Expression[];
}

function parse({ as, text }: WrittenText, prisme: boolean): Parsed {
  try {
    if (as === 'path') return { references: [parsePath(text)], roots: [] };
    if (as === 'template') return partsOf(parseTemplate(text, { prisme }).parts);
    const root = parseExpression(text, { prisme });
    return { references: referencesIn(root), roots: [root] };
  } catch (error) {
    if (error instanceof LanguageError) return { references: [], roots: [] };
    throw error;
  }
}

function partsOf(parts: readonly TemplatePart[]): Parsed {
  const references: Reference[] = [];
  const roots: Expression[] = [];
  for (const part of parts) {
    if (typeof part === 'string' || part.kind === 'broken') continue;
    if (part.kind === 'reference') references.push(part);
    else {
      roots.push(part.expression);
      references.push(...referencesIn(part.expression));
    }
  }
  return { references, roots };
}

/** An expression and all it is made of. */
function below(expression: Expression): readonly Expression[] {
  return [expression, ...childrenOf(expression).flatMap(below)];
}

function referencesIn(expression: Expression): readonly Reference[] {
  return below(expression).flatMap((node) => {
    if (node.kind === 'reference') return [node];
    if (node.kind === 'matches' && node.right.kind === 'regex') return node.right.parts.filter((part) => typeof part !== 'string');
    return [];
  });
}

function withInner(reference: Reference): readonly Reference[] {
  return [reference, ...inner(reference)];
}

function inner(reference: Reference): readonly Reference[] {
  return reference.pieces.flatMap((piece) => {
    if (typeof piece === 'string') return [];
    if (!('key' in piece)) return withInner(piece);
    return piece.key.flatMap((part) => (typeof part === 'string' ? [] : withInner(part)));
  });
}

interface Where {
  readonly loops: number;
  readonly conditional: boolean;
}

function* walkSteps(tree: Tree | undefined, slugs: ReadonlySet<string>, where: Where = { loops: 0, conditional: false }): Generator<Step> {
  if (tree?.kind !== 'list') return;
  for (const [index, item] of tree.items.entries()) {
    if (item.kind === 'list') yield* walkSteps(item, slugs, where);
    const entry = item.kind === 'map' ? item.entries[0] : undefined;
    if (entry === undefined) continue;
    const body = entry.value.kind === 'scalar' && entry.value.value === null ? undefined : entry.value;
    yield { entry, name: entry.key, body, instruction: instructionFor(entry.key, slugs), ...where, index, block: tree.items };
    yield* walkInside(entry.key, body, slugs, where);
  }
}

function* walkInside(name: string, body: Tree | undefined, slugs: ReadonlySet<string>, where: Where): Generator<Step> {
  switch (name) {
    case 'conditions':
      for (const { value } of body?.kind === 'map' ? body.entries : []) yield* walkSteps(value, slugs, { ...where, conditional: true });
      break;
    case 'repeat':
      yield* walkSteps(childOf(body, 'do'), slugs, { loops: where.loops + 1, conditional: true });
      break;
    case 'all':
      yield* walkSteps(body?.kind === 'list' ? body : childOf(body, 'do'), slugs, where);
      break;
    case 'try':
      yield* walkSteps(childOf(body, 'do'), slugs, where);
      yield* walkSteps(childOf(body, 'catch'), slugs, { ...where, conditional: true });
      yield* walkSteps(childOf(body, 'finally'), slugs, where);
      break;
    default:
  }
}

/** The text at a key of a step's body, if it is written as such and holds no template. */
export function literalText(body: Tree | undefined, key: string): ScalarTree | undefined {
  const tree = childOf(body, key);
  return tree?.kind === 'scalar' && typeof tree.value === 'string' && !/\{\{|\{%/.test(tree.value) ? tree : undefined;
}
