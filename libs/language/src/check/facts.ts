import type { Expression, Reference } from '../expressions/ast';
import { isTemplate } from '../expressions/template';
import { instructionFor } from '../instructions/table';
import type { Instruction } from '../plan/instruction';
import type { ReadAutomation } from '../read/read';
import { childOf, entryOf } from '../read/tree';
import type { MapEntry, ScalarTree, Tree } from '../read/tree';
import { DEFAULT_LIMITS } from '../step/limits';
import { readTriggers } from '../triggers/read-triggers';
import type { Triggers } from '../triggers/triggers';
import { expressionsIn, parseText, readsIn } from './texts/parsed-text';
import type { ParsedText } from './texts/parsed-text';
import { walkTexts } from './texts/walk';
import type { WrittenText } from './texts/walk';

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
  /** As the workspace itself sees them; schedules in UTC. */
  readonly triggers: Triggers;
  readonly steps: readonly Step[];
  readonly texts: readonly ParsedText[];
  readonly reads: readonly Read[];
  readonly expressions: readonly { readonly expression: Expression; readonly text: WrittenText }[];
  /** Paths that are written to. */
  readonly writes: readonly Read[];
}

/** Takes an automation apart. What cannot be read is left out: other rules tell. */
export function factsOf(automation: ReadAutomation, slugs: ReadonlySet<string>): Facts {
  const texts = Array.from(walkTexts(automation), (text) => parseText(text, automation.prisme));
  const parsed = texts.map((one) => ({ one, expressions: expressionsIn(one) }));
  return {
    automation,
    triggers: readTriggers(automation.tree, {
      ...{ slug: automation.slug, instance: '', timeZone: 'UTC', open: automation.prisme },
      hold: DEFAULT_LIMITS.defaultHold,
    }),
    steps: [...walkSteps(entryOf(automation.tree, 'do')?.value, automation.prisme ? slugs : new Set())],
    texts,
    expressions: parsed.flatMap(({ one: { text }, expressions }) => expressions.map((expression) => ({ expression, text }))),
    reads: parsed.flatMap(({ one, expressions }) => readsIn(one, expressions).map((reference) => ({ reference, text: one.text }))),
    writes: texts.flatMap((one) => (one.kind === 'path' ? [{ reference: one.path, text: one.text }] : [])),
  };
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
  return tree?.kind === 'scalar' && typeof tree.value === 'string' && !isTemplate(tree.value) ? tree : undefined;
}
