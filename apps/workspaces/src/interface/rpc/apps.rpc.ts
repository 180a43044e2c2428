import {
  AppsService,
  type GetAppRequest,
  type ListAppsRequest,
  type ListAppVersionsRequest,
  type PublishAppRequest,
} from '@millrace/contracts';
import { Rpc, type CallContext } from '@millrace/messaging';
import { Controller, Inject } from '@nestjs/common';
import { PublishApp } from '../../application/apps/publish-app';
import { ReadApps } from '../../application/apps/read-apps';
import { appMessage, versionMessage } from './app-messages';
import { limitOf } from './limit';

const { method } = AppsService;

/** The calls on the catalogue. */
@Controller()
export class AppsRpc {
  constructor(
    @Inject(ReadApps) private readonly read: ReadApps,
    @Inject(PublishApp) private readonly publishApp: PublishApp,
  ) {}

  @Rpc(method.publishApp)
  async publish({ workspaceId, number, changes, slug }: PublishAppRequest, context: CallContext) {
    return { version: versionMessage(await this.publishApp.run(context, workspaceId, { number, changes, slug })) };
  }

  @Rpc(method.listApps)
  async list({ workspace, limit, cursor }: ListAppsRequest, context: CallContext) {
    const { items, nextCursor } = await this.read.list(context, workspace, limitOf(limit), cursor);
    return { items: items.map(appMessage), nextCursor: nextCursor ?? '' };
  }

  @Rpc(method.getApp)
  async get({ slug, workspace }: GetAppRequest, context: CallContext) {
    return { app: appMessage(await this.read.get(context, slug, workspace)) };
  }

  @Rpc(method.listAppVersions)
  async versions({ slug, workspace }: ListAppVersionsRequest, context: CallContext) {
    return { items: (await this.read.versions(context, slug, workspace)).map(versionMessage) };
  }
}
