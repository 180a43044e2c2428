import type { FieldProblem } from '@millrace/kernel';
import type { EventDraft } from '../admission/draft';
import { payloadOf } from '../admission/payload';
import { orderText } from '../admission/ordering';
import type { Declaration, Declarations, Violation } from './declaration';
import { valueAt, without } from './paths';

/** A draft as its declaration has it. */
export interface Held {
  readonly draft: EventDraft;
  readonly declaration?: Declaration;
  /** Paths that were taken out of its payload. */
  readonly redacted: readonly string[];
  /** What keeps it out. */
  readonly refused: readonly FieldProblem[];
  /** What it does wrong and is let in with. */
  readonly warned: readonly Violation[];
}

/** Holds a draft to what the workspace declares of its type. `at`: JSON Pointer to the draft in what the caller sent. */
export function hold(draft: EventDraft, { types, unknown }: Declarations, at: string): Held {
  const declaration = types.get(draft.type);
  if (declaration === undefined) return undeclared(draft, unknown, at);
  const payload = payloadOf(draft.payload);
  const wrong = declaration.mode === 'off' ? [] : declaration.check(payload);
  const enforced = declaration.mode === 'enforce';
  const key = draft.key ?? (declaration.key === undefined ? undefined : orderText(valueAt(payload, declaration.key)));
  const { payload: left, removed } = without(payload, declaration.secret);
  const kept = removed.length === 0 ? draft.payload : new TextEncoder().encode(JSON.stringify(left));
  return {
    draft: { ...draft, payload: kept, ...(key === undefined ? {} : { key }) },
    declaration,
    redacted: removed,
    refused: enforced ? wrong.map((one) => violated(draft.type, one, at)) : [],
    warned: enforced ? [] : wrong,
  };
}

function undeclared(draft: EventDraft, unknown: Declarations['unknown'], at: string): Held {
  const detail = `The workspace declares no event "${draft.type}", and takes none that it does not declare. Declare it in events/${draft.type}.yaml.`;
  const refused = unknown === 'refuse' ? [{ pointer: `${at}/type`, code: 'events.type_undeclared', detail }] : [];
  return { draft, redacted: [], refused, warned: unknown === 'warn' ? [{ pointer: '', detail: 'is of no declared type' }] : [] };
}

function violated(type: string, { pointer, detail }: Violation, at: string): FieldProblem {
  const where = pointer === '' ? 'it' : pointer;
  return {
    pointer: `${at}/payload${pointer}`,
    code: 'events.schema_violated',
    detail: `The payload does not fit what the workspace declares of "${type}": ${where} ${detail}.`,
  };
}
