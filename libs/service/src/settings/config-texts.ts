import { readFileSync } from 'node:fs';
import { DomainError } from '@millrace/kernel';
import { resolvedConfig, type DeclaredConfig, type ResolvedConfig } from './config-values';
import type { Environment } from './settings';

const PREFIXES = {
  /** A value of the configuration of the workspace with this slug, where no version says it and before the default of its schema. */
  workspace: 'MILLRACE_WORKSPACE_CONFIG_',
  /** The same of all instances of the app with this slug. */
  app: 'MILLRACE_APP_CONFIG_',
} as const;
const FILE = '_FILE';

/**
 * What the environment says of configurations: `MILLRACE_WORKSPACE_CONFIG_<slug>_<name>` of a workspace's, `MILLRACE_APP_CONFIG_<slug>_<name>` of
 * all instances of an app. Letters are the same in either case, and whatever is neither letter nor digit is `_`. Each may come from a file
 * named by `…_FILE`.
 */
export class ConfigTexts {
  private constructor(private readonly texts: ReadonlyMap<string, string>) {}

  /** Throws `settings.invalid` with all that is wrong: a variable without a slug and a name, two for the same value, a file that is not there. */
  static of(environment: Environment): ConfigTexts {
    const problems: string[] = [];
    const texts = new Map<string, string>();
    for (const [variable, value] of Object.entries(environment)) {
      if (value === undefined || value === '' || !isConfig(variable)) continue;
      const key = plain(variable.endsWith(FILE) ? variable.slice(0, -FILE.length) : variable);
      if (!/_CONFIG_[A-Z0-9]+_+[A-Z0-9]/.test(key))
        problems.push(`${variable}: it names no value. Write a slug, \`_\` and the name of a value after it.`);
      else if (texts.has(key)) problems.push(`${variable}: there is another variable for the same value.`);
      else texts.set(key, variable.endsWith(FILE) ? read(variable, value, problems) : value);
    }
    if (problems.length === 0) return new ConfigTexts(texts);
    throw new DomainError('settings.invalid', 'invalid', `These settings cannot be used:\n  ${problems.join('\n  ')}`);
  }

  /** A configuration with what is said of the values it leaves out; see `resolvedConfig`. */
  resolve(what: keyof typeof PREFIXES, slug: string, declared: DeclaredConfig): ResolvedConfig {
    return resolvedConfig(declared, (name) => this.of(what, slug, name));
  }

  /** What is said of a value; undefined: nothing. */
  of(what: keyof typeof PREFIXES, slug: string, name: string): string | undefined {
    return this.texts.get(plain(`${PREFIXES[what]}${slug}_${name}`));
  }
}

function isConfig(variable: string): boolean {
  return Object.values(PREFIXES).some((prefix) => variable.startsWith(prefix));
}

function plain(name: string): string {
  return name.toUpperCase().replace(/[^A-Z0-9]/g, '_');
}

function read(variable: string, file: string, problems: string[]): string {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    problems.push(`${variable}: ${file} cannot be read (${error instanceof Error ? error.message : String(error)}).`);
    return '';
  }
}
