/** Native events of Prisme.ai that have another name here. */
const NATIVE: Readonly<Record<string, string>> = {
  'workspaces.apps.installed': 'apps.installed',
  'workspaces.apps.configured': 'apps.configured',
  'workspaces.apps.updated': 'apps.upgraded',
  'workspaces.apps.uninstalled': 'apps.removed',
  'workspaces.versions.published': 'workspaces.versions.published',
  'workspaces.automations.created': 'workspaces.automations.created',
  'workspaces.automations.updated': 'workspaces.automations.updated',
  'workspaces.automations.deleted': 'workspaces.automations.deleted',
  'workspaces.created': 'workspaces.created',
  'workspaces.updated': 'workspaces.updated',
  'workspaces.deleted': 'workspaces.deleted',
  'runtime.interactions.triggered': 'runtime.interactions.triggered',
  'runtime.automations.executed': 'runtime.automations.executed',
  'runtime.fetch.failed': 'runtime.fetch.failed',
  error: 'error',
};

/** The name an event of Prisme.ai has here: native ones by the table, blanks as `_`. */
export function translatedEvent(name: string): string {
  if (Object.hasOwn(NATIVE, name)) return NATIVE[name] ?? name;
  return name.trim().replace(/\s+/g, '_');
}
