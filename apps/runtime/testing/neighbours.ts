import { createHash } from 'node:crypto';
import { BUILT_IN_ROLES, type BuiltInRole, type Rule } from '@millrace/auth';
import { WorkspacesService, type FetchDraftRequest, type FetchModelRequest, type GetGrantsRequest } from '@millrace/contracts';
import { DomainError } from '@millrace/kernel';
import { Rpc, type CallContext } from '@millrace/messaging';
import type { Platform, ServiceDefinition } from '@millrace/service';
import { Controller, Inject, Module } from '@nestjs/common';

const { method } = WorkspacesService;

/** Automations by slug. */
export type Sources = Readonly<Record<string, string>>;

/** What the service of workspaces would know: versions and drafts by workspace, and who has which role in all of them. */
export class Neighbourhood {
  readonly versions = new Map<string, Sources>();
  /** Every version there was, by its digest. */
  readonly models = new Map<string, Sources>();
  readonly drafts = new Map<string, Sources>();
  readonly roles: Readonly<Record<string, BuiltInRole>> = { ada: 'owner', olga: 'operator', vera: 'viewer' };
  /** Who has rules instead of a role. */
  readonly rules = new Map<string, readonly Rule[]>();
}

/** Answers for the service of workspaces. Whoever has no role is a stranger. */
@Controller()
class Neighbours {
  constructor(@Inject(Neighbourhood) private readonly known: Neighbourhood) {}

  @Rpc(method.getGrants)
  async getGrants({ workspaceId }: GetGrantsRequest, { principal }: CallContext) {
    const role = this.known.roles[principal.id];
    const rules = this.known.rules.get(principal.id) ?? (role === undefined ? undefined : BUILT_IN_ROLES[role]);
    if (rules === undefined || !this.known.versions.has(workspaceId)) {
      throw new DomainError('workspaces.not_found', 'not-found', `There is no workspace "${workspaceId}".`);
    }
    return { workspaceId, slug: workspaceId, roles: role === undefined ? [] : [role], grants: rules.map(grantOf) };
  }

  @Rpc(method.fetchModel)
  async *fetchModel({ digest }: FetchModelRequest) {
    yield* filesOf(this.known.models.get(digest));
  }

  @Rpc(method.fetchDraft)
  async *fetchDraft({ workspaceId }: FetchDraftRequest) {
    yield* filesOf(this.known.drafts.get(workspaceId));
  }
}

@Module({})
class NeighboursModule {}

/** The service of workspaces, as far as the runtime asks it. `before`: what happened before the runtime starts. */
export function neighbours(known: Neighbourhood, before: (platform: Platform) => Promise<void>): ServiceDefinition {
  return {
    name: 'workspaces',
    module: async ({ platform }) => {
      await before(platform);
      return { module: NeighboursModule, controllers: [Neighbours], providers: [{ provide: Neighbourhood, useValue: known }] };
    },
  };
}

/** The digest of a version with these automations, as the service of workspaces gives it. */
export function digestOf(sources: Sources): string {
  const sha = (text: string): string => createHash('sha256').update(text).digest('hex');
  const files = Object.entries(sources).map(([slug, text]) => ({ path: `automations/${slug}.yaml`, text }));
  const sorted = files.sort((a, b) => (a.path < b.path ? -1 : 1));
  return sha(sorted.map(({ path, text }) => `${sha(text)} ${Buffer.byteLength(text)} ${path}\n`).join(''));
}

function filesOf(sources: Sources = {}) {
  return Object.entries(sources).map(([slug, text]) => ({ path: `automations/${slug}.yaml`, text }));
}

function grantOf(rule: Rule) {
  const actions = 'allow' in rule ? rule.allow : rule.deny;
  return { deny: 'deny' in rule, actions: [...actions], subjects: [...rule.on], where: rule.where ?? '' };
}
