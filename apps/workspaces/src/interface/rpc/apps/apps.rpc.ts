import {
  AppsService,
  type DeprecateAppVersionRequest,
  type GetAppRequest,
  type ListAppsRequest,
  type ListAppVersionsRequest,
  type PublishAppRequest,
  type UpdateAppRequest,
  type WithdrawAppVersionRequest,
} from '@millrace/contracts';
import { Listing } from '@millrace/lists';
import { Rpc, type CallContext } from '@millrace/messaging';
import { Controller, Inject } from '@nestjs/common';
import { ChangeApp } from '../../../application/apps/change-app';
import { PublishApp } from '../../../application/apps/publish-app';
import { ReadApps, type AppView } from '../../../application/apps/read-apps';
import { appMessage, listedApp, versionMessage } from './app-messages';

const { method } = AppsService;
const APPS = new Listing(method.listApps);
const VERSIONS = new Listing(method.listAppVersions);

/** The calls on the catalogue. */
@Controller()
export class AppsRpc {
  constructor(
    @Inject(ReadApps) private readonly read: ReadApps,
    @Inject(PublishApp) private readonly publishApp: PublishApp,
    @Inject(ChangeApp) private readonly change: ChangeApp,
  ) {}

  @Rpc(method.publishApp)
  async publish({ workspaceId, number, changes, slug }: PublishAppRequest, context: CallContext) {
    return { version: versionMessage(await this.publishApp.run(context, workspaceId, { number, changes, slug })) };
  }

  @Rpc(method.listApps)
  list(request: ListAppsRequest, context: CallContext) {
    return APPS.answer(request, (page) => this.read.list(context, request.workspace, page), listedApp);
  }

  @Rpc(method.getApp)
  async get({ slug, workspace }: GetAppRequest, context: CallContext) {
    return { app: appMessage(await this.read.get(context, slug, workspace)) };
  }

  @Rpc(method.updateApp)
  async update(request: UpdateAppRequest, context: CallContext) {
    const { slug, name, description, photo, docs, visibility, listing, ifMatch } = request;
    const changes = {
      ...(name === undefined ? {} : { name }),
      ...(description === undefined ? {} : { description }),
      ...(photo === undefined ? {} : { photo }),
      ...(docs === undefined ? {} : { docs }),
      ...(visibility === undefined ? {} : { visibility: visibility as AppView['app']['visibility'] }),
      ...(listing === undefined ? {} : { listedFor: listing.workspaces }),
    };
    return { app: appMessage(await this.change.update(context, slug, changes, ifMatch)) };
  }

  @Rpc(method.deprecateAppVersion)
  async deprecate({ slug, number, reason }: DeprecateAppVersionRequest, context: CallContext) {
    return { version: versionMessage(await this.change.deprecate(context, { slug, number, reason })) };
  }

  @Rpc(method.withdrawAppVersion)
  async withdraw({ slug, number, reason }: WithdrawAppVersionRequest, context: CallContext) {
    return { version: versionMessage(await this.change.withdraw(context, { slug, number, reason })) };
  }

  @Rpc(method.listAppVersions)
  async versions(request: ListAppVersionsRequest, context: CallContext) {
    return VERSIONS.among(request, (await this.read.versions(context, request.slug, request.workspace)).map(versionMessage));
  }
}
