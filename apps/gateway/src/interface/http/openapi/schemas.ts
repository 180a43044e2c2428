import { ScalarType, type DescEnum, type DescField, type DescMessage } from '@bufbuild/protobuf';
import { isJsonField } from '@millrace/contracts';
import type { JsonMap } from '@millrace/kernel';
import { hasOwnForm } from '../transcoding/read-single';
import { isLong } from '../transcoding/numbers';
import { isAlwaysWritten } from '../transcoding/write-message';
import { constraintsOf, isDemanded } from './constraints';
import { COMMENTS } from './gen/comments';

/** Where a message stands: what a caller must send is not what a caller can count on. */
export type Use = 'request' | 'answer';

const OWN_FORMS: Readonly<Record<string, JsonMap>> = {
  'google.protobuf.Timestamp': { type: 'string', format: 'date-time' },
  'google.protobuf.Duration': { type: 'string', pattern: String.raw`^-?\d+(\.\d{1,9})?s$` },
};

/** The JSON Schemas of messages, each by its name under `#/components/schemas`. Collects what it is asked for. */
export class Schemas {
  private readonly uses = new Map<DescMessage, Set<Use>>();

  /** A reference to the message's schema. */
  ref(message: DescMessage, use: Use): JsonMap {
    this.collect(message, use);
    return { $ref: `#/components/schemas/${message.name}` };
  }

  /** The schema of a field's value, wherever it stands. */
  value(field: DescField, use: Use): JsonMap {
    const schema = this.bare(field, use);
    const description = COMMENTS[`${field.parent.typeName}.${field.name}`];
    return description === undefined ? schema : { ...schema, description };
  }

  /** All that was asked for, by name. Throws when two messages share one. */
  components(): JsonMap {
    const named = [...this.uses].map(([message, uses]) => [message.name, this.object(message, message.fields, uses)] as const);
    const names = named.map(([name]) => name).sort();
    const twice = names.find((name, index) => name === names[index + 1]);
    if (twice !== undefined) throw new Error(`Two messages of the API are named ${twice}; a document can tell them apart only by name.`);
    return Object.fromEntries(named.sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  /** An object of some fields of a message. */
  object(message: DescMessage, fields: readonly DescField[], uses: ReadonlySet<Use>): JsonMap {
    const [use, other] = uses;
    const isThere = use === 'answer' ? isAlwaysWritten : isDemanded;
    const required = other === undefined ? fields.filter(isThere).map(({ jsonName }) => jsonName) : [];
    const description = COMMENTS[message.typeName];
    return {
      type: 'object',
      ...(description === undefined ? {} : { description }),
      properties: Object.fromEntries(fields.map((field) => [field.jsonName, this.value(field, use ?? 'answer')])),
      ...(required.length === 0 ? {} : { required }),
      ...(uses.has('answer') ? {} : { additionalProperties: false }),
    };
  }

  private collect(message: DescMessage, use: Use): void {
    const uses = this.uses.get(message) ?? new Set();
    if (uses.has(use)) return;
    this.uses.set(message, uses.add(use));
    for (const field of message.fields) this.bare(field, use);
  }

  private bare(field: DescField, use: Use): JsonMap {
    const single = this.single(field, use);
    switch (field.fieldKind) {
      case 'list':
        return { type: 'array', items: single, ...constraintsOf(field) };
      case 'map':
        return { type: 'object', additionalProperties: single };
      default:
        return { ...single, ...constraintsOf(field) };
    }
  }

  private single(field: DescField, use: Use): JsonMap {
    const { message, scalar } = field;
    if (message !== undefined) return hasOwnForm(message) ? (OWN_FORMS[message.typeName] ?? {}) : this.ref(message, use);
    if (scalar === undefined) return enumSchema(field.enum);
    return isJsonField(field) ? {} : scalarSchema(scalar);
  }
}

function enumSchema({ values }: DescEnum): JsonMap {
  return { type: 'string', enum: values.map(({ name }) => name) };
}

function scalarSchema(scalar: ScalarType): JsonMap {
  switch (scalar) {
    case ScalarType.STRING:
      return { type: 'string' };
    case ScalarType.BOOL:
      return { type: 'boolean' };
    case ScalarType.BYTES:
      return { type: 'string', contentEncoding: 'base64' };
    case ScalarType.DOUBLE:
    case ScalarType.FLOAT:
      return { type: 'number' };
    case ScalarType.UINT32:
    case ScalarType.FIXED32:
      return { type: 'integer', minimum: 0 };
    default:
      return isLong(scalar) ? { type: 'string', pattern: String.raw`^-?\d{1,20}$` } : { type: 'integer' };
  }
}
