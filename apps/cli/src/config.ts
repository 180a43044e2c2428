import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** What the command line reads of its environment; `docs/reference/config.md` is made of it. Ours may each come from a `…_FILE`, too. */
interface Variables {
  /** The server; with it no target is asked for. */
  readonly MILLRACE_URL: string;
  /** What lets in there: an access token or a personal one. */
  readonly MILLRACE_TOKEN: string;
  /** The workspace that is meant, by id or slug. */
  readonly MILLRACE_WORKSPACE: string;
  /** The name of the target that is meant, of those that `millrace targets` lists. */
  readonly MILLRACE_TARGET: string;
  /** The admin port for what operators do; `http://127.0.0.1:<port>` when absent. */
  readonly MILLRACE_ADMIN_URL: string;
  /** That port on this machine; 4001 when absent. */
  readonly MILLRACE_ADMIN_PORT: string;
  /** What lets in at the admin port. */
  readonly MILLRACE_ADMIN_TOKEN: string;
  /** The folder of `millrace/`, in which targets and credentials are kept; `~/.config` when absent. */
  readonly XDG_CONFIG_HOME: string;
  /** Anything: nothing is written with colour. */
  readonly NO_COLOR: string;
  /** Anything but `0`: what is written has colour in a pipe, too. */
  readonly CLICOLOR_FORCE: string;
  /** `dumb`: a terminal without colour. */
  readonly TERM: string;
  /** How many characters a line has; as many as the terminal says when absent, or 100. */
  readonly COLUMNS: string;
}

type Ours = Extract<keyof Variables, `MILLRACE_${string}`>;

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

/** The admin port: `given`, else `MILLRACE_ADMIN_URL`, else that of this machine; with `MILLRACE_ADMIN_TOKEN`; each also as `*_FILE`. */
export function adminPort(given: string | undefined, environment: NodeJS.ProcessEnv = process.env): AdminPort {
  const token = setting('MILLRACE_ADMIN_TOKEN', environment);
  const port = setting('MILLRACE_ADMIN_PORT', environment) ?? '4001';
  const url = given ?? setting('MILLRACE_ADMIN_URL', environment) ?? `http://127.0.0.1:${port}`;
  return { url: url.replace(/\/+$/, ''), ...(token === undefined ? {} : { token }) };
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

function setting(name: Ours, environment: NodeJS.ProcessEnv): string | undefined {
  const { [name]: value, [`${name}_FILE`]: file } = environment;
  if (isSet(value)) return value;
  return isSet(file) ? readFileSync(file, 'utf8').trim() : undefined;
}
