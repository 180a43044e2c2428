import { readFileSync } from 'node:fs';
import { DomainError } from '@millrace/kernel';
import type { z } from 'zod';

const PREFIX = 'MILLRACE_';

/** Environment as `process.env` gives it. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads a service's settings. `port` in the schema is `MILLRACE_PORT`, `dataFolder` is `MILLRACE_DATA_FOLDER`; each may also come from
 * a file named by `MILLRACE_…_FILE`. All that is wrong is reported at once (`settings.invalid`), by variable.
 */
export function readSettings<S extends z.ZodObject>(schema: S, environment: Environment): z.infer<S> {
  const problems: string[] = [];
  const raw: Record<string, string> = {};
  for (const name of Object.keys(schema.shape)) {
    const value = lookUp(variableOf(name), environment, problems);
    if (value !== undefined && value !== '') raw[name] = value;
  }
  const result = schema.safeParse(raw);
  if (!result.success) {
    problems.push(...result.error.issues.map((issue) => `${variableOf(String(issue.path[0]))}: ${issue.message}`));
  }
  if (problems.length > 0 || !result.success) {
    throw new DomainError('settings.invalid', 'invalid', `These settings cannot be used:\n  ${problems.join('\n  ')}`);
  }
  return result.data;
}

/** The environment variable of a setting: `adminPort` → `MILLRACE_ADMIN_PORT`. */
export function variableOf(name: string): string {
  return PREFIX + name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();
}

function lookUp(variable: string, environment: Environment, problems: string[]): string | undefined {
  const file = environment[`${variable}_FILE`];
  if (file === undefined || file === '') return environment[variable];
  if (environment[variable] !== undefined) {
    problems.push(`${variable}: set it or ${variable}_FILE, not both.`);
    return undefined;
  }
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    problems.push(`${variable}_FILE: ${file} cannot be read (${error instanceof Error ? error.message : String(error)}).`);
    return undefined;
  }
}
