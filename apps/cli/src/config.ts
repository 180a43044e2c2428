import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** How a person likes what is written: with colour or without, and how wide. */
export interface Look {
  readonly colour: boolean;
  readonly columns: number;
}

interface Screen {
  readonly isTTY?: boolean;
  readonly columns?: number;
}

const USUAL_COLUMNS = 100;

/**
 * How to write to a stream: coloured on a terminal only, unless `NO_COLOR` or `TERM=dumb` forbid it or `CLICOLOR_FORCE` asks for it;
 * as wide as `COLUMNS` or the terminal says.
 */
export function lookOf({ isTTY, columns }: Screen, environment: NodeJS.ProcessEnv = process.env): Look {
  const { NO_COLOR, CLICOLOR_FORCE, TERM, COLUMNS } = environment;
  const forced = isSet(CLICOLOR_FORCE) && CLICOLOR_FORCE !== '0';
  const wanted = forced || (isTTY === true && TERM !== 'dumb');
  const asked = Number(COLUMNS);
  return {
    colour: wanted && !isSet(NO_COLOR),
    columns: Number.isInteger(asked) && asked > 0 ? asked : (columns ?? USUAL_COLUMNS),
  };
}

function isSet(value: string | undefined): value is string {
  return value !== undefined && value !== '';
}

/** Where a process is asked by its operators, and what lets us in. */
export interface AdminPort {
  /** Without a slash at the end. */
  readonly url: string;
  readonly token?: string;
}

/** The admin port: `given`, else `MILLRACE_ADMIN_URL`, else that of this machine; with `MILLRACE_ADMIN_TOKEN`. */
export function adminPort(given: string | undefined, environment: NodeJS.ProcessEnv = process.env): AdminPort {
  const { MILLRACE_ADMIN_URL, MILLRACE_ADMIN_PORT, MILLRACE_ADMIN_TOKEN: token } = environment;
  const port = isSet(MILLRACE_ADMIN_PORT) ? MILLRACE_ADMIN_PORT : '4001';
  const url = given ?? (isSet(MILLRACE_ADMIN_URL) ? MILLRACE_ADMIN_URL : `http://127.0.0.1:${port}`);
  return { url: url.replace(/\/+$/, ''), ...(isSet(token) ? { token } : {}) };
}

/** What a person has set, and where what the command keeps for them stands. */
export interface Settings {
  /** Folder of targets and credentials. */
  readonly configFolder: string;
  /** The server, without a slash at the end. */
  readonly url?: string;
  readonly token?: string;
  /** By id or slug. */
  readonly workspace?: string;
  /** The name of a target. */
  readonly target?: string;
}

/** `MILLRACE_URL`, `_TOKEN`, `_WORKSPACE`, `_TARGET`, each also as `*_FILE`, and `$XDG_CONFIG_HOME/millrace`. */
export function settingsOf(environment: NodeJS.ProcessEnv = process.env): Settings {
  const { XDG_CONFIG_HOME } = environment;
  const url = setting('MILLRACE_URL', environment)?.replace(/\/+$/, '');
  const token = setting('MILLRACE_TOKEN', environment);
  const workspace = setting('MILLRACE_WORKSPACE', environment);
  const target = setting('MILLRACE_TARGET', environment);
  return {
    configFolder: join(isSet(XDG_CONFIG_HOME) ? XDG_CONFIG_HOME : join(homedir(), '.config'), 'millrace'),
    ...(url === undefined ? {} : { url }),
    ...(token === undefined ? {} : { token }),
    ...(workspace === undefined ? {} : { workspace }),
    ...(target === undefined ? {} : { target }),
  };
}

function setting(name: string, environment: NodeJS.ProcessEnv): string | undefined {
  const { [name]: value, [`${name}_FILE`]: file } = environment;
  if (isSet(value)) return value;
  return isSet(file) ? readFileSync(file, 'utf8').trim() : undefined;
}
