import { WorkspacesService } from '@millrace/contracts';
import { Listing } from '@millrace/lists';
import { Rpc, type CallContext } from '@millrace/messaging';
import { Controller, Inject } from '@nestjs/common';
import type {
  CreateWorkspaceRequest,
  DeleteWorkspaceRequest,
  GetWorkspaceRequest,
  ListVersionsRequest,
  ListWorkspacesRequest,
  PublishVersionRequest,
  UpdateWorkspaceRequest,
} from '@millrace/contracts';
import { CreateWorkspace } from '../../application/create-workspace';
import { DeleteWorkspace } from '../../application/delete-workspace';
import { PublishVersion } from '../../application/publish-version';
import { ReadWorkspaces } from '../../application/read-workspaces';
import {
  UpdateWorkspace,
  type AutoUpgrade,
  type PublishingMode,
  type UnknownEvents,
  type WorkspaceChanges,
} from '../../application/update-workspace';
import { listedMessage, versionMessage, workspaceMessage } from './views';

const { method } = WorkspacesService;
const WORKSPACES = new Listing(method.listWorkspaces);
const VERSIONS = new Listing(method.listVersions);

@Controller()
export class WorkspacesRpc {
  constructor(
    @Inject(CreateWorkspace) private readonly createWorkspace: CreateWorkspace,
    @Inject(ReadWorkspaces) private readonly read: ReadWorkspaces,
    @Inject(UpdateWorkspace) private readonly updateWorkspace: UpdateWorkspace,
    @Inject(DeleteWorkspace) private readonly deleteWorkspace: DeleteWorkspace,
    @Inject(PublishVersion) private readonly publishVersion: PublishVersion,
  ) {}

  @Rpc(method.listWorkspaces)
  list(request: ListWorkspacesRequest, context: CallContext) {
    if (request.listed) return WORKSPACES.answer(request, (page) => this.read.listed(context, page), listedMessage);
    return WORKSPACES.answer(request, (page) => this.read.list(context, page), workspaceMessage);
  }

  @Rpc(method.createWorkspace)
  async create({ name, slug, description }: CreateWorkspaceRequest, context: CallContext) {
    const stored = await this.createWorkspace.run(context, { name, description, ...(slug === '' ? {} : { slug }) });
    return { workspace: workspaceMessage(await this.read.view(context, stored)) };
  }

  @Rpc(method.getWorkspace)
  async get({ workspaceId }: GetWorkspaceRequest, context: CallContext) {
    return { workspace: workspaceMessage(await this.read.get(context, workspaceId)) };
  }

  @Rpc(method.updateWorkspace)
  async update({ workspaceId, ifMatch, ...asked }: UpdateWorkspaceRequest, context: CallContext) {
    const stored = await this.updateWorkspace.run(context, workspaceId, changesOf(asked), { ifMatch });
    return { workspace: workspaceMessage(await this.read.view(context, stored)) };
  }

  @Rpc(method.deleteWorkspace)
  async delete({ workspaceId, ifMatch }: DeleteWorkspaceRequest, context: CallContext) {
    await this.deleteWorkspace.run(context, workspaceId, { ifMatch });
    return {};
  }

  @Rpc(method.publishVersion)
  async publish({ workspaceId, message, name, force, activate = true }: PublishVersionRequest, context: CallContext) {
    const said = { message, force, activates: activate, ...(name === '' ? {} : { name }) };
    const { version, problems } = await this.publishVersion.run(context, workspaceId, said);
    return { version: versionMessage(version, problems) };
  }

  @Rpc(method.listVersions)
  listVersions(request: ListVersionsRequest, context: CallContext) {
    return VERSIONS.answer(
      request,
      (page) => this.read.versions(context, request.workspaceId, page),
      (version) => versionMessage(version),
    );
  }
}

function changesOf({
  name,
  slug,
  description,
  settings,
  labels,
  names,
  descriptions,
  photo,
}: Omit<UpdateWorkspaceRequest, 'workspaceId' | 'ifMatch'>): WorkspaceChanges {
  return {
    ...(name === undefined ? {} : { name }),
    ...(slug === undefined ? {} : { slug }),
    ...(description === undefined ? {} : { description }),
    ...(settings === undefined ? {} : settingsOf(settings)),
    ...(labels === undefined ? {} : { labels: labels.items }),
    ...(names === undefined ? {} : { names: names.texts }),
    ...(descriptions === undefined ? {} : { descriptions: descriptions.texts }),
    ...(photo === undefined ? {} : { photo }),
  };
}

/** What a request says of the settings, all of them; the checks of the schema have let it through. */
function settingsOf({
  allowedOrigins,
  unknownEvents,
  autoUpgrade,
  publishing,
  fileTypes,
  egress,
  listed,
  zone,
  locale,
}: NonNullable<UpdateWorkspaceRequest['settings']>) {
  return {
    ...{ allowedOrigins, fileTypes, egress, listed, zone, locale },
    unknownEvents: (unknownEvents === '' ? 'allow' : unknownEvents) as UnknownEvents,
    autoUpgrade: (autoUpgrade === '' ? 'none' : autoUpgrade) as AutoUpgrade,
    publishing: (publishing === '' ? 'manual' : publishing) as PublishingMode,
  };
}
