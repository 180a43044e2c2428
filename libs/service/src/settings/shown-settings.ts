import type { ShownSetting, ShownSettings } from '@millrace/observability';
import type { z } from 'zod';
import { readSettings, variableOf, type Environment } from './settings';

const HIDDEN = 'REDACTED';
const SECRET = /(?:password|secret|token|key)$/i;
/** Who signs in with an address that has a name and a password in it. */
const USERINFO = /\/\/[^/@\s]*@/g;

/** The settings that a schema names, as `readSettings` reads them: what each is, unless it is secret, and where that comes from. */
export function shownSettings(schema: z.ZodObject, environment: Environment): ShownSettings {
  const values: Readonly<Record<string, unknown>> = readSettings(schema, environment);
  const shown = Object.keys(schema.shape).map((name): [string, ShownSetting] => {
    const variable = variableOf(name);
    const value = values[name];
    const isHidden = isSecret(name) && value !== undefined;
    return [variable, { value: isHidden ? HIDDEN : withoutUserinfo(value), from: originOf(variable, environment) }];
  });
  return Object.fromEntries(shown);
}

/** Whether nobody is shown the value of a setting, or of a variable: the end of its name says so. */
export function isSecret(name: string): boolean {
  return SECRET.test(name);
}

function originOf(variable: string, environment: Environment): ShownSetting['from'] {
  if ((environment[`${variable}_FILE`] ?? '') !== '') return 'file';
  return (environment[variable] ?? '') === '' ? 'default' : 'environment';
}

function withoutUserinfo(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutUserinfo);
  return typeof value === 'string' ? value.replaceAll(USERINFO, `//${HIDDEN}@`) : value;
}
