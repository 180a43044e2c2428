import type { MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { BUILT_IN_ROLES, type Rule } from '@millrace/auth';
import type { PutRoleRequest, RoleRule, RoleSchema } from '@millrace/contracts';
import type { ExplainedAccess } from '../../../application/rights/explain-access';
import type { SaidRole } from '../../../application/rights/manage-roles';
import type { Role, RoleBook, RoleClaim } from '../../../application/rights/role-book';

type RoleMessage = MessageInitShape<typeof RoleSchema>;

/** Every role of a workspace: the built-in ones, the least powerful first, then its own by name. */
export function roleMessages({ roles }: RoleBook): RoleMessage[] {
  const builtIn = Object.entries(BUILT_IN_ROLES).map(([name, rules]) => ({ name, builtIn: true, rules: rules.map(ruleMessage) }));
  const own = Object.entries(roles).sort(([a], [b]) => (a < b ? -1 : 1));
  return [...builtIn, ...own.map(([name, role]) => roleMessage(name, role))];
}

export function roleMessage(name: string, { title, rules, inherits, claims, revision, updatedBy, updatedAt }: Role): RoleMessage {
  return {
    ...{ name, title, updatedBy },
    rules: rules.map(ruleMessage),
    inherits: [...inherits],
    grants: claims.map((claim) => ({ ...claim })),
    updatedAt: timestampFromMs(updatedAt),
    etag: String(revision),
  };
}

/** What a request says of a role; the checks of the schema have let it through. */
export function saidRole({ title, rules, inherits, grants }: PutRoleRequest): SaidRole {
  return { title, inherits, rules: rules.map(ruleOf), claims: grants.map(claimOf) };
}

export function explanationMessage({ decision, why, roles, rules, winner, query }: ExplainedAccess) {
  return {
    ...{ decision, why, query, roles: [...roles] },
    rules: rules.map(({ rule, outcome, why: because }, index) => ({
      ...{ outcome, why: because, role: rule.role ?? '', share: rule.share ?? '', decides: index === winner },
      rule: ruleMessage(rule),
    })),
  };
}

/** One sentence of what somebody may, as callers see it. */
export function ruleMessage(rule: Rule) {
  const { on, where = '', fields = [], reason = '', onDuplicate = '' } = rule;
  const [allow, deny] = 'deny' in rule ? [[], rule.deny] : [rule.allow, []];
  return { allow: [...allow], deny: [...deny], on: [...on], where, fields: [...fields], reason, onDuplicate };
}

/** One sentence as it was said; the checks of the schema have let it through. */
export function ruleOf({ allow, deny, on, where, fields, reason, onDuplicate }: RoleRule): Rule {
  const reach = {
    on,
    ...(where === '' ? {} : { where }),
    ...(fields.length === 0 ? {} : { fields }),
    ...(reason === '' ? {} : { reason }),
    ...(onDuplicate === '' ? {} : { onDuplicate: 'drop' as const }),
  };
  return deny.length > 0 ? { deny, ...reach } : { allow, ...reach };
}

function claimOf({ claim, equals, contains, prefix }: PutRoleRequest['grants'][number]): RoleClaim {
  return {
    claim,
    ...(equals === '' ? {} : { equals }),
    ...(contains === '' ? {} : { contains }),
    ...(prefix === '' ? {} : { prefix }),
  };
}
