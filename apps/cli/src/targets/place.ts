import type { Settings } from '../config';
import { Refused } from '../refused';
import type { Invocation } from '../usage/command';
import { Targets } from './targets';

/** Where a command goes: a server, what lets us in there, and the workspace that is meant. */
export interface Place {
  readonly url: string;
  readonly token?: string;
  readonly workspace?: string;
}

/**
 * Where a command goes: what its flags say, else the environment, else the current target. What lets us in at a target goes to that
 * target alone; the token of the environment goes to the server of the environment, and to a target that has none.
 */
export function placeOf(invocation: Invocation, settings: Settings): Place {
  const named = invocation.value('target') ?? invocation.value('to');
  const kept = named === undefined && settings.url !== undefined ? { url: settings.url } : keptPlace(named ?? settings.target, settings);
  const workspace = invocation.value('workspace') ?? settings.workspace;
  return {
    ...(settings.token === undefined ? {} : { token: settings.token }),
    ...kept,
    ...(workspace === undefined ? {} : { workspace }),
  };
}

/** A target as a place; without a name, the current one. */
function keptPlace(name: string | undefined, { configFolder }: Settings): Place {
  const targets = new Targets(configFolder);
  const target = name === undefined ? targets.current() : targets.get(name);
  if (target === undefined) {
    throw new Refused('cli.no_target', 'invalid', 'No server is named.', 'millrace login URL; or set MILLRACE_URL and MILLRACE_TOKEN.');
  }
  const { url, workspace } = target;
  const token = targets.credentialOf(target.name)?.token;
  return { url, ...(token === undefined ? {} : { token }), ...(workspace === undefined ? {} : { workspace }) };
}
