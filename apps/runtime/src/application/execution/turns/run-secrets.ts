import type { Plan, Secrets as KnownSecrets } from '@millrace/language';
import type { Run } from '../../../domain/run';
import type { Secrets } from '../../ports/secrets';

export const NO_SECRETS: KnownSecrets = {};

/** The secrets that runs may read. */
export class RunSecrets {
  constructor(private readonly secrets: Secrets) {}

  /** Those the plan names, by app instance: an app reads the secrets of the workspace it is installed in. Throws as the port does. */
  async of({ secrets: named }: Plan, { workspaceId }: Pick<Run, 'workspaceId'>): Promise<KnownSecrets> {
    if (named.size === 0) return NO_SECRETS;
    const names = [...new Set([...named.values()].flat())].sort();
    const values = await this.secrets.resolve(workspaceId, names);
    return Object.fromEntries(Array.from(named, ([instance, own]) => [instance, only(values, own)]));
  }
}

function only(values: Readonly<Record<string, string>>, names: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(values).filter(([name]) => names.includes(name)));
}
