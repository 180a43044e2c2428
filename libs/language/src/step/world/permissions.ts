import { matchesPattern } from '../../filter/pattern';
import { LanguageError } from '../../problems/language-error';
import { namedId } from '../../values/named-id';
import type { AppPermissions } from '../../workspace/sources';
import type { Branch } from '../threads/branch';
import { isNative } from './event-names';
import { sourceOf } from './source';

/** What an app may be kept from. */
type Deed = Exclude<keyof AppPermissions, 'files'>;

/** What a permission says that only is known when the app runs. */
const ANY = '*';

/** An app emits this event, named in its own words. */
export function demandEmit(branch: Branch, event: string): void {
  demand(branch, 'emits', event, (one) => one === event);
}

/** An app waits for this event or pattern, named in its own words: its own it always may. */
export function demandRead(branch: Branch, event: string): void {
  if (isNative(event)) demand(branch, 'reads', event, (one) => matchesPattern(one, event));
}

export function demandHost(branch: Branch, url: string): void {
  const { hostname } = new URL(url);
  demand(branch, 'hosts', hostname, (one) => one === hostname);
}

export function demandSecret(branch: Branch, name: string): void {
  demand(branch, 'secrets', name, (one) => one === name);
}

export function demandAction(branch: Branch, name: string): void {
  demand(branch, 'actions', name, (one) => one === name);
}

/** An app makes this topic, or changes who is in it. */
export function demandTopic(branch: Branch, name: string): void {
  demand(branch, 'topics', name, (one) => one === name);
}

/** An app keeps an answer as a file of the workspace. */
export function demandFiles(branch: Branch): void {
  const permissions = permissionsOf(branch);
  if (permissions !== undefined && !permissions.files) refuse(branch, 'files', 'file');
}

/** Undefined for the workspace itself: it may do everything. */
function permissionsOf(branch: Branch): AppPermissions | undefined {
  return branch.machine.plan.permissions.get(branch.automation.instance);
}

function demand(branch: Branch, deed: Deed, name: string, fits: (one: string) => boolean): void {
  const permitted = permissionsOf(branch)?.[deed];
  if (permitted !== undefined && !permitted.includes(ANY) && !permitted.some(fits)) refuse(branch, deed, name);
}

/** Tells the workspace what the app tried, and refuses. */
function refuse(branch: Branch, deed: Deed | 'files', name: string): never {
  const { instance, app = '', slug } = branch.automation;
  const id = namedId('evt', `${branch.machine.state.begin.run}/${branch.place}:permission`);
  const payload = { instance, app, automation: slug, permission: deed, name };
  branch.request({ kind: 'emit', request: { id, event: REFUSED, payload, source: sourceOf(branch) } }, ':permission');
  const sentence = `The app \`${instance}\` may not ${WORDS[deed]} \`${name}\`: nobody has consented to it.`;
  throw new LanguageError('runtime.permission_missing', sentence, undefined, { details: { instance, permission: deed, name } });
}

/** Says in the workspace's log that an app was kept from something. */
const REFUSED = 'runtime.permissions.refused';

const WORDS: Readonly<Record<Deed | 'files', string>> = {
  reads: 'read the event',
  emits: 'emit the event',
  hosts: 'call the host',
  secrets: 'use the secret',
  actions: 'run the action',
  topics: 'manage the topic',
  files: 'keep a',
};
