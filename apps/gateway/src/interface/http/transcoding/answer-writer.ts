import type { DescField, DescMethod, Message } from '@bufbuild/protobuf';
import { answerOf } from '@millrace/contracts';
import type { Wanted } from './narrowing';
import { valueWriter, writerInTurns } from './write-message';

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
  /** At which path the answer will be: this one only says so. */
  readonly later: string | undefined;
  /** At which path what was asked for is. */
  readonly elsewhere?: string | undefined;
}

type Fields = Readonly<Record<string, unknown>>;

const NO_FIELDS: Fields = {};
const EMPTY: WrittenAnswer = {
  status: 204,
  body: undefined,
  etag: undefined,
  nextCursor: undefined,
  id: undefined,
  slug: undefined,
  later: undefined,
};

/** Writes a method's answers as its descriptor says: status, the one field that is the body or the whole message, revision. */
export class AnswerWriter {
  private readonly status: number;
  private readonly field: DescField | undefined;
  private readonly later: DescField | undefined;
  private readonly elsewhere: DescField | undefined;
  private readonly write: (value: unknown) => Promise<string> | string;
  /** Whether the body is a message, or a bare value. */
  private readonly showsMessage: boolean;

  constructor(private readonly method: DescMethod) {
    const { status, body, later, elsewhere } = answerOf(method);
    this.status = status;
    this.field = body === undefined ? undefined : fieldNamed(method, body);
    this.later = later === undefined ? undefined : fieldNamed(method, later);
    this.elsewhere = elsewhere === undefined ? undefined : fieldNamed(method, elsewhere);
    this.write = this.writer();
    this.showsMessage = this.field === undefined || this.field.fieldKind === 'message';
  }

  /** `wanted`: only these fields of what is shown; all when absent. Lists are written with turns for others in between. */
  async answer(message: Message, wanted?: Wanted): Promise<WrittenAnswer> {
    const { status, field, later, elsewhere } = this;
    const all = message as Message & Fields;
    const value = field === undefined ? message : all[field.localName];
    if (status === 204 || value === undefined) return EMPTY;
    const fields = this.showsMessage ? (value as Fields) : NO_FIELDS;
    return {
      status,
      body: await (wanted === undefined ? this.write : this.writer(wanted))(value),
      etag: textOf(fields['etag']),
      nextCursor: textOf(fields['nextCursor']),
      id: textOf(fields['id']),
      slug: textOf(fields['slug']),
      later: later === undefined ? undefined : textOf(all[later.localName]),
      elsewhere: elsewhere === undefined ? undefined : textOf(all[elsewhere.localName]),
    };
  }

  private writer(wanted?: Wanted): (value: unknown) => Promise<string> | string {
    return this.field === undefined ? writerInTurns(this.method.output, wanted) : valueWriter(this.field, wanted);
  }
}

function fieldNamed(method: DescMethod, name: string): DescField {
  const field = method.output.fields.find((each) => each.name === name);
  if (field === undefined)
    throw new Error(`${method.parent.typeName}.${method.name}: its answer is said to hold "${name}", which its response lacks.`);
  return field;
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
