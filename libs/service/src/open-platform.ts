import { Health, Metrics, PinoLog, type AdminServer } from '@millrace/observability';
import { openLocalPlatform } from './local-platform';
import type { Platform } from './platform';
import type { ProcessSettings } from './settings/process-settings';
import type { ServiceDefinition } from './start';

/** The platform that the settings name, for these services. While it waits for servers the admin port says for which. */
export async function openPlatform(
  settings: ProcessSettings,
  definitions: readonly ServiceDefinition[],
  admin: AdminServer,
): Promise<Platform> {
  const { logLevel, logCapacity, durability } = settings;
  if (settings.platform === 'local') return openLocalPlatform({ folder: settings.data, durability, logLevel, logCapacity });
  const waiting = definitions.map(({ name }) => ({
    health: new Health(name),
    metrics: new Metrics(name),
    log: new PinoLog(name, logLevel),
  }));
  for (const service of waiting) admin.add(service);
  const name = definitions.map((definition) => definition.name).join(' ');
  // Only here, since the clients of all its servers take memory and time that the local platform has better uses for.
  const { openClusterPlatform } = await import('./cluster/cluster-platform');
  return openClusterPlatform(
    settings,
    { name, needs: definitions.flatMap(({ needs = [] }) => needs) },
    ({ name: dependency, check, ...terms }) => {
      for (const { health } of waiting) health.depend(dependency, check, terms);
    },
  );
}
