import { WorkspacesService } from '@millrace/contracts';
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
import { UpdateWorkspace, type WorkspaceChanges } from '../../application/update-workspace';
import { limitOf } from './limit';
import { versionMessage, workspaceMessage } from './views';

const { method } = WorkspacesService;

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
  async list({ limit, cursor }: ListWorkspacesRequest, context: CallContext) {
    const { items, nextCursor } = await this.read.list(context, limitOf(limit), cursor);
    return { items: items.map(workspaceMessage), nextCursor: nextCursor ?? '' };
  }

  @Rpc(method.createWorkspace)
  async create({ name, slug, description }: CreateWorkspaceRequest, context: CallContext) {
    const stored = await this.createWorkspace.run(context, { name, description, ...(slug === '' ? {} : { slug }) });
    return { workspace: workspaceMessage({ stored, role: 'owner' }) };
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
  async listVersions({ workspaceId, limit, cursor }: ListVersionsRequest, context: CallContext) {
    const before = cursor === '' ? Number.POSITIVE_INFINITY : Number(cursor);
    const { items, more } = await this.read.versions(context, workspaceId, limitOf(limit), before);
    return { items: items.map((version) => versionMessage(version)), nextCursor: more ? String(items.at(-1)?.number ?? '') : '' };
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
}: Omit<UpdateWorkspaceRequest, 'workspaceId' | 'ifMatch'>): WorkspaceChanges {
  return {
    ...(name === undefined ? {} : { name }),
    ...(slug === undefined ? {} : { slug }),
    ...(description === undefined ? {} : { description }),
    ...(settings === undefined ? {} : { allowedOrigins: settings.allowedOrigins }),
    ...(labels === undefined ? {} : { labels: labels.items }),
    ...(names === undefined ? {} : { names: names.texts }),
    ...(descriptions === undefined ? {} : { descriptions: descriptions.texts }),
  };
}
