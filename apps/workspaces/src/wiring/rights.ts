import type { Collection } from '@millrace/documents';
import type { Clock, Ids } from '@millrace/kernel';
import type { Provider } from '@nestjs/common';
import type { Access } from '../application/access';
import type { Facts } from '../application/facts';
import { CheckRules } from '../application/checking/check-rules';
import { CheckWorkspace, type CheckWorkspaceParts } from '../application/checking/check-workspace';
import { DraftFiles } from '../application/checking/draft-files';
import type { Drafts } from '../application/drafts';
import { ManageMembers, type Member } from '../application/members/manage-members';
import type { FileStore } from '../application/ports/file-store';
import type { ReadAutomations } from '../application/read-automations';
import { CheckAccess } from '../application/rights/check-access';
import { ExplainAccess } from '../application/rights/explain-access';
import { ManageRoles } from '../application/rights/manage-roles';
import type { RoleBook } from '../application/rights/role-book';
import type { Standings } from '../application/rights/standings';
import { YamlRuleTests } from '../infrastructure/yaml-rule-tests';
import { DraftsRpc } from '../interface/rpc/drafting/drafts.rpc';
import { MembersRpc } from '../interface/rpc/members.rpc';
import { RightsRpc } from '../interface/rpc/rights.rpc';

export const RIGHTS_RPC = [RightsRpc, MembersRpc, DraftsRpc];

/** What saying who may do what stands on. */
export interface RightsParts {
  readonly books: Collection<RoleBook>;
  readonly members: Collection<Member>;
  readonly standings: Standings;
  readonly access: Access;
  readonly automations: ReadAutomations;
  readonly drafts: Drafts;
  readonly files: FileStore;
  readonly check: CheckWorkspace;
  readonly facts: Facts;
  readonly clock: Clock;
  readonly ids: Ids;
}

/** The use cases of roles, members and what they add up to. */
export function rightsOf(parts: RightsParts): readonly Provider[] {
  const { access, standings, automations, check } = parts;
  return [
    { provide: ManageRoles, useValue: new ManageRoles(parts) },
    { provide: ManageMembers, useValue: new ManageMembers(parts) },
    { provide: CheckAccess, useValue: new CheckAccess(access, automations) },
    { provide: ExplainAccess, useValue: new ExplainAccess(access, standings) },
    { provide: CheckWorkspace, useValue: check },
    { provide: DraftFiles, useValue: new DraftFiles({ ...parts, tests: new YamlRuleTests() }) },
  ];
}

/** What checks a draft, and what publishing asks. */
export function checkOf(parts: Omit<CheckWorkspaceParts, 'rules'>, clock: Clock): CheckWorkspace {
  return new CheckWorkspace({ ...parts, rules: new CheckRules(new YamlRuleTests(), clock) });
}
