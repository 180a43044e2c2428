import { servicePrincipal } from '@millrace/kernel';
import type { LoggedEvent } from '@millrace/messaging';
import { PersonErasures, type Environment, type ServiceDefinition, type ServiceParts } from '@millrace/service';
import { Module, type DynamicModule, type Provider } from '@nestjs/common';
import { Access } from './application/access';
import { AskedConsent } from './application/apps/asked-consent';
import { CheckApps } from './application/apps/check-apps';
import { Announce } from './application/announce';
import { WrittenConfigs } from './application/configuring/written-configs';
import { CreateWorkspace } from './application/create-workspace';
import { DeleteAutomation } from './application/delete-automation';
import { DeleteWorkspace } from './application/delete-workspace';
import { DraftTrees } from './application/drafting/draft-trees';
import { Drafts } from './application/drafts';
import { TidyCredentials } from './application/credentials/tidy-credentials';
import { Facts } from './application/facts';
import { HandOut } from './application/hand-out';
import { ErasePerson, type ErasePersonParts } from './application/leaving/erase-person';
import { JobBook } from './application/jobs/job-book';
import { Invitations } from './application/members/invitations';
import { PublishVersion } from './application/publish-version';
import { PutAutomation } from './application/put-automation';
import { QuotaBook } from './application/quotas/quota-book';
import { WorkspaceRoom } from './application/quotas/workspace-room';
import { ReadAutomations } from './application/read-automations';
import { ReadWorkspaces } from './application/read-workspaces';
import { Entries } from './application/rights/entries';
import { Standings } from './application/rights/standings';
import { SlugAliases } from './application/slug-aliases';
import { UpdateWorkspace } from './application/update-workspace';
import { Photos } from './application/files/photos';
import { APPS_RPC, appsOf, openApps } from './wiring/apps';
import { CREDENTIALS_RPC, credentialsOf, openKeys } from './wiring/credentials';
import { EVENT_TYPES_RPC, eventTypesOf } from './wiring/event-types';
import { workspacesConfig, shownWorkspacesConfig, type WorkspacesConfig } from './config';
import type { Room } from './domain/quotas/room';
import { SCHEMA_VERSIONS } from './infrastructure/event-type-collections';
import { DRAFTING_RPC, draftingOf } from './wiring/drafting';
import { BlobFileStore } from './infrastructure/blob-file-store';
import { CONFIGS, DRAFTS, MEMBERS, RELEASES, ROLES, SLUG_ALIASES, WORKSPACES } from './infrastructure/collections';
import { activeVersionsIn, configRecordsIn, egressRecordsIn, openOriginsIn } from './infrastructure/newest-records';
import { FILES } from './infrastructure/file-collections';
import { QUOTAS } from './infrastructure/quota-collections';
import { HmacSigner } from './infrastructure/vault/hmac-signer';
import { MasterKeys } from './infrastructure/vault/master-keys';
import { LanguageChecker } from './infrastructure/language-checker';
import { Announcements } from './interface/events/announcements';
import { RightsNews } from './interface/events/rights-news';
import { AutomationsRpc } from './interface/rpc/drafting/automations.rpc';
import { ServicesRpc } from './interface/rpc/services.rpc';
import { WorkspacesRpc } from './interface/rpc/workspaces.rpc';
import { KEEPING_RPC, keepingOf } from './wiring/keeping';
import { QUOTAS_RPC, quotasOf } from './wiring/quotas';
import { checkOf, RIGHTS_RPC, rightsOf } from './wiring/rights';
import { openSharing } from './wiring/sharing';
import { WHOLES_RPC, wholesOf } from './wiring/wholes';

/** Milliseconds that erasing somebody may take. */
const PATIENCE = 60_000;

const CONTROLLERS = [
  WorkspacesRpc,
  AutomationsRpc,
  ServicesRpc,
  ...DRAFTING_RPC,
  ...KEEPING_RPC,
  ...CREDENTIALS_RPC,
  ...RIGHTS_RPC,
  ...EVENT_TYPES_RPC,
  ...QUOTAS_RPC,
  ...APPS_RPC,
  ...WHOLES_RPC,
];

