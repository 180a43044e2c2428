/** The one native event automations may emit. */
export const NOTIFY = 'notification.requested';

const NATIVE: ReadonlySet<string> = new Set([
  'workspaces',
  'apps',
  'events',
  'runtime',
  'registry',
  'profile',
  'notification',
  'ads',
  'gateway',
  'system',
]);

/** Whether an event (or pattern) is of the platform: named by its first token, or `error`. */
export function isNative(name: string): boolean {
  return name === 'error' || NATIVE.has(name.replace(/\..*$/s, ''));
}

/** The full name of an event or pattern that an app instance names in its own words. */
export function fullName(instance: string, name: string): string {
  return instance === '' || isNative(name) ? name : `${instance}.${name}`;
}

/** The name of an event as an app instance sees it; undefined when it is neither its own nor native. */
export function nameInside(instance: string, full: string): string | undefined {
  if (instance === '' || isNative(full)) return full;
  return full.startsWith(`${instance}.`) ? full.slice(instance.length + 1) : undefined;
}
