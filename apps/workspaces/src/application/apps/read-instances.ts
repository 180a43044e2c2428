import type { CallContext } from '@millrace/messaging';
import type { Access } from '../access';
import type { Instances, InstanceView } from './instances';

/** Shows which apps the draft installs. */
export class ReadInstances {
  constructor(
    private readonly access: Access,
    private readonly instances: Instances,
  ) {}

  /** In the order of `apps.yaml`. */
  async list(context: CallContext, name: string): Promise<readonly InstanceView[]> {
    const { workspace } = await this.access.require(context, name, 'read', 'apps');
    const now = await this.instances.read(workspace.id);
    return Promise.all(now.installed.map(({ slug }) => this.instances.view(context, now, slug)));
  }

  /** Refuses with `apps.instance_not_found`. */
  async get(context: CallContext, name: string, slug: string): Promise<InstanceView> {
    const { workspace } = await this.access.require(context, name, 'read', 'apps');
    return this.instances.view(context, await this.instances.read(workspace.id), slug);
  }
}
