/** Native events of Prisme.ai that have another name here. */
const NATIVE: ReadonlyMap<string, string> = new Map([
  ['workspaces.apps.installed', 'apps.installed'],
  ['workspaces.apps.configured', 'apps.configured'],
  ['workspaces.apps.updated', 'apps.upgraded'],
  ['workspaces.apps.uninstalled', 'apps.removed'],
]);

/** The name an event of Prisme.ai has here: native ones by the table, blanks as `_`. */
export function translatedEvent(name: string): string {
  return NATIVE.get(name) ?? name.trim().replace(/\s+/g, '_');
}
