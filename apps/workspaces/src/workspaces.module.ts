import type { Environment, ServiceDefinition, ServiceParts } from '@millrace/service';
import { Module, type DynamicModule, type Provider } from '@nestjs/common';
import { Access } from './application/access';
import { Announce } from './application/announce';
import { CreateWorkspace } from './application/create-workspace';
import { DeleteAutomation } from './application/delete-automation';
import { DeleteWorkspace } from './application/delete-workspace';
import { Drafts } from './application/drafts';
import { Facts } from './application/facts';
import { HandOut } from './application/hand-out';
import { PublishVersion } from './application/publish-version';
import { PutAutomation } from './application/put-automation';
import { ReadAutomations } from './application/read-automations';
import { ReadWorkspaces } from './application/read-workspaces';
import { UpdateWorkspace } from './application/update-workspace';
import { BlobFileStore } from './infrastructure/blob-file-store';
import { DRAFTS, RELEASES, WORKSPACES } from './infrastructure/collections';
import { KeyValueActiveVersions } from './infrastructure/key-value-active-versions';
import { LanguageChecker } from './infrastructure/language-checker';
import { Announcements } from './interface/events/announcements';
import { AutomationsRpc } from './interface/rpc/automations.rpc';
import { ServicesRpc } from './interface/rpc/services.rpc';
import { WorkspacesRpc } from './interface/rpc/workspaces.rpc';

@Module({})
export class WorkspacesModule {
  static async of({ platform, documents, clock, ids }: ServiceParts): Promise<DynamicModule> {
    const workspaces = await documents.collection(WORKSPACES);
    const releases = await documents.collection(RELEASES);
    const drafts = new Drafts(await documents.collection(DRAFTS));
    const active = new KeyValueActiveVersions(await platform.keyValue.bucket('active'));
    const files = new BlobFileStore(platform.blobs);
    const checker = new LanguageChecker();
    const facts = new Facts(clock, ids);
    const access = new Access(workspaces);
    const announce = new Announce(workspaces, releases, active);
    const publish = new PublishVersion({ releases, access, announce, drafts, files, checker, facts, clock, ids });
    return {
      module: WorkspacesModule,
      controllers: [WorkspacesRpc, AutomationsRpc, ServicesRpc],
      providers: [
        as(Access, access),
        as(CreateWorkspace, new CreateWorkspace(workspaces, facts, clock, ids)),
        as(ReadWorkspaces, new ReadWorkspaces(workspaces, releases, access)),
        as(UpdateWorkspace, new UpdateWorkspace(workspaces, access, announce, facts, clock)),
        as(DeleteWorkspace, new DeleteWorkspace(workspaces, access, announce, facts, clock)),
        as(PutAutomation, new PutAutomation({ access, drafts, files, checker, facts, clock })),
        as(ReadAutomations, new ReadAutomations(access, drafts, files, checker)),
        as(DeleteAutomation, new DeleteAutomation(access, drafts, facts)),
        as(PublishVersion, publish),
        as(HandOut, new HandOut(access, drafts, files)),
        as(Announcements, new Announcements(platform.eventLog, announce)),
      ],
    };
  }
}

/** The service as standalone and its own main start it. */
export function workspacesService(_environment?: Environment): ServiceDefinition {
  return { name: 'workspaces', needs: ['eventLog', 'documents', 'blobs'], module: (parts) => WorkspacesModule.of(parts) };
}

function as<T>(token: abstract new (...parts: never[]) => T, instance: T): Provider {
  return { provide: token, useValue: instance };
}
