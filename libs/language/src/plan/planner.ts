import type { Json } from '@millrace/kernel';
import { compileExpression } from '../expressions/compile';
import { compilePath } from '../expressions/compile-reference';
import type { ResolvePath } from '../expressions/compile-reference';
import { compileText } from '../expressions/compile-template';
import type { Dialect, Env, Evaluate } from '../expressions/env';
import { parseExpression } from '../expressions/parse';
import { parsePath } from '../expressions/reference';
import { isTemplate } from '../expressions/template';
import { excerpt, refusalIn } from '../problems/language-error';
import type { LanguageError, Place } from '../problems/language-error';
import { offsetIn } from '../read/text/locate';
import { childOf, textChild, valueOf } from '../read/tree';
import type { MapTree, ScalarTree, Tree } from '../read/tree';
import { isTemplated } from '../shapes/shape';
import type { Shape } from '../shapes/shape';
import type { EffectPlace } from '../step/effects';
import type { PlannedBlock, PlannedNode } from './nodes';
import type { Instruction } from './instruction';

/** Finds the instruction an entry of a block stands for. */
export type FindInstruction = (name: string) => Instruction;

/** Compiles the body of one automation: numbers its instructions and blocks, and turns its texts into closures. */
export class Planner {
  readonly nodes: PlannedNode[] = [];
  readonly blocks: PlannedBlock[] = [];

  constructor(
    readonly slug: string,
    readonly dialect: Dialect,
    private readonly find: FindInstruction,
  ) {}

  /** Compiles a list of instructions; its number. */
  block(tree: Tree | undefined): number {
    const b = this.blocks.length;
    this.blocks.push({ nodes: [], alone: false });
    const items = tree?.kind === 'list' ? tree.items : [];
    this.blocks[b] = { nodes: items.map((item) => this.node(item)), alone: false };
    return b;
  }

  /** Compiles an entry of `all`: one instruction, or a list of them. */
  entry(tree: Tree): number {
    if (tree.kind === 'list') return this.block(tree);
    const b = this.blocks.length;
    this.blocks.push({ nodes: [], alone: true });
    this.blocks[b] = { nodes: [this.node(tree)], alone: true };
    return b;
  }

  private node(tree: Tree): number {
    const entry = tree.kind === 'map' ? tree.entries[0] : undefined;
    if (entry === undefined) throw new Error('an instruction that was not read');
    const n = this.nodes.length;
    const body = entry.value.kind === 'scalar' && entry.value.value === null ? undefined : entry.value;
    this.nodes.push(PENDING);
    const instruction = this.find(entry.key);
    const output = takes(instruction, 'output') ? childOf(body, 'output') : undefined;
    const onError = takes(instruction, 'onError') ? textChild(body, 'onError') : undefined;
    this.nodes[n] = {
      n,
      name: entry.key,
      operation: instruction.plan(body, this),
      place: this.place(entry.at),
      onError: onError === 'continue' || onError === 'emit' || onError === 'break' ? onError : 'fail',
      ...(output === undefined ? {} : { output: this.path(output) }),
    };
    return n;
  }

  place(tree: Tree): EffectPlace {
    return { automation: this.slug, file: tree.file.name, ...tree.file.position(tree.start) };
  }

  /** Compiles a value as a template, at any depth. Keys are taken as they are. */
  template(tree: Tree): Evaluate {
    return this.shaped(tree, ANY);
  }

  /** Compiles the body of an instruction: no body gives no parameters. */
  parameters(body: Tree | undefined, shape: Shape): Evaluate {
    return body === undefined ? () => ({}) : this.shaped(body, shape);
  }

  /** Compiles a value as its shape says: what is no template stays as written. */
  shaped(tree: Tree, shape: Shape): Evaluate {
    if (!isTemplated(shape)) return constant(valueOf(tree));
    if (tree.kind === 'scalar') return this.scalar(tree);
    const compiled = tree.kind === 'list' ? this.list(tree.items, shape) : this.map(tree, shape);
    return compiled;
  }

