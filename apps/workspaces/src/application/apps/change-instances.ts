import type { JsonMap } from '@millrace/kernel';
import type { CallContext } from '@millrace/messaging';
import { breakingChanges } from '../../domain/apps/contract';
import { findLocked, type Installed, type Locked } from '../../domain/apps/installed';
import { inRange } from '../../domain/apps/number';
import { morePermissions, NO_PERMISSIONS } from '../../domain/apps/permissions';
import { expectationOf } from '../../domain/draft';
import type { Access } from '../access';
import type { InstalledNow, InstalledState } from './installed-state';
import { lockOf, type Chosen, type Instances, type InstanceView } from './instances';
import { merged } from './merge-patch';

/** What may be said of an instance; a missing field stays as it is. */
export type InstanceChanges = Partial<Pick<Installed, 'range' | 'disabled' | 'labels'>>;

/** An instance, by its workspace (id or slug) and its name there. */
export interface InstanceName {
  readonly workspace: string;
  readonly instance: string;
}

/** What is different in another version. */
export interface UpgradeView {
  readonly instance: InstanceView;
  readonly from: string;
  readonly to: string;
  readonly breaking: readonly string[];
  readonly added: readonly string[];
  readonly removed: readonly string[];
  /** Places in the configuration that do not fit. */
  readonly config: readonly string[];
}

export interface UpgradeSaid {
  /** Empty: that of the instance. */
  readonly range: string;
  readonly consent: string;
  readonly dryRun: boolean;
}

/** The configuration of an instance, and what it has to fit. */
export interface InstanceConfig {
  readonly config: JsonMap;
  readonly schema: JsonMap;
  readonly revision: number;
}

/** Changes installed apps, in the draft. */
export class ChangeInstances {
  constructor(
    private readonly access: Access,
    private readonly instances: Instances,
    private readonly state: InstalledState,
  ) {}

  async update(context: CallContext, name: InstanceName, changes: InstanceChanges, ifMatch: string): Promise<InstanceView> {
    const { now, entry } = await this.enter(context, name, 'update');
    inRange(changes.range ?? entry.range);
    const change = {
      slug: entry.slug,
      entry: { ...entry, ...changes },
      locked: findLocked(now.lock, entry.slug),
      type: 'apps.configured',
      payload: {},
    };
    await this.state.write(context, now, change, expectationOf({ ifMatch }));
    return this.shown(context, now, entry.slug);
  }

  async remove(context: CallContext, name: InstanceName, ifMatch: string): Promise<void> {
    const { now, entry } = await this.enter(context, name, 'delete');
    const { slug, app } = entry;
    const change = { slug, entry: undefined, locked: undefined, type: 'apps.removed', payload: { app } };
    await this.state.write(context, now, change, expectationOf({ ifMatch }));
  }

  /** Moves an instance to the newest version in its range, or in another. What it may not do yet, and never might before, needs consent. */
  async upgrade(context: CallContext, name: InstanceName, { range, consent, dryRun }: UpgradeSaid): Promise<UpgradeView> {
    const { now, entry: before, workspaceId } = await this.enter(context, name, 'update');
    const entry = { ...before, range: range === '' ? before.range : range };
    const chosen = await this.instances.choose(context, workspaceId, entry);
    const view = await this.instances.view(context, now, entry.slug);
    const differences = this.differences(view, chosen, entry);
    if (dryRun) return { instance: view, ...differences };
    this.instances.demandFitting(entry.slug, chosen.contract, entry.config);
    const isSame = view.consented && view.locked?.consent === chosen.version.permissions;
    const isKnown = isSame || (await this.instances.hasConsent(workspaceId, lockOf(chosen)));
    await this.instances.consent(context, workspaceId, chosen, isKnown ? chosen.version.permissions : consent);
    await this.write(context, now, entry, chosen, view.locked);
    return { instance: await this.shown(context, now, entry.slug), ...differences };
  }

  /** Consents to what the locked version may do. */
  async consent(context: CallContext, name: InstanceName, consent: string): Promise<InstanceView> {
    const { now, entry, workspaceId } = await this.enter(context, name, 'update');
    const chosen = await this.instances.locked(context, workspaceId, entry, now.lock);
    await this.instances.consent(context, workspaceId, chosen, consent);
    await this.write(context, now, entry, chosen, findLocked(now.lock, entry.slug));
    return this.shown(context, now, entry.slug);
  }

  async config(context: CallContext, name: InstanceName): Promise<InstanceConfig> {
    const { now, entry } = await this.enter(context, name, 'read');
    const { contract } = await this.instances.view(context, now, entry.slug);
    return { config: entry.config, schema: contract?.config ?? {}, revision: now.revision };
  }

  /** Lays a merge patch over the configuration. */
  async configure(context: CallContext, name: InstanceName, patch: JsonMap, ifMatch: string): Promise<InstanceConfig> {
    const { now, entry } = await this.enter(context, name, 'update');
    const config = merged(entry.config, patch);
    const { contract } = await this.instances.view(context, now, entry.slug);
    if (contract !== undefined) this.instances.demandFitting(entry.slug, contract, config);
    const change = {
      slug: entry.slug,
      entry: { ...entry, config },
      locked: findLocked(now.lock, entry.slug),
      type: 'apps.configured',
      payload: {},
    };
    const revision = await this.state.write(context, now, change, expectationOf({ ifMatch }));
    return { config, schema: contract?.config ?? {}, revision };
  }

  private async enter(context: CallContext, { workspace: name, instance }: InstanceName, action: string) {
    const { workspace } = await this.access.require(context, name, action, 'apps');
    const now = await this.instances.read(workspace.id);
    return { now, workspaceId: workspace.id, entry: this.instances.entry(now, instance) };
  }

  private async write(
    context: CallContext,
    now: InstalledNow,
    entry: Installed,
    chosen: Chosen,
    before: Locked | undefined,
  ): Promise<void> {
    const payload = { app: entry.app, from: before?.version ?? '', to: chosen.version.number };
    const change = { slug: entry.slug, entry, locked: lockOf(chosen), type: 'apps.upgraded', payload };
    await this.state.write(context, now, change);
  }

  private async shown(context: CallContext, { draft }: InstalledNow, slug: string): Promise<InstanceView> {
    return this.instances.view(context, await this.instances.read(draft.workspaceId), slug);
  }

  private differences({ contract, locked }: InstanceView, chosen: Chosen, { config }: Installed): Omit<UpgradeView, 'instance'> {
    const before = contract?.permissions ?? NO_PERMISSIONS;
    const problems = this.instances.configProblems(chosen.contract, config);
    return {
      ...{ from: locked?.version ?? '', to: chosen.version.number },
      breaking: contract === undefined ? [] : breakingChanges(contract, chosen.contract),
      added: morePermissions(before, chosen.contract.permissions),
      removed: morePermissions(chosen.contract.permissions, before),
      config: problems.map(({ pointer, detail }) => `${pointer === '' ? '/' : pointer} ${detail}`),
    };
  }
}
