import type { Json, JsonMap } from '@millrace/kernel';
import type { Plan } from '@millrace/language';
import type { ActiveVersions } from '../ports/models';
import type { ConfigPlace } from '../ports/configurations';

/** What a configuration is where nothing is written over it. */
export interface DeclaredConfig {
  readonly schema: JsonMap;
  readonly value: JsonMap;
}

/** What the environment of the platform says of the values of configurations, by the slug of the workspace or the app. */
export interface ConfigEnvironment {
  resolve(what: 'workspace' | 'app', slug: string, declared: DeclaredConfig): Pick<DeclaredConfig, 'value'>;
}

export const SILENT: ConfigEnvironment = { resolve: (_what, _slug, declared) => declared };

/** Configurations as versions declare them, with what the environment and their schemas say of the values they leave out. */
export class DeclaredConfigs {
  private readonly known = new WeakMap<Plan, Map<string, DeclaredConfig>>();

  constructor(
    private readonly environment: ConfigEnvironment = SILENT,
    private readonly active?: Pick<ActiveVersions, 'find'>,
  ) {}

  async of(plan: Plan, { workspaceId, instance }: ConfigPlace): Promise<DeclaredConfig> {
    const slug = instance === '' ? (await this.active?.find(workspaceId))?.slug : appOf(plan, instance);
    const known = this.known.get(plan) ?? new Map<string, DeclaredConfig>();
    this.known.set(plan, known);
    const key = `${instance} ${slug ?? ''}`;
    const declared = known.get(key) ?? this.declared(plan, instance, slug);
    known.set(key, declared);
    return declared;
  }

  private declared(plan: Plan, instance: string, slug: string | undefined): DeclaredConfig {
    const config = mapOf(mapOf(plan.documents.get(instance))['config']);
    const declared = { schema: mapOf(config['schema']), value: mapOf(config['value']) };
    const what = instance === '' ? 'workspace' : 'app';
    return { ...declared, value: this.environment.resolve(what, slug ?? '', declared).value };
  }
}

function appOf({ automations }: Plan, instance: string): string | undefined {
  return [...automations.values()].find((automation) => automation.instance === instance)?.app;
}

function mapOf(value: Json | undefined): JsonMap {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonMap) : {};
}
