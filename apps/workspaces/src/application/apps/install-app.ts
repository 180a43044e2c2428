import type { JsonMap } from '@millrace/kernel';
import type { CallContext } from '@millrace/messaging';
import type { Access } from '../access';
import type { InstalledState } from './installed-state';
import { lockOf, type Instances, type InstanceView } from './instances';

/** What somebody who installs an app says. */
export interface InstallSaid {
  readonly app: string;
  /** Empty: `latest`. */
  readonly range: string;
  /** Name of the instance; empty: that of the app. */
  readonly slug: string;
  readonly config: JsonMap;
  /** Digest of the permissions consented to. */
  readonly consent: string;
}

/** Installs an app in the draft, with consent to exactly what it may do. */
export class InstallApp {
  constructor(
    private readonly access: Access,
    private readonly instances: Instances,
    private readonly state: InstalledState,
  ) {}

  async run(context: CallContext, name: string, said: InstallSaid): Promise<InstanceView> {
    const { instances, state } = this;
    const { workspace } = await this.access.require(context, name, 'create', 'apps');
    const slug = said.slug === '' ? said.app : said.slug;
    const entry = { ...{ slug, app: said.app, range: said.range === '' ? 'latest' : said.range, config: said.config }, ...AS_INSTALLED };
    const now = await instances.read(workspace.id);
    instances.demandFree(now, slug);
    const chosen = await instances.choose(context, workspace.id, entry);
    instances.demandFitting(slug, chosen.contract, said.config);
    await instances.consent(context, workspace.id, chosen, said.consent);
    const payload = { app: said.app, version: chosen.version.number };
    await state.write(context, now, { slug, entry, locked: lockOf(chosen), type: 'apps.installed', payload });
    return instances.view(context, await instances.read(workspace.id), slug);
  }
}

const AS_INSTALLED = { disabled: false, labels: [] };
