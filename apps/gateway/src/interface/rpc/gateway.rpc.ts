import { create } from '@bufbuild/protobuf';
import { GatewayService, PrincipalSchema } from '@millrace/contracts';
import { DomainError, type Principal } from '@millrace/kernel';
import { Passports, Rpc, type CallContext } from '@millrace/messaging';
import { Controller, Inject } from '@nestjs/common';
import { IdentifyCaller } from '../../application/identify-caller';

const { method } = GatewayService;

/** Milliseconds for which a principal that was asked for by token is signed: one socket's first calls. */
const SIGNED_FOR = 30_000;

/** What the gateway answers on the bus: who is calling. */
@Controller()
export class GatewayRpc {
  constructor(
    @Inject(IdentifyCaller) private readonly callers: IdentifyCaller,
    @Inject(Passports) private readonly passports: Passports,
  ) {}

  @Rpc(method.getMe)
  async getMe(_request: object, { principal }: CallContext) {
    return { principal: messageOf(principal) };
  }

  @Rpc(method.identify)
  async identify({ token }: { token: string }, { principal: caller }: CallContext) {
    if (caller.kind !== 'service') throw onlyServices();
    const { principal, expiresAt } = await this.callers.verified(token);
    return { principal: messageOf(principal), signed: await this.passports.sign(principal, SIGNED_FOR), expiresAt: BigInt(expiresAt) };
  }
}

function messageOf(principal: Principal) {
  return create(PrincipalSchema, { ...principal, roles: [...principal.roles] });
}

function onlyServices(): DomainError {
  return new DomainError(
    'gateway.identify_denied',
    'forbidden',
    'Only services of the platform may ask whom a token speaks for. Use GET /v1/me.',
  );
}
