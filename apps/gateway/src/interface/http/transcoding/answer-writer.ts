import type { DescField, DescMethod, Message } from '@bufbuild/protobuf';
import { answerOf } from '@millrace/contracts';
import { messageWriter, valueWriter, type WriteValue } from './write-message';

/** An answer, ready for HTTP. */
export interface WrittenAnswer {
  readonly status: number;
  /** JSON; undefined: an answer without a body. */
  readonly body: string | undefined;
  /** The revision of what is answered, without quotes. */
  readonly etag: string | undefined;
  /** Where the next page of a list begins. */
  readonly nextCursor: string | undefined;
  /** What a route would call the thing answered. */
  readonly id: string | undefined;
  readonly slug: string | undefined;
}

type Fields = Readonly<Record<string, unknown>>;

const NO_FIELDS: Fields = {};
const EMPTY: WrittenAnswer = { status: 204, body: undefined, etag: undefined, nextCursor: undefined, id: undefined, slug: undefined };

/** Writes a method's answers as its descriptor says: status, the one field that is the body or the whole message, revision. */
export class AnswerWriter {
  private readonly status: number;
  private readonly field: DescField | undefined;
  private readonly write: WriteValue;
  /** Whether the body is a message, or a bare value. */
  private readonly showsMessage: boolean;

  constructor(method: DescMethod) {
    const { status, body } = answerOf(method);
    this.status = status;
    this.field = body === undefined ? undefined : fieldNamed(method, body);
    this.write = this.field === undefined ? messageWriter(method.output) : valueWriter(this.field);
    this.showsMessage = this.field === undefined || this.field.fieldKind === 'message';
  }

  answer(message: Message): WrittenAnswer {
    const { status, field } = this;
    const value = field === undefined ? message : (message as Message & Fields)[field.localName];
    if (status === 204 || value === undefined) return EMPTY;
    const fields = this.showsMessage ? (value as Fields) : NO_FIELDS;
    return {
      status,
      body: this.write(value),
      etag: textOf(fields['etag']),
      nextCursor: textOf(fields['nextCursor']),
      id: textOf(fields['id']),
      slug: textOf(fields['slug']),
    };
  }
}

function fieldNamed(method: DescMethod, name: string): DescField {
  const field = method.output.fields.find((each) => each.name === name);
  if (field === undefined)
    throw new Error(`${method.parent.typeName}.${method.name}: its answer's body is "${name}", which its response lacks.`);
  return field;
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
