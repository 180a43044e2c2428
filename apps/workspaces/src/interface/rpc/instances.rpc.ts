import { InstancesService, type GetInstanceRequest, type InstallAppRequest, type ListInstancesRequest } from '@millrace/contracts';
import { Rpc, type CallContext } from '@millrace/messaging';
import { Controller, Inject } from '@nestjs/common';
import { InstallApp } from '../../application/apps/install-app';
import { ReadInstances } from '../../application/apps/read-instances';
import { configIn, instanceMessage } from './app-messages';

const { method } = InstancesService;

/** The calls on the apps that a workspace has installed. */
@Controller()
export class InstancesRpc {
  constructor(
    @Inject(ReadInstances) private readonly read: ReadInstances,
    @Inject(InstallApp) private readonly installApp: InstallApp,
  ) {}

  @Rpc(method.listInstances)
  async list({ workspaceId }: ListInstancesRequest, context: CallContext) {
    return { items: (await this.read.list(context, workspaceId)).map(instanceMessage) };
  }

  @Rpc(method.installApp)
  async install({ workspaceId, app, range, slug, config, consent }: InstallAppRequest, context: CallContext) {
    const said = { app, range, slug, consent, config: configIn(config) };
    return { instance: instanceMessage(await this.installApp.run(context, workspaceId, said)) };
  }

  @Rpc(method.getInstance)
  async get({ workspaceId, instance }: GetInstanceRequest, context: CallContext) {
    return { instance: instanceMessage(await this.read.get(context, workspaceId, instance)) };
  }
}
