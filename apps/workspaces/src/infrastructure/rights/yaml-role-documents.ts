import type { Rule } from '@millrace/auth';
import { parseDocument } from 'yaml';
import { z } from 'zod';
import type { SaidRole } from '../../application/rights/manage-roles';
import { RoleDocuments } from '../../application/rights/ports/role-documents';
import { isBuiltIn, roleInvalid, type RoleClaim } from '../../application/rights/role-book';
import { BEYOND_MEASURE, plainOf } from '../plain-yaml';

const words = (longest: number) => z.array(z.string().min(1).max(longest)).max(50);
const rule = z
  .strictObject({
    allow: words(110).default([]),
    deny: words(110).default([]),
    on: words(40).min(1),
    where: z.string().max(4096).default(''),
    fields: z
      .array(
        z
          .string()
          .max(256)
          .regex(/^[^.]+(\.[^.]+)*$/),
      )
      .max(50)
      .default([]),
    reason: z.string().max(500).default(''),
    onDuplicate: z.literal('drop').optional(),
  })
  .refine(({ allow, deny }) => (allow.length === 0) !== (deny.length === 0), 'A rule allows or denies, one of the two.');
const text = z.string().min(1).max(256).optional();
const grant = z
  .strictObject({ claim: z.string().min(1).max(100), equals: text, contains: text, prefix: text })
  .refine(({ equals, contains, prefix }) => [equals, contains, prefix].filter((one) => one !== undefined).length === 1, {
    error: 'Say one of equals, contains and prefix.',
  });
const role = z.strictObject({
  title: z.string().max(100).default(''),
  rules: z.array(rule).max(100).default([]),
  inherits: z.array(z.string().min(1)).max(20).default([]),
  grants: z.array(grant).max(20).default([]),
});
const name = z.string().regex(/^[a-z][a-z0-9-]{1,38}[a-z0-9]$/);
const roles = z.record(name, role.nullable()).nullable();

/** Roles as YAML: each under its name, in the words of `PUT /v1/workspaces/{w}/roles/{role}`. */
export class YamlRoleDocuments extends RoleDocuments {
  override read(source: string): Readonly<Record<string, SaidRole>> {
    const read = roles.safeParse(dataIn(source));
    if (!read.success) {
      const [issue] = read.error.issues;
      throw roleInvalid(`/${issue?.path.join('/') ?? ''}`, `/${issue?.path.join('/') ?? ''}: ${issue?.message ?? ''}`);
    }
    const said = Object.entries(read.data ?? {}).map(([each, written]) => [each, saidRole(written ?? role.parse({}))] as const);
    return Object.fromEntries(said.filter(([each, one]) => !isBuiltIn(each) || !isSilent(one)));
  }
}

/** What others call roles that every workspace has here says nothing of them. */
function isSilent({ rules, inherits, claims }: SaidRole): boolean {
  return rules.length + inherits.length + claims.length === 0;
}

function saidRole({ title, rules, inherits, grants }: z.infer<typeof role>): SaidRole {
  return { title, inherits, rules: rules.map(ruleOf), claims: grants.map(claimOf) };
}

function ruleOf({ allow, deny, on, where, fields, reason, onDuplicate }: z.infer<typeof rule>): Rule {
  const reach = {
    on,
    ...(where === '' ? {} : { where }),
    ...(fields.length === 0 ? {} : { fields }),
    ...(reason === '' ? {} : { reason }),
    ...(onDuplicate === undefined ? {} : { onDuplicate }),
  };
  return deny.length > 0 ? { deny, ...reach } : { allow, ...reach };
}

function claimOf({ claim, equals, contains, prefix }: z.infer<typeof grant>): RoleClaim {
  return {
    claim,
    ...(equals === undefined ? {} : { equals }),
    ...(contains === undefined ? {} : { contains }),
    ...(prefix === undefined ? {} : { prefix }),
  };
}

function dataIn(source: string): unknown {
  const document = parseDocument(source, { uniqueKeys: true, version: '1.2', merge: false, logLevel: 'silent' });
  const [broken] = document.errors;
  if (broken !== undefined) throw roleInvalid('', broken.message);
  const value = plainOf(document);
  if (value === undefined) throw roleInvalid('', BEYOND_MEASURE);
  return value;
}
