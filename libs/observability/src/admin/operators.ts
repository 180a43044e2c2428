import { hash, timingSafeEqual } from 'node:crypto';
import type { Principal, PrincipalKind } from '@millrace/kernel';
import type { AdminAnswer } from './administered';

/** Says whom an access token speaks for; rejects when it speaks for nobody, or nobody can tell at the moment. */
export type IdentifyOperator = (token: string) => Promise<Principal>;

/** Who may use a route of the admin port: everyone who reaches it, who operates the platform, or who owns it. */
export type Access = 'open' | 'operator' | 'admin';

/** Whoever was let in, for the records. */
export interface Operator {
  readonly kind: PrincipalKind;
  readonly id: string;
}

const ROLES: Readonly<Record<Exclude<Access, 'open'>, readonly string[]>> = {
  operator: ['platform-operator', 'platform-admin'],
  admin: ['platform-admin'],
};
const TOKEN_HOLDER: Operator = { kind: 'service', id: 'admin-token' };

/** Lets in who has the admin token of the process, or an access token of somebody with the role. */
export class Operators {
  private identify?: IdentifyOperator;

  constructor(private readonly token: string | undefined) {}

  /** From now on access tokens count, too. */
  identifyBy(identify: IdentifyOperator): void {
    this.identify = identify;
  }

  /** Who it is, or the answer to give instead. */
  async admit(authorization: string | undefined, access: Exclude<Access, 'open'>): Promise<Operator | AdminAnswer> {
    const given = /^Bearer (\S+)$/.exec(authorization ?? '')?.[1];
    if (this.token === undefined && this.identify === undefined) return refusal(403, 'Set MILLRACE_ADMIN_TOKEN to use this route.');
    if (given === undefined)
      return refusal(401, 'This route wants "Authorization: Bearer <token>": MILLRACE_ADMIN_TOKEN, or an operator’s access token.');
    if (this.token !== undefined && isSame(given, this.token)) return TOKEN_HOLDER;
    return this.byRole(given, access);
  }

  private async byRole(token: string, access: Exclude<Access, 'open'>): Promise<Operator | AdminAnswer> {
    const principal = await this.identify?.(token).catch(() => undefined);
    if (principal === undefined) return refusal(401, 'The token is not the admin token, and no access token that can be checked now.');
    // A credential for some things alone is for none here, whosever it is.
    if (principal.scopes !== undefined || principal.workspaces !== undefined)
      return refusal(403, 'This route wants a token without scopes.');
    if (principal.roles.some((role) => ROLES[access].includes(role))) return principal;
    return refusal(403, `This route is for ${ROLES[access].join(' and ')}.`);
  }
}

function refusal(status: number, detail: string): AdminAnswer {
  return { status, body: { detail } };
}

/** Takes as long for any two texts, so that time tells nothing of the token. */
function isSame(given: string, wanted: string): boolean {
  return timingSafeEqual(hash('sha256', given, 'buffer'), hash('sha256', wanted, 'buffer'));
}
