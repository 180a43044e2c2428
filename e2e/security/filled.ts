import { create, ScalarType, toBinary, type DescField, type DescMessage, type Message } from '@bufbuild/protobuf';
import { problemsOf } from '@millrace/contracts';

/** What a text is tried as, in turn, until the checks of its field are content. */
const TEXTS = [
  ...['x', 'x1', 'read', 'runs', 'viewer', 'global', 'NAME_1', 'run_01m7zvw3psemjbwcqw5gfwyzsd', '2026-11-21T12:00:00Z', '1.0.0'],
  'automations',
];
const TRIES = 40;

/**
 * A request that passes every check its message declares, as empty as they allow, about the workspace of that id. Undefined when none was
 * found: the checks want something that this does not know of.
 */
export function filled(message: DescMessage, workspaceId: string): Uint8Array | undefined {
  const attempts = new Map<string, number>();
  const value = create(message);
  // What no check of a message asks for, but every handler.
  // And what would wait for something to happen answers at once.
  const known: Readonly<Record<string, string | number>> = { workspace_id: workspaceId, role: 'guests', if_match: '*', wait: 0 };
  for (const field of message.fields) {
    if (field.fieldKind === 'scalar' && known[field.name] !== undefined) setField(value, field, known[field.name]);
  }
  for (let tries = 0; tries < TRIES; tries++) {
    const [problem] = problemsOf(message, value);
    if (problem === undefined) return toBinary(message, value);
    const path = pathOf(message, problem.pointer);
    const attempt = attempts.get(path.join('/')) ?? 0;
    attempts.set(path.join('/'), attempt + 1);
    mend(message, value, path, attempt);
  }
  return undefined;
}

/** The way to what is wrong; to the whole map where that is an entry of one, for its key is tried as well. */
function pathOf(message: DescMessage, pointer: string): readonly string[] {
  const [name = '', ...rest] = pointer.split('/').slice(1);
  return message.fields.some((each) => each.fieldKind === 'map' && each.jsonName === name) ? [name] : [name, ...rest];
}

function mend(message: DescMessage, value: Message, [name = '', ...rest]: readonly string[], attempt: number): void {
  const field = message.fields.find((each) => each.jsonName === name || each.name === name);
  // A check of the whole message: some field of it must be there.
  const [first = field] = message.fields.filter(({ name: each }) => each !== 'workspace_id').slice(attempt);
  const wrong = field ?? first;
  if (wrong === undefined) return;
  if (wrong.fieldKind === 'list') return mendItem(wrong, value, rest, attempt);
  if (wrong.message !== undefined && rest.length > 0) {
    mend(wrong.message, fieldOf(value, wrong) as Message, rest, attempt);
  } else {
    setField(value, wrong, sample(wrong, attempt));
  }
}

function mendItem(
  field: DescField & { readonly fieldKind: 'list' },
  value: Message,
  [at, ...rest]: readonly string[],
  attempt: number,
): void {
  const items = (fieldOf(value, field) as unknown[] | undefined) ?? [];
  const item: unknown = items[Number(at)];
  if (field.message !== undefined && item !== undefined) mend(field.message, item as Message, rest, attempt);
  else setField(value, field, [sample(field, attempt)]);
}

function sample(field: DescField, attempt: number): unknown {
  const one = sampleOne(field, attempt);
  return field.fieldKind === 'map' ? { [TEXTS[attempt % TEXTS.length] ?? '']: one } : one;
}

function sampleOne({ scalar, message, enum: values }: DescField, attempt: number): unknown {
  if (message !== undefined) return create(message);
  if (values !== undefined) return 1;
  switch (scalar) {
    case ScalarType.STRING:
      return TEXTS[attempt % TEXTS.length];
    case ScalarType.BOOL:
      return true;
    case ScalarType.BYTES:
      return new TextEncoder().encode('{}');
    default:
      return 1;
  }
}

function fieldOf(value: Message, { localName }: DescField): unknown {
  return (value as unknown as Readonly<Record<string, unknown>>)[localName];
}

function setField(value: Message, { localName }: DescField, to: unknown): void {
  (value as unknown as Record<string, unknown>)[localName] = to;
}
