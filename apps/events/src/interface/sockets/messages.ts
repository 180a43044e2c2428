import { fromJson, type JsonValue } from '@bufbuild/protobuf';
import { EventsService, problemsOf } from '@millrace/contracts';
import { DomainError, type FieldProblem, type Json, type JsonMap } from '@millrace/kernel';
import { z } from 'zod';
import { shapeProblem, type EventDraft } from '../../application/emit-events';
import { draftOf } from '../event-input';

const encoder = new TextEncoder();

const id = z.string().regex(/^[A-Za-z0-9._:-]{1,64}$/);

const subscribe = z.strictObject({
  id,
  types: z.array(z.string().max(120)).max(50).exactOptional(),
  where: z.string().max(4096).exactOptional(),
  since: z.string().max(90).exactOptional(),
  payload: z.union([z.enum(['full', 'none']), z.array(z.string().min(1).max(256)).max(50)]).exactOptional(),
});

const unsubscribe = z.strictObject({ id });
const auth = z.strictObject({ token: z.string().min(1).max(8192) });
const handshake = z.looseObject({ token: z.string().min(1).max(8192).exactOptional(), subscribe: subscribe.exactOptional() });
const emit = z.looseObject({ payload: z.unknown().optional() });

/** What clients say, checked: each refuses with `events.message_invalid` what does not fit. */
export const read = {
  subscribe: (body: unknown) => parse(subscribe, body),
  unsubscribe: (body: unknown) => parse(unsubscribe, body),
  auth: (body: unknown) => parse(auth, body),
  handshake: (body: unknown) => parse(handshake, body),
  emit: readEmit,
};

/** Reads one item of the HTTP batch, with the same checks. */
function readEmit(body: unknown): EventDraft {
  const { payload, ...rest } = parse(emit, body);
  demandShape(body as JsonMap, payload as Json | undefined);
  const { input } = EventsService.method.emitEvents;
  const request = requestOf(rest as JsonValue);
  const errors = problemsOf(input, request).map((problem) => ({ ...problem, pointer: problem.pointer.replace(/^\/events\/0/, '') }));
  const [item] = request.events;
  if (errors.length > 0 || item === undefined) throw invalid(errors);
  return draftOf({ ...item, payload: payload === undefined ? item.payload : encoder.encode(JSON.stringify(payload)) });
}

/** Before anybody walks the payload: what HTTP refuses of any body. */
function demandShape(item: JsonMap, payload: Json | undefined): void {
  const [about, at] = Object.hasOwn(item, '__proto__') ? [{ ['__proto__']: null }, ''] : [payload, '/payload'];
  const problem = about === undefined ? undefined : shapeProblem(about);
  if (problem !== undefined) throw invalid([{ pointer: at + problem.path, code: problem.code, detail: problem.detail }]);
}

function requestOf(item: JsonValue) {
  try {
    return fromJson(EventsService.method.emitEvents.input, { workspaceId: '-', events: [item] });
  } catch (error) {
    throw invalid([{ pointer: '', code: 'events.message_invalid', detail: error instanceof Error ? error.message : String(error) }]);
  }
}

function parse<T extends z.ZodType>(schema: T, body: unknown): z.infer<T> {
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  throw invalid(
    result.error.issues.map(({ path, message }) => ({
      pointer: path.map((step) => `/${String(step)}`).join(''),
      code: 'events.message_invalid',
      detail: message,
    })),
  );
}

function invalid(errors: readonly FieldProblem[]): DomainError {
  const sentence = errors.map(({ pointer, detail }) => `${pointer === '' ? 'The message' : pointer}: ${detail}`).join('; ');
  return new DomainError('events.message_invalid', 'invalid', sentence, { errors });
}
