import type { Json, JsonMap } from '@millrace/kernel';
import { LanguageError } from '../problems/language-error';
import type { DeclaredEvent } from '../read/read-workspace';
import type { SchemaProblem } from '../schema/schema';
import type { EmitRequest } from '../step/effects';
import { valueAt } from '../values/write';
import { without } from '../values/without';
import { usable } from './accepts';

const LONGEST_KEY = 128;

/** An event as its workspace or app declares it, ready to be held to. */
export interface PlannedEvent {
  /**
   * What becomes of a payload: it loses what is secret, and says its ordering key. Throws `events.schema_violated` for one that does not
   * fit and must; what is only to be warned of comes along.
   */
  readonly hold: (payload: JsonMap) => Pick<EmitRequest, 'payload' | 'version' | 'key' | 'redacted' | 'violations'>;
}

/** Compiles a declaration. `name`: its full name. */
export function plannedEvent(name: string, { schema, mode, version = 0, key, secret }: DeclaredEvent): PlannedEvent {
  const validate = schema === undefined || mode === 'off' ? undefined : usable(schema);
  return {
    hold: (payload) => {
      const violations = validate?.(payload, '') ?? [];
      if (mode === 'enforce') refuse(name, violations);
      const order = key === undefined ? undefined : orderText(valueAt(payload, key.split('.')));
      const redacted = secret.filter((path) => without(payload, path) !== payload);
      return {
        payload: redacted.reduce(without, payload),
        ...(version === 0 ? {} : { version }),
        ...(order === undefined ? {} : { key: order }),
        ...(redacted.length === 0 ? {} : { redacted }),
        ...(violations.length === 0 ? {} : { violations }),
      };
    },
  };
}

function refuse(name: string, violations: readonly SchemaProblem[]): void {
  const [first] = violations;
  if (first === undefined) return;
  throw new LanguageError(
    'events.schema_violated',
    `The payload of \`${name}\` does not fit its schema: ${first.pointer || '/'} ${first.detail}.`,
    undefined,
    { details: violations.map(({ pointer, detail }) => ({ pointer, detail })) },
  );
}

function orderText(value: Json | undefined): string | undefined {
  const text = typeof value === 'object' || value === undefined ? '' : String(value);
  return text === '' || text.length > LONGEST_KEY ? undefined : text;
}
