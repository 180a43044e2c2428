import type { Problem } from '../problems/problem';
import { isTemplate } from '../expressions/template';
import { durationOf } from '../time/duration';
import { didYouMean, nearest } from '../shapes/nearest';
import { isTemplated, nameOf } from '../shapes/shape';
import type { Fields, Shape } from '../shapes/shape';
import { missingKeys, withBody } from './missing-key';
import { problemIn, withReplacement, withSeverity } from './report';
import { emptyMap, isNull } from './tree';
import type { MapEntry, MapTree, ScalarTree, Tree } from './tree';

/** What stands behind the keys of a block. */
export interface Vocabulary {
  /** The shape of the body of an instruction, or of a call. */
  bodyOf(name: string): Shape;
  /** Unknown keys are warnings. */
  readonly lenient: boolean;
}

/** Compares a document with a shape. `templated`: texts may be templates, whose values are seen only in a run. */
export function verify(tree: Tree, shape: Shape, vocabulary: Vocabulary, templated = false): readonly Problem[] {
  return new Verifier(vocabulary).verify(tree, shape, templated);
}

class Verifier {
  constructor(private readonly vocabulary: Vocabulary) {}

  verify(tree: Tree, shape: Shape, templated: boolean): readonly Problem[] {
    if (templated && isTemplated(shape) && isFilledIn(tree)) return [];
    switch (shape.kind) {
      case 'list':
        return this.list(tree, shape, templated);
      case 'map':
        return tree.kind === 'map' ? this.map(tree, shape, templated) : [wrongType(tree, shape)];
      case 'either':
        return this.either(tree, shape, templated);
      case 'block':
        return this.block(tree, shape.nested === true);
      case 'branches':
        return tree.kind === 'map' ? tree.entries.flatMap(({ value }) => this.block(value)) : [wrongType(tree, shape)];
      default:
        return scalarProblems(tree, shape, templated);
    }
  }

  private list(tree: Tree, shape: Extract<Shape, { kind: 'list' }>, templated: boolean): readonly Problem[] {
    if (tree.kind === 'list')
      return tree.items.flatMap((item) => (isNull(item) ? [wrongType(item, shape.of)] : this.verify(item, shape.of, templated)));
    return shape.single ? this.verify(tree, shape.of, templated) : [wrongType(tree, shape)];
  }

  private map(tree: MapTree, shape: Extract<Shape, { kind: 'map' }>, templated: boolean): readonly Problem[] {
    return [...tree.entries.flatMap((entry) => this.entry(entry, shape, templated)), ...missingKeys(tree, shape.fields)];
  }

  private entry({ key, at, value }: MapEntry, { fields, rest }: Extract<Shape, { kind: 'map' }>, templated: boolean): readonly Problem[] {
    const field = Object.hasOwn(fields, key) ? fields[key] : undefined;
    if (field === undefined && rest === undefined) return [this.unknown(key, at, fields)];
    if (isNull(value)) return [];
    return this.verify(value, field?.shape ?? rest ?? ANY, templated);
  }

  private unknown(key: string, at: ScalarTree, fields: Fields): Problem {
    const known = Object.keys(fields).filter((name) => fields[name]?.is !== 'Accepted and ignored');
    const meant = nearest(key, known);
    const hint = meant === undefined ? ` There are: ${known.join(', ')}.` : didYouMean(key, known);
    const problem = problemIn('key-unknown', at, `The key \`${key}\` means nothing here.${hint}`);
    const severe = this.vocabulary.lenient ? withSeverity(problem, 'warning') : problem;
    return meant === undefined ? severe : withReplacement(severe, at, meant);
  }

  private either(tree: Tree, shape: Extract<Shape, { kind: 'either' }>, templated: boolean): readonly Problem[] {
    const fitting = shape.of.filter((one) => mayBe(tree, one));
    const tried = fitting.map((one) => this.verify(tree, one, templated));
    return tried.find((problems) => problems.length === 0) ?? tried.at(-1) ?? [wrongType(tree, shape)];
  }

  private block(tree: Tree, nested = false): readonly Problem[] {
    if (isNull(tree)) return [];
    if (tree.kind !== 'list') return [wrongType(tree, { kind: 'block' })];
    return tree.items.flatMap((item) => (nested && item.kind === 'list' ? this.block(item) : this.instruction(item)));
  }

  private instruction(tree: Tree): readonly Problem[] {
    const [entry, second] = tree.kind === 'map' ? tree.entries : [];
    if (entry === undefined)
      return [
        problemIn('value-type', tree, 'An instruction is a map with one key: the name of an instruction, or the slug of an automation.'),
      ];
    const more = second === undefined ? [] : [this.twoKeys(entry, second)];
    const shape = this.vocabulary.bodyOf(entry.key);
    if (isNull(entry.value)) return [...more, ...this.withoutBody(entry, shape)];
    return [...more, ...this.verify(entry.value, shape, true)];
  }

