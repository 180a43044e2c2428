import { isTemplate } from '../../expressions/template';
import { instructionFor } from '../../instructions/table';
import { automationShape } from '../../read/automation-shape';
import type { ReadAutomation } from '../../read/read';
import type { ListTree, MapTree, ScalarTree, Tree } from '../../read/tree';
import type { Shape } from '../../shapes/shape';

/** A text of an automation, and how it is read. */
export interface WrittenText {
  readonly tree: ScalarTree;
  readonly as: 'template' | 'path' | 'expression' | 'condition';
  readonly text: string;
}

const RAW_TEMPLATES = /\/(?:secret|dedupe|key)$/;

/** Every text of an automation that is a path, an expression, or a template with anything to fill in. */
export function* walkTexts({ tree }: ReadAutomation): Generator<WrittenText> {
  for (const { key, value } of tree.entries) {
    const shape = Object.hasOwn(automationShape.fields, key) ? automationShape.fields[key]?.shape : undefined;
    if (shape !== undefined) yield* textsIn(value, shape, key === 'output');
  }
}

function* textsIn(tree: Tree, given: Shape, templated: boolean): Generator<WrittenText> {
  const shape = alternativeFor(tree, given);
  if (shape.kind === 'list' && shape.single && tree.kind !== 'list') yield* textsIn(tree, shape.of, templated);
  else if (shape.kind === 'block') yield* textsOfBlock(tree);
  else if (shape.kind === 'branches') yield* textsOfBranches(tree);
  else if (tree.kind === 'scalar') {
    const as = howRead(tree, shape, templated);
    const { value } = tree;
    if (as !== undefined && typeof value === 'string' && (as !== 'template' || isTemplate(value))) yield { tree, as, text: value };
  } else if (shape.kind !== 'raw') yield* textsBelow(tree, shape, templated);
}

function* textsBelow(tree: ListTree | MapTree, shape: Shape, templated: boolean): Generator<WrittenText> {
  if (tree.kind === 'list') {
    const inner = shapeOfItem(shape);
    for (const item of tree.items) yield* textsIn(item, inner, templated);
    return;
  }
  for (const { key, value } of tree.entries) yield* textsIn(value, shapeOfKey(shape, key), templated);
}

function howRead(tree: ScalarTree, shape: Shape, templated: boolean): WrittenText['as'] | undefined {
  if (shape.kind === 'path') return 'path';
  if (shape.kind === 'expression') return 'expression';
  if (shape.kind === 'raw') return RAW_TEMPLATES.test(tree.pointer) ? 'template' : undefined;
  return templated ? 'template' : undefined;
}

function* textsOfBlock(tree: Tree): Generator<WrittenText> {
  if (tree.kind !== 'list') return;
  for (const item of tree.items) {
    if (item.kind === 'list') yield* textsOfBlock(item);
    const entry = item.kind === 'map' ? item.entries[0] : undefined;
    if (entry !== undefined) yield* textsIn(entry.value, instructionFor(entry.key, new Set()).body, true);
  }
}

function* textsOfBranches(tree: Tree): Generator<WrittenText> {
  if (tree.kind !== 'map') return;
  for (const { key, at, value } of tree.entries) {
    if (key !== 'default') yield { tree: at, as: 'condition', text: key };
    yield* textsOfBlock(value);
  }
}

const ANY: Shape = { kind: 'any' };

/** Which of several shapes a value is written as. */
function alternativeFor(tree: Tree, shape: Shape): Shape {
  if (shape.kind !== 'either') return shape;
  const kinds = tree.kind === 'list' ? ['list', 'block'] : [tree.kind === 'map' ? 'map' : 'text'];
  return shape.of.find(({ kind }) => kinds.includes(kind)) ?? ANY;
}

function shapeOfItem(shape: Shape): Shape {
  return shape.kind === 'list' ? shape.of : ANY;
}

function shapeOfKey(shape: Shape, key: string): Shape {
  if (shape.kind !== 'map') return ANY;
  return (Object.hasOwn(shape.fields, key) ? shape.fields[key]?.shape : shape.rest) ?? ANY;
}
