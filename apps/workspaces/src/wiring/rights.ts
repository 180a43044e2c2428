import type { Collection } from '@millrace/documents';
import type { Clock, Ids } from '@millrace/kernel';
import type { ServiceParts } from '@millrace/service';
import type { Provider } from '@nestjs/common';
import type { Access } from '../application/access';
import type { Facts } from '../application/facts';
import { CheckRules } from '../application/checking/check-rules';
import { CheckWorkspace, type CheckWorkspaceParts } from '../application/checking/check-workspace';
import { DraftFiles } from '../application/checking/draft-files';
import type { Drafts } from '../application/drafts';
import { FileAccess } from '../application/files/file-access';
import { AcceptInvitation } from '../application/members/accept-invitation';
import { Invitations } from '../application/members/invitations';
import { ManageMembers, type Member } from '../application/members/manage-members';
import { SweepInvitations } from '../application/members/sweep-invitations';
import type { FileStore } from '../application/ports/file-store';
import type { ReadAutomations } from '../application/read-automations';
import { CheckAccess } from '../application/rights/check-access';
import { ExplainAccess } from '../application/rights/explain-access';
import { ManageRoles } from '../application/rights/manage-roles';
import type { RoleBook } from '../application/rights/role-book';
import type { Standings } from '../application/rights/standings';
import { FILES } from '../infrastructure/file-collections';
import { YamlRuleTests } from '../infrastructure/yaml-rule-tests';
import { DraftsRpc } from '../interface/rpc/drafting/drafts.rpc';
import { MembersRpc } from '../interface/rpc/rights/members.rpc';
import { RightsRpc } from '../interface/rpc/rights/rights.rpc';
import { Sweeps } from '../interface/timers/sweeps';
import { SHARING_RPC, sharingOf, type Sharing } from './sharing';

const MINUTE = 60_000;

/** The sweep of invitations that nobody accepted. */
const UNACCEPTED = Symbol('what nobody accepted');

export const RIGHTS_RPC = [RightsRpc, MembersRpc, DraftsRpc, ...SHARING_RPC];

/** What saying who may do what stands on. */
export interface RightsParts {
  readonly books: Collection<RoleBook>;
  readonly members: Collection<Member>;
  readonly standings: Standings;
  readonly access: Access;
  readonly invitations: Invitations;
  readonly sharing: Sharing;
  readonly automations: ReadAutomations;
  readonly drafts: Drafts;
  readonly files: FileStore;
  readonly check: CheckWorkspace;
  readonly facts: Facts;
  readonly clock: Clock;
  readonly ids: Ids;
}

/** The use cases of roles, members and what they add up to. */
export async function rightsOf(service: ServiceParts, parts: RightsParts): Promise<readonly Provider[]> {
  const { access, invitations, standings, automations, check } = parts;
  const sweep = new SweepInvitations(parts);
  const fileAccess = new FileAccess(await service.documents.collection(FILES), access, parts.clock);
  const chore = { period: MINUTE, failed: 'Invitations whose time is over could not be swept.', work: () => sweep.run() };
  return [
    { provide: ManageRoles, useValue: new ManageRoles(parts) },
    { provide: ManageMembers, useValue: new ManageMembers({ ...parts, tidyShares: parts.sharing.tidy }) },
    { provide: Invitations, useValue: invitations },
    { provide: AcceptInvitation, useValue: new AcceptInvitation(invitations, access, standings) },
    { provide: UNACCEPTED, useValue: new Sweeps([chore], service.log) },
    { provide: CheckAccess, useValue: new CheckAccess(access, automations, fileAccess) },
    { provide: ExplainAccess, useValue: new ExplainAccess(access, standings) },
    { provide: CheckWorkspace, useValue: check },
    ...(await sharingOf(service, parts.sharing, parts)),
    { provide: DraftFiles, useValue: new DraftFiles({ ...parts, tests: new YamlRuleTests() }) },
  ];
}

/** What checks a draft, and what publishing asks. */
export function checkOf(parts: Omit<CheckWorkspaceParts, 'rules'>, clock: Clock): CheckWorkspace {
  return new CheckWorkspace({ ...parts, rules: new CheckRules(new YamlRuleTests(), clock) });
}
