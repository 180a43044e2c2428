import { create } from '@bufbuild/protobuf';
import { GatewayService, PrincipalSchema } from '@millrace/contracts';
import type { IdentifyRequest } from '@millrace/contracts';
import { DomainError, type Principal } from '@millrace/kernel';
import { Passports, Rpc, type CallContext } from '@millrace/messaging';
import { Controller, Inject } from '@nestjs/common';
import { IdentifyCaller } from '../../application/identify-caller';
import { counted } from '../http/policies/client-address';
import { Memberships } from './memberships';

const { method } = GatewayService;

/** Milliseconds for which a principal that was asked for by token is signed: one socket's first calls. */
const SIGNED_FOR = 30_000;

/** What the gateway answers on the bus: who is calling. */
@Controller()
export class GatewayRpc {
  constructor(
    @Inject(IdentifyCaller) private readonly callers: IdentifyCaller,
    @Inject(Passports) private readonly passports: Passports,
    @Inject(Memberships) private readonly memberships: Memberships,
  ) {}

  @Rpc(method.getMe)
  async getMe(_request: object, context: CallContext) {
    const principal = messageOf(context.principal);
    const { $typeName: _, ...said } = principal;
    return { principal, me: { ...said, ...(await this.memberships.of(context)) } };
  }

  @Rpc(method.identify)
  async identify({ token, address: said }: IdentifyRequest, { principal: caller }: CallContext) {
    if (caller.kind !== 'service') throw onlyServices();
    const address = said === '' ? undefined : said;
    const { principal, expiresAt } = await this.callers.verified(token, { address, place: counted(address) });
    return { principal: messageOf(principal), signed: await this.passports.sign(principal, SIGNED_FOR), expiresAt: BigInt(expiresAt) };
  }
}

function messageOf(principal: Principal) {
  return create(PrincipalSchema, {
    ...principal,
    roles: [...principal.roles],
    scopes: [...(principal.scopes ?? [])],
    workspaces: [...(principal.workspaces ?? [])],
  });
}

function onlyServices(): DomainError {
  return new DomainError(
    'gateway.identify_denied',
    'forbidden',
    'Only services of the platform may ask whom a token speaks for. Use GET /v1/me.',
  );
}
