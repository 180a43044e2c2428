import { isEventType, isNativeType, type FieldProblem, type Principal } from '@millrace/kernel';
import type { EventDraft } from './draft';
import { heaviestPaths } from './heaviest';
import { readPayload, shapeProblem } from './payload';

/** Bytes of an event with its envelope. */
export const LARGEST_EVENT = 256 * 1024;
/** Bytes of a batch. */
export const LARGEST_BATCH = 2 * 1024 * 1024;
/** What the server says of an event never weighs more. */
const SERVER_SHARE = 1024;

/** What keeps one draft out of the log, most basic first; empty when nothing does. `at`: JSON Pointer to the draft in what the caller sent. */
export function draftProblems(draft: EventDraft, by: Principal, at: string): readonly FieldProblem[] {
  return [sizeProblem(draft, at), nameProblem(draft, by, at), payloadProblem(draft, at)].filter((problem) => problem !== undefined);
}

/** Bytes of what the client says. */
export function weightOf(draft: EventDraft): number {
  const { id, type, subject, key, target, extensions = {} } = draft;
  const marks = [target?.user, target?.session, target?.topic, target?.socket, ...Object.entries(extensions).flat()];
  const texts = [id, type, subject, key, ...marks].join('');
  return draft.payload.length + new TextEncoder().encode(texts).length;
}

function sizeProblem(draft: EventDraft, at: string): FieldProblem | undefined {
  const weight = weightOf(draft) + SERVER_SHARE;
  if (weight <= LARGEST_EVENT) return undefined;
  const payload = readPayload(draft.payload);
  const heaviest = payload === undefined ? '' : ` Heaviest, in bytes: ${heaviestPaths(payload, `${at}/payload`).join(', ')}.`;
  return {
    pointer: `${at}/payload`,
    code: 'events.too_large',
    detail: `The event has ${weight} bytes with its envelope, ${LARGEST_EVENT} are allowed.${heaviest}`,
  };
}

function nameProblem({ type }: EventDraft, by: Principal, at: string): FieldProblem | undefined {
  const pointer = `${at}/type`;
  if (!isEventType(type)) {
    const detail = `"${type}" is no name of an event: 1 to 8 tokens of letters, digits, _ and -, joined by dots, at most 120 characters.`;
    return { pointer, code: 'events.type_invalid', detail };
  }
  if (!isNativeType(type, by.kind) || speaksForItself(by, type)) return undefined;
  const detail = `"${type}" is said by the platform itself. Choose a name that does not begin with "${type.replace(/\..*/, '')}".`;
  return { pointer, code: 'events.native_type', detail };
}

function speaksForItself({ kind, id }: Principal, type: string): boolean {
  return kind === 'service' && (type === 'error' || type.startsWith(`${id}.`));
}

function payloadProblem({ payload: bytes }: EventDraft, at: string): FieldProblem | undefined {
  const payload = readPayload(bytes);
  if (payload === undefined) {
    return { pointer: `${at}/payload`, code: 'events.payload_not_object', detail: 'A payload is a JSON object. Wrap other values in one.' };
  }
  const problem = shapeProblem(payload);
  return problem === undefined ? undefined : { pointer: `${at}/payload${problem.path}`, code: problem.code, detail: problem.detail };
}