  private withoutBody(entry: MapEntry, shape: Shape): readonly Problem[] {
    const problems = this.verify(emptyMap(entry), shape, true);
    const required = shape.kind === 'map' ? Object.entries(shape.fields).filter(([, field]) => field.required === true) : [];
    const body = Object.fromEntries(required.map(([name, field]) => [name, field.shape]));
    return problems.map((problem) => withBody(problem, entry, body));
  }

  private twoKeys(first: MapEntry, second: MapEntry): Problem {
    const message = `An instruction has one key, here are \`${first.key}\` and \`${second.key}\`. Begin a new entry with \`-\`, or indent \`${second.key}\`.`;
    const problem = problemIn('key-unknown', second.at, message);
    return this.vocabulary.lenient ? withSeverity(problem, 'warning') : problem;
  }
}

const ANY: Shape = { kind: 'any' };

function isFilledIn(tree: Tree): boolean {
  return tree.kind === 'scalar' && typeof tree.value === 'string' && isTemplate(tree.value);
}

function wrongType(tree: Tree, shape: Shape): Problem {
  return problemIn('value-type', tree, `Here must stand ${nameOf(shape)}, found ${kindOf(tree)}.`);
}

function kindOf(tree: Tree): string {
  if (tree.kind !== 'scalar') return `a ${tree.kind}`;
  return tree.value === null
    ? 'nothing'
    : `the ${typeof tree.value === 'string' ? 'text' : typeof tree.value} ${JSON.stringify(tree.value).slice(0, 60)}`;
}

function mayBe(tree: Tree, shape: Shape): boolean {
  if (shape.kind === 'map') return tree.kind === 'map';
  if (shape.kind === 'list') return tree.kind === 'list' || shape.single;
  if (['any', 'raw', 'block'].includes(shape.kind)) return shape.kind !== 'block' || tree.kind === 'list';
  if (tree.kind !== 'scalar') return false;
  return shape.kind === 'boolean' ? typeof tree.value === 'boolean' : shape.kind !== 'text' || typeof tree.value !== 'boolean';
}

type ScalarShape = Exclude<Shape, { kind: 'list' | 'map' | 'either' | 'block' | 'branches' }>;

function scalarProblems(tree: Tree, shape: ScalarShape, templated: boolean): readonly Problem[] {
  if (shape.kind === 'any' || shape.kind === 'raw') return [];
  if (tree.kind !== 'scalar' || tree.value === null) return [wrongType(tree, shape)];
  switch (shape.kind) {
    case 'text':
      return textProblems(tree, shape);
    case 'number':
      return numberProblems(tree, shape, templated);
    case 'boolean':
      return isBoolean(tree.value, templated) ? [] : [wrongType(tree, shape)];
    case 'duration':
      return durationProblems(tree);
    default:
      return typeof tree.value === 'string' ? [] : [wrongType(tree, shape)];
  }
}

function isBoolean(value: ScalarTree['value'], templated: boolean): boolean {
  return typeof value === 'boolean' || (templated && (value === 'true' || value === 'false'));
}

function durationProblems(tree: ScalarTree): readonly Problem[] {
  if (typeof tree.value === 'boolean') return [wrongType(tree, { kind: 'duration', unit: 1 })];
  return durationOf(tree.value) === undefined ? [durationProblem(tree)] : [];
}

function durationProblem(tree: ScalarTree): Problem {
  return problemIn(
    'duration-invalid',
    tree,
    `${JSON.stringify(tree.value)} is no duration. Write a number of seconds, parts such as 90s or 1h30m, or P7D.`,
  );
}

function textProblems(tree: ScalarTree, { values, pattern }: Extract<Shape, { kind: 'text' }>): readonly Problem[] {
  if (typeof tree.value === 'boolean') return [wrongType(tree, { kind: 'text' })];
  const text = String(tree.value);
  if (values !== undefined && !values.includes(text)) {
    const meant = nearest(text, values);
    const problem = problemIn('value-invalid', tree, `\`${text}\` is not one of ${values.join(', ')}.${didYouMean(text, values)}`);
    return [meant === undefined ? problem : withReplacement(problem, tree, meant)];
  }
  if (pattern === undefined || new RegExp(pattern).test(text)) return [];
  return [problemIn('value-invalid', tree, `\`${text}\` does not fit ${pattern}.`)];
}

function numberProblems(tree: ScalarTree, shape: Extract<Shape, { kind: 'number' }>, templated: boolean): readonly Problem[] {
  const { value } = tree;
  const number = typeof value === 'string' && templated && value.trim() !== '' ? Number(value) : value;
  if (typeof number !== 'number' || Number.isNaN(number)) return [wrongType(tree, shape)];
  const fits =
    number >= (shape.least ?? number) && number <= (shape.most ?? number) && (shape.integer !== true || Number.isInteger(number));
  return fits ? [] : [problemIn('value-invalid', tree, `Here must stand ${nameOf(shape)}, found ${number}.`)];
}