@Module({})
export class WorkspacesModule {
  static async of(parts: ServiceParts, config: WorkspacesConfig): Promise<DynamicModule> {
    const { platform, documents, clock, ids } = parts;
    const workspaces = await documents.collection(WORKSPACES);
    const releases = await documents.collection(RELEASES);
    const quotas = new QuotaBook(await documents.collection(QUOTAS));
    const drafts = new Drafts(await documents.collection(DRAFTS), (workspaceId) => quotas.of(workspaceId));
    const active = activeVersionsIn(await platform.keyValue.bucket('active'));
    const origins = openOriginsIn(await platform.keyValue.bucket('origins'));
    const egress = egressRecordsIn(await platform.keyValue.bucket('egress'));
    const files = new BlobFileStore(platform.blobs);
    const checker = new LanguageChecker({ shortestSchedule: config.scheduleMin, largestSource: config.languageMaxSource });
    const [facts, room] = [new Facts(clock, ids), new WorkspaceRoom(workspaces, roomIn(config))];
    const books = await documents.collection(ROLES);
    const members = await documents.collection(MEMBERS);
    const keys = await openKeys(parts);
    const sharing = await openSharing(parts, facts);
    const standings = new Standings(books, members, sharing.held, keys.rules, clock);
    const aliases = new SlugAliases(await documents.collection(SLUG_ALIASES), clock);
    const masters = await MasterKeys.open(platform.keyValue, config.masterKey);
    const invitations = new Invitations({ members, facts, clock, signer: new HmacSigner(masters.derive('invitations')) });
    const entries = new Entries(platform.eventLog, facts);
    const access = new Access({ workspaces, standings, aliases, invitations, shares: sharing.held, entries });
    const apps = await openApps(parts, { access, files });
    const photos = new Photos({ workspaces, apps: apps.apps, files: await documents.collection(FILES), facts, clock });
    const automations = new ReadAutomations(access, drafts, files, checker);
    const configs = new WrittenConfigs(await documents.collection(CONFIGS), configRecordsIn(await platform.keyValue.bucket('configs')));
    const announce = new Announce({ workspaces, releases, active, origins, egress, files, aliases, configs });
    const schemas = await documents.collection(SCHEMA_VERSIONS);
    const eventTypes = eventTypesOf({ access, drafts, files, releases, schemas, facts, clock, ids });
    const checkApps = new CheckApps(apps.mounts, new AskedConsent(apps.catalogue, apps.installations));
    const check = checkOf({ workspaces, access, drafts, files, checker, standings, eventTypes: eventTypes.check, apps: checkApps }, clock);
    const publishing = { releases, access, announce, drafts, files, check, declare: eventTypes.declare, facts, clock, ids };
    return {
      module: WorkspacesModule,
      controllers: CONTROLLERS,
      providers: [
        as(Access, access),
        as(CreateWorkspace, new CreateWorkspace({ workspaces, room, aliases, facts, clock, ids })),
        as(ReadWorkspaces, new ReadWorkspaces({ workspaces, releases, members, drafts, trees: new DraftTrees(files), access, standings })),
        as(UpdateWorkspace, new UpdateWorkspace({ workspaces, photos, aliases, access, announce, facts, clock })),
        as(DeleteWorkspace, new DeleteWorkspace({ workspaces, access, announce, facts, clock, kept: config.deletedSeconds * 1_000 })),
        as(PutAutomation, new PutAutomation({ access, automations, drafts, files, checker, facts, clock })),
        as(ReadAutomations, automations),
        as(DeleteAutomation, new DeleteAutomation(access, automations, drafts, facts)),
        as(PublishVersion, new PublishVersion(publishing)),
        as(HandOut, new HandOut(access, drafts, files, apps.mounts, eventTypes.declare)),
        ...appsOf(parts, apps, { access, drafts, files, releases, facts, photos, workspaces, most: config.appsMost }),
        as(Announcements, new Announcements(platform.eventLog, announce)),
        as(RightsNews, new RightsNews(platform.eventLog, await platform.keyValue.bucket('rights'))),
        ...eventTypes.providers,
        await quotasOf(parts, { access, drafts, workspaces, releases, mounts: apps.mounts, book: quotas, members, books, facts, clock }),
        ...(await draftingOf(parts, { access, drafts, releases, files, checker, check, facts, configs, environment: config.configTexts })),
        ...(await rightsOf(parts, { ...publishing, books, members, standings, sharing, invitations, automations })),
        ...(await wholesOf(parts, { ...publishing, ...apps, workspaces, room, members, books, aliases, configs, egress }, config)),
        ...(await credentialsOf(parts, keys, { access, facts })),
        erasuresOf(parts, { workspaces, members, drafts, tidyShares: sharing.tidy, announce, facts, clock }),
        ...(await keepingOf(parts, { access, drafts, files, facts, photos }, masters)),
      ],
    };
  }
}

/** The service as standalone and its own main start it. */
export function workspacesService(environment: Environment = {}): ServiceDefinition {
  const config = workspacesConfig(environment);
  return {
    name: 'workspaces',
    needs: ['eventLog', 'documents', 'blobs'],
    settings: shownWorkspacesConfig(environment),
    module: (parts) => WorkspacesModule.of(parts, config),
  };
}

function roomIn({ workspacesCreatedBy: createdBy, workspacesOwned: owned, workspacesMost: all }: WorkspacesConfig): Room {
  return { createdBy, owned, all };
}

/** Who has left is erased here, credentials and all. */
function erasuresOf({ platform, clock, ids }: ServiceParts, shared: Omit<ErasePersonParts, 'credentials' | 'jobs'>): Provider {
  return {
    provide: PersonErasures,
    inject: [TidyCredentials, JobBook],
    useFactory: (credentials: TidyCredentials, jobs: ErasePersonParts['jobs']) => {
      const erasePerson = new ErasePerson({ ...shared, credentials, jobs });
      const erase = (user: string, { id, correlationId }: LoggedEvent): Promise<Record<string, number>> =>
        erasePerson.run(
          { principal: servicePrincipal('workspaces'), correlationId, causationId: id, deadline: clock.now() + PATIENCE },
          user,
        );
      return new PersonErasures({ service: 'workspaces', eventLog: platform.eventLog, clock, ids, erase });
    },
  };
}

function as<T>(token: abstract new (...parts: never[]) => T, instance: T): Provider {
  return { provide: token, useValue: instance };
}