  private scalar(tree: ScalarTree): Evaluate {
    const { value } = tree;
    if (typeof value !== 'string' || !isTemplate(value)) return constant(value);
    const { evaluate, fixed } = compileText(value, this.dialect);
    if (fixed) return constant(value);
    return (env) => {
      env.restart();
      try {
        return evaluate(env);
      } catch (error) {
        throw placedIn(tree, error);
      }
    };
  }

  private list(items: readonly Tree[], shape: Shape): Evaluate {
    const inner = shape.kind === 'list' ? shape.of : ANY;
    const compiled = items.map((item) => this.shaped(item, inner));
    if (compiled.every(isConstant)) return constant(compiled.map((item) => item[CONSTANT]));
    return (env) => compiled.map((item) => item(env) ?? null);
  }

  private map(tree: MapTree, shape: Shape): Evaluate {
    const compiled = tree.entries.map(({ key, value }) => [key, this.shaped(value, shapeOfKey(shape, key))] as const);
    if (compiled.every(isConstantEntry)) return constant(Object.fromEntries(compiled.map(([key, value]) => [key, value[CONSTANT]])));
    return (env) => {
      const map: Record<string, Json> = {};
      for (const [key, evaluate] of compiled) {
        const value = evaluate(env);
        if (value !== undefined) map[key] = value;
      }
      return map;
    };
  }

  /** Compiles a path that is written to: without one, or with one that depends on a missing value, it leads nowhere. */
  path(tree: Tree | undefined): ResolvePath {
    if (tree?.kind !== 'scalar') return () => undefined;
    const text = String(tree.value);
    try {
      return this.located(tree, compilePath(parsePath(text)));
    } catch (error) {
      const placed = placedIn(tree, error);
      return () => {
        throw placed;
      };
    }
  }

  private located<T>(tree: Tree, evaluate: (env: Env) => T): (env: Env) => T {
    return (env) => {
      try {
        return evaluate(env);
      } catch (error) {
        throw placedIn(tree, error);
      }
    };
  }

  /** Compiles a condition. What cannot be read fails when it is reached. */
  condition(tree: ScalarTree): Evaluate {
    const text = String(tree.value);
    try {
      return this.located(tree, compileExpression(parseExpression(text, this.dialect), this.dialect));
    } catch (error) {
      const placed = placedIn(tree, error);
      return () => {
        throw placed;
      };
    }
  }
}

/** Whether a key is a parameter of an instruction, and not one of its own making: a condition, an argument of a call. */
function takes({ body }: Instruction, name: string): boolean {
  return body.kind === 'map' && Object.hasOwn(body.fields, name);
}

const ANY: Shape = { kind: 'any' };

const PENDING = undefined as unknown as PlannedNode;

const CONSTANT = Symbol('constant');

interface Constant extends Evaluate {
  readonly [CONSTANT]: Json;
}

function constant(value: Json): Constant {
  return Object.assign(() => value, { [CONSTANT]: value });
}

function isConstant(evaluate: Evaluate): evaluate is Constant {
  return CONSTANT in evaluate;
}

function isConstantEntry(entry: readonly [string, Evaluate]): entry is readonly [string, Constant] {
  return isConstant(entry[1]);
}

function shapeOfKey(shape: Shape, key: string): Shape {
  if (shape.kind === 'map') return (Object.hasOwn(shape.fields, key) ? shape.fields[key]?.shape : shape.rest) ?? ANY;
  return shape.kind === 'list' && shape.single ? shapeOfKey(shape.of, key) : ANY;
}

/** What was caught while the text of a value was compiled or evaluated, with its place; a fault is thrown again. */
function placedIn(tree: Tree, caught: unknown): LanguageError {
  const error = refusalIn(caught);
  return error.placed(placeIn(tree, error));
}

/** Where in the file an error is that lies in the text of a value. */
function placeIn(tree: Tree, error: LanguageError): Place {
  const { span } = error;
  if (tree.kind !== 'scalar' || span === undefined)
    return { file: tree.file.name, ...tree.file.position(tree.start), length: tree.end - tree.start };
  const source = String(tree.value);
  return {
    file: tree.file.name,
    ...tree.file.position(offsetIn(tree, span.at)),
    length: Math.max(1, span.end - span.at),
    excerpt: excerpt(source, span),
  };
}
