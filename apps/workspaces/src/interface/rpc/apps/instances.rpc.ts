import {
  InstancesService,
  type ConsentInstanceRequest,
  type GetInstanceConfigRequest,
  type GetInstanceRequest,
  type InstallAppRequest,
  type ListInstancesRequest,
  type RemoveInstanceRequest,
  type UpdateInstanceConfigRequest,
  type UpdateInstanceRequest,
  type UpgradeInstanceRequest,
} from '@millrace/contracts';
import { Listing } from '@millrace/lists';
import { Rpc, type CallContext } from '@millrace/messaging';
import { Controller, Inject } from '@nestjs/common';
import { ChangeInstances } from '../../../application/apps/change-instances';
import { InstallApp } from '../../../application/apps/install-app';
import { ReadInstances } from '../../../application/apps/read-instances';
import { configIn, instanceMessage, jsonBytes, upgradeMessage } from './app-messages';

const { method } = InstancesService;
const INSTANCES = new Listing(method.listInstances);

/** The calls on the apps that a workspace has installed. */
@Controller()
export class InstancesRpc {
  constructor(
    @Inject(ReadInstances) private readonly read: ReadInstances,
    @Inject(InstallApp) private readonly installApp: InstallApp,
    @Inject(ChangeInstances) private readonly change: ChangeInstances,
  ) {}

  @Rpc(method.listInstances)
  async list(request: ListInstancesRequest, context: CallContext) {
    return INSTANCES.among(request, (await this.read.list(context, request.workspaceId)).map(instanceMessage));
  }

  @Rpc(method.installApp)
  async install({ workspaceId, app, range, slug, config, consent }: InstallAppRequest, context: CallContext) {
    const said = { app, range, slug, consent, config: configIn(config) };
    return { instance: instanceMessage(await this.installApp.run(context, workspaceId, said)) };
  }

  @Rpc(method.updateInstance)
  async update({ workspaceId: workspace, instance, range, disabled, labelling, ifMatch }: UpdateInstanceRequest, context: CallContext) {
    const changes = {
      ...(range === undefined ? {} : { range }),
      ...(disabled === undefined ? {} : { disabled }),
      ...(labelling === undefined ? {} : { labels: labelling.labels }),
    };
    return { instance: instanceMessage(await this.change.update(context, { workspace, instance }, changes, ifMatch)) };
  }

  @Rpc(method.removeInstance)
  async remove({ workspaceId: workspace, instance, ifMatch }: RemoveInstanceRequest, context: CallContext) {
    await this.change.remove(context, { workspace, instance }, ifMatch);
    return {};
  }

  @Rpc(method.upgradeInstance)
  async upgrade({ workspaceId: workspace, instance, range, consent, dryRun }: UpgradeInstanceRequest, context: CallContext) {
    return upgradeMessage(await this.change.upgrade(context, { workspace, instance }, { range, consent, dryRun }));
  }

  @Rpc(method.consentInstance)
  async consent({ workspaceId: workspace, instance, consent }: ConsentInstanceRequest, context: CallContext) {
    return { instance: instanceMessage(await this.change.consent(context, { workspace, instance }, consent)) };
  }

  @Rpc(method.getInstanceConfig)
  async config({ workspaceId: workspace, instance }: GetInstanceConfigRequest, context: CallContext) {
    const { config, schema, revision } = await this.change.config(context, { workspace, instance });
    return { config: jsonBytes(config), configSchema: jsonBytes(schema), etag: String(revision) };
  }

  @Rpc(method.updateInstanceConfig)
  async configure({ workspaceId: workspace, instance, config: patch, ifMatch }: UpdateInstanceConfigRequest, context: CallContext) {
    const { config, revision } = await this.change.configure(context, { workspace, instance }, configIn(patch), ifMatch);
    return { config: jsonBytes(config), etag: String(revision) };
  }

  @Rpc(method.getInstance)
  async get({ workspaceId, instance }: GetInstanceRequest, context: CallContext) {
    return { instance: instanceMessage(await this.read.get(context, workspaceId, instance)) };
  }
}
