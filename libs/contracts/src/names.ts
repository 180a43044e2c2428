import { ScalarType, type DescField, type DescMessage, type Message } from '@bufbuild/protobuf';
import { reflect, type ReflectMessage } from '@bufbuild/protobuf/reflect';
import type { FieldProblem } from '@millrace/kernel';

/** Fields by which people and programs call something; ids and what ends in `_name` and `_slug` beside them. */
const NAMES: ReadonlySet<string> = new Set(
  'name names slug new_slug title type types event events role roles key keys label labels topic topics user users group range'.split(' '),
);
/** Controls, ends of lines, and what turns the direction of the text after it: nobody sees them, and what is shown says something else. */
const UNSEEN = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u;

/** What of a message is looked at: its names, and the messages in it that have some. */
interface Plan {
  readonly names: readonly DescField[];
  readonly inner: readonly DescField[];
}

const plans = new WeakMap<DescMessage, Plan>();

/** The names in a message that hold a character nobody sees, each with its place. */
export function unseenIn(schema: DescMessage, message: Message): readonly FieldProblem[] {
  return planOf(schema).names.length + planOf(schema).inner.length === 0 ? [] : problemsIn(reflect(schema, message), '');
}

/** Whether a field is the name of something, whose characters must all be seen. */
export function isName(field: DescField): boolean {
  const isText =
    (field.fieldKind === 'scalar' && field.scalar === ScalarType.STRING) ||
    (field.fieldKind === 'list' && field.listKind === 'scalar' && field.scalar === ScalarType.STRING);
  return isText && (NAMES.has(field.name) || /(?:^|_)(?:ids?|name|slug)$/.test(field.name));
}

function problemsIn(message: ReflectMessage, pointer: string): readonly FieldProblem[] {
  const { names, inner } = planOf(message.desc);
  return [
    ...names.flatMap((field) => valuesOf(message, field, pointer).flatMap(([value, at]) => problemOf(value, field, at))),
    ...inner.flatMap((field) => valuesOf(message, field, pointer).flatMap(([value, at]) => problemsIn(value as ReflectMessage, at))),
  ];
}

/** What a field holds, one by one, and where. */
function valuesOf(message: ReflectMessage, field: DescField, pointer: string): readonly (readonly [unknown, string])[] {
  const at = `${pointer}/${field.jsonName}`;
  if (field.fieldKind === 'list') return [...message.get(field)].map((value, index) => [value, `${at}/${index}`] as const);
  return message.isSet(field) ? [[message.get(field), at]] : [];
}

function problemOf(value: unknown, { jsonName }: DescField, pointer: string): readonly FieldProblem[] {
  const found = typeof value === 'string' ? UNSEEN.exec(value) : null;
  if (found === null) return [];
  const code = found[0].charCodeAt(0).toString(16).toUpperCase().padStart(4, '0');
  const detail = `${jsonName} has the character U+${code} at place ${found.index + 1}, which nobody sees: a control or a change of direction. Take it away.`;
  return [{ pointer, code: 'string.unseen', detail }];
}

/** Messages that hold themselves end where they begin again. */
function planOf(schema: DescMessage, around: ReadonlySet<DescMessage> = new Set()): Plan {
  const known = plans.get(schema);
  if (known !== undefined) return known;
  const within = new Set([...around, schema]);
  const inner = schema.fields.filter((field) => {
    const of = messageOf(field);
    if (of === undefined) return false;
    if (within.has(of)) return true;
    const plan = planOf(of, within);
    return plan.names.length + plan.inner.length > 0;
  });
  const plan = { names: schema.fields.filter(isName), inner };
  plans.set(schema, plan);
  return plan;
}

function messageOf(field: DescField): DescMessage | undefined {
  if (field.fieldKind === 'message') return field.message;
  return field.fieldKind === 'list' && field.listKind === 'message' ? field.message : undefined;
}
