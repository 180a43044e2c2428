import { getOption, ScalarType, type DescField, type DescMessage } from '@bufbuild/protobuf';
import { field as fieldRules } from '@bufbuild/protovalidate/gen/buf/validate/validate_pb.js';
import { isJsonField, isRawBody } from '@millrace/contracts';
import type { Json, JsonMap } from '@millrace/kernel';
import { isLong } from '../transcoding/numbers';
import { hasOwnForm } from '../transcoding/read-single';
import { TEXTS, TEXTS_OF_PATTERNS } from './example-texts';

const TIME = '2027-01-31T08:00:00.000Z';
const OWN_FORMS: Readonly<Record<string, string>> = { 'google.protobuf.Timestamp': TIME, 'google.protobuf.Duration': '1.5s' };
/** Texts of a well-known form, by its name among the checks. */
const FORMS: Readonly<Record<string, string>> = {
  email: 'ada@example.org',
  hostname: 'shop.example',
  ip: '203.0.113.7',
  ipPrefix: '203.0.113.0/24',
  uri: 'https://shop.example/orders',
};
const DOCUMENT: JsonMap = { total: 1200 };
/** How deep examples go before they leave out what may be left out. */
const DEEPEST = 4;

/** An object of these fields, as somebody could have sent or got it: each with a value that its checks let pass. */
export function exampleOf(fields: readonly DescField[], depth = 0): JsonMap {
  const chosen = fields.filter((field) => field.oneof === undefined || field.oneof.fields[0] === field);
  const entries = chosen.flatMap((field): [string, Json][] => {
    const value = exampleValue(field, depth);
    return value === undefined ? [] : [[field.jsonName, value]];
  });
  return Object.fromEntries(entries);
}

/** A value of the field, wherever it stands; undefined: better none. */
export function exampleValue(field: DescField, depth = 0): Json | undefined {
  const single = singleExample(field, depth);
  if (single === undefined) return field.fieldKind === 'list' ? [] : undefined;
  switch (field.fieldKind) {
    case 'list':
      return [single];
    case 'map':
      return { [keyExample(field)]: single };
    default:
      return single;
  }
}

function singleExample(field: DescField, depth: number): Json | undefined {
  const { message, scalar } = field;
  if (message !== undefined) return messageExample(message, depth);
  if (scalar === undefined) return (field.enum.values[1] ?? field.enum.values[0])?.name;
  if (isJsonField(field)) return DOCUMENT;
  return isRawBody(field) ? TEXTS['source'] : scalarExample(field, scalar);
}

function messageExample(message: DescMessage, depth: number): Json | undefined {
  if (hasOwnForm(message)) return OWN_FORMS[message.typeName];
  return depth >= DEEPEST ? undefined : exampleOf(message.fields, depth + 1);
}

function scalarExample(field: DescField, scalar: ScalarType): Json {
  switch (scalar) {
    case ScalarType.STRING:
      return textExample(field);
    case ScalarType.BOOL:
      return true;
    case ScalarType.BYTES:
      return 'bWlsbA==';
    case ScalarType.DOUBLE:
    case ScalarType.FLOAT:
      return 0.5;
    default:
      return isLong(scalar) ? '42' : 1;
  }
}

/** What its checks name, else what is usual under its name. */
function textExample(field: DescField): string {
  const { jsonName, parent } = field;
  return checkedText(field) ?? TEXTS[`${parent.name}.${jsonName}`] ?? TEXTS[jsonName] ?? jsonName;
}

function keyExample(field: DescField): string {
  const { type } = getOption(field, fieldRules);
  const keys = type.case === 'map' ? type.value.keys?.type : undefined;
  return (keys?.case === 'string' ? keys.value.in[0] : undefined) ?? 'region';
}

function checkedText(field: DescField): string | undefined {
  const { type } = getOption(field, fieldRules);
  const rules = type.case === 'repeated' ? type.value.items?.type : type;
  if (rules?.case !== 'string') return undefined;
  const { in: values, wellKnown, pattern } = rules.value;
  return values.find((value) => value !== '') ?? FORMS[wellKnown.case ?? ''] ?? TEXTS_OF_PATTERNS[pattern];
}
