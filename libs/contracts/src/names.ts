import { ScalarType, type DescField, type DescMessage, type Message } from '@bufbuild/protobuf';
import type { FieldProblem } from '@millrace/kernel';

/** Fields by which people and programs call something; ids and what ends in `_name` and `_slug` beside them. */
const NAMES: ReadonlySet<string> = new Set(
  'name names slug new_slug title type types event events role roles key keys label labels topic topics user users group range'.split(' '),
);
/** What files and fields of forms are called by whoever sent them: taken as it came, and cleaned where it is kept. */
const AS_SENT: ReadonlySet<string> = new Set([
  'millrace.workspaces.v1.CommitFileRequest.name',
  ...['UploadedField.name', 'UploadedFile.field', 'UploadedFile.name', 'UploadedFile.type'].map((field) => `millrace.runtime.v1.${field}`),
]);
/** Controls, ends of lines, and what turns the direction of the text after it: nobody sees them, and what is shown says something else. */
const UNSEEN = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u;

/** What of a message is looked at: its names, and the messages in it that have some. */
interface Plan {
  readonly names: readonly DescField[];
  readonly inner: readonly DescField[];
}

const plans = new WeakMap<DescMessage, Plan>();

/** The names in a message that hold a character nobody sees, each with its place. Asked of every call: most have none, and no list is made. */
export function unseenIn(schema: DescMessage, message: Message): readonly FieldProblem[] {
  const problems: FieldProblem[] = [];
  look(message, schema, '', problems);
  return problems;
}

/** Whether a field is the name of something, whose characters must all be seen. */
export function isName(field: DescField): boolean {
  const isText =
    (field.fieldKind === 'scalar' && field.scalar === ScalarType.STRING) ||
    (field.fieldKind === 'list' && field.listKind === 'scalar' && field.scalar === ScalarType.STRING);
  if (AS_SENT.has(`${field.parent.typeName}.${field.name}`)) return false;
  return isText && (NAMES.has(field.name) || /(?:^|_)(?:ids?|name|slug)$/.test(field.name));
}

function look(message: Message, schema: DescMessage, pointer: string, problems: FieldProblem[]): void {
  const { names, inner } = planOf(schema);
  for (const field of names) eachOf(message, field, pointer, (value, at) => lookAt(value, field, at, problems));
  for (const field of inner) {
    const of = messageOf(field);
    if (of !== undefined) eachOf(message, field, pointer, (value, at) => look(value as Message, of, at, problems));
  }
}

/** What a field holds, one by one, and where. */
function eachOf(message: Message, field: DescField, pointer: string, visit: (value: unknown, at: string) => void): void {
  const value = valueOf(message, field);
  if (value === undefined) return;
  const at = `${pointer}/${field.jsonName}`;
  if (Array.isArray(value)) value.forEach((one, index) => visit(one, `${at}/${index}`));
  else visit(value, at);
}

/** As the library keeps it: under the field's own name, or as the case of its `oneof`. */
function valueOf(message: Message, { localName, oneof }: DescField): unknown {
  const own = message as unknown as Readonly<Record<string, unknown>>;
  if (oneof === undefined) return own[localName];
  const chosen = own[oneof.localName] as { readonly case?: string; readonly value?: unknown } | undefined;
  return chosen?.case === localName ? chosen.value : undefined;
}

function lookAt(value: unknown, { jsonName }: DescField, pointer: string, problems: FieldProblem[]): void {
  const found = typeof value === 'string' ? UNSEEN.exec(value) : null;
  if (found === null) return;
  const code = found[0].charCodeAt(0).toString(16).toUpperCase().padStart(4, '0');
  const detail = `${jsonName} has the character U+${code} at place ${found.index + 1}, which nobody sees: a control or a change of direction. Take it away.`;
  problems.push({ pointer, code: 'string.unseen', detail });
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
