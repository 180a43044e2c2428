import {
  LifeService,
  type DuplicateWorkspaceRequest,
  type RestoreWorkspaceRequest,
  type SuspendWorkspaceRequest,
  type TransferWorkspaceRequest,
} from '@millrace/contracts';
import { Rpc, type CallContext } from '@millrace/messaging';
import { Controller, Inject } from '@nestjs/common';
import { DuplicateWorkspace } from '../../application/life/duplicate-workspace';
import { RestoreWorkspace } from '../../application/life/restore-workspace';
import { SuspendWorkspace, type Wanted } from '../../application/life/suspend-workspace';
import { TransferWorkspace } from '../../application/life/transfer-workspace';
import { ReadWorkspaces } from '../../application/read-workspaces';
import { workspaceMessage } from './views';

const { method } = LifeService;

/** The calls on the life of workspaces. */
@Controller()
export class LifeRpc {
  constructor(
    @Inject(DuplicateWorkspace) private readonly duplicateWorkspace: DuplicateWorkspace,
    @Inject(SuspendWorkspace) private readonly suspendWorkspace: SuspendWorkspace,
    @Inject(RestoreWorkspace) private readonly restoreWorkspace: RestoreWorkspace,
    @Inject(TransferWorkspace) private readonly transferWorkspace: TransferWorkspace,
    @Inject(ReadWorkspaces) private readonly read: ReadWorkspaces,
  ) {}

  @Rpc(method.duplicateWorkspace)
  async duplicate({ workspaceId, name, slug, version, with: besides }: DuplicateWorkspaceRequest, context: CallContext) {
    const stored = await this.duplicateWorkspace.run(context, workspaceId, {
      name,
      withMembers: besides.includes('members'),
      withConfig: besides.includes('config'),
      withFiles: besides.includes('files'),
      ...(slug === '' ? {} : { slug }),
      ...(version === '' ? {} : { version }),
    });
    return { workspace: workspaceMessage(await this.read.view(context, stored)) };
  }

  @Rpc(method.suspendWorkspace)
  async suspend({ workspaceId, suspended, freezes, reason }: SuspendWorkspaceRequest, context: CallContext) {
    const wanted = suspended ? { freezes: freezes as Wanted['freezes'], reason } : undefined;
    const stored = await this.suspendWorkspace.run(context, workspaceId, wanted);
    return { workspace: workspaceMessage(await this.read.view(context, stored)) };
  }

  @Rpc(method.restoreWorkspace)
  async restore({ workspaceId, slug }: RestoreWorkspaceRequest, context: CallContext) {
    const stored = await this.restoreWorkspace.run(context, workspaceId, slug === '' ? undefined : slug);
    return { workspace: workspaceMessage(await this.read.view(context, stored)) };
  }

  @Rpc(method.transferWorkspace)
  async transfer({ workspaceId, memberId }: TransferWorkspaceRequest, context: CallContext) {
    const stored = await this.transferWorkspace.run(context, workspaceId, memberId);
    return { workspace: workspaceMessage(await this.read.view(context, stored)) };
  }
}
