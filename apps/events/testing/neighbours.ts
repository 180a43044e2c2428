import { GatewayService, WorkspacesService, type GetGrantsRequest, type IdentifyRequest } from '@millrace/contracts';
import { DomainError } from '@millrace/kernel';
import { Rpc, type CallContext, type Passports } from '@millrace/messaging';
import type { ServiceDefinition } from '@millrace/service';
import { person } from '@millrace/testing';
import { Controller, Inject, Module } from '@nestjs/common';

const PASSPORTS = Symbol('passports');

/** What workspaces and the gateway would say: `ada` may everything, `vera` may read, others are strangers; a token is a person's name. */
@Controller()
class Neighbours {
  constructor(@Inject(PASSPORTS) private readonly passports: Passports) {}

  @Rpc(WorkspacesService.method.getGrants)
  async getGrants({ workspaceId }: GetGrantsRequest, { principal }: CallContext) {
    const known = ['ada', 'vera'].includes(principal.id) && ['ws_1', 'hotel'].includes(workspaceId);
    if (!known) throw new DomainError('workspaces.not_found', 'not-found', `There is no workspace "${workspaceId}".`);
    const actions = principal.id === 'ada' ? ['manage'] : ['read'];
    return { workspaceId: 'ws_1', slug: 'hotel', grants: [{ actions, subjects: ['events'] }] };
  }

  @Rpc(WorkspacesService.method.listWorkspaces)
  async listWorkspaces(_: object, { principal }: CallContext) {
    return { items: ['ada', 'vera'].includes(principal.id) ? [{ id: 'ws_1', slug: 'hotel' }] : [] };
  }

  @Rpc(GatewayService.method.identify)
  async identify({ token }: IdentifyRequest) {
    if (token === 'bad') throw new DomainError('auth.token_invalid', 'unauthenticated', 'This token is none of ours.');
    const [id = '', life] = token.split(':');
    const expiresAt = life === undefined ? 0n : BigInt(Date.now() + Number(life));
    return { principal: { kind: 'user', id }, signed: await this.passports.sign(person(id), 60_000), expiresAt };
  }
}

@Module({})
class NeighboursModule {}

/** The services around this one, as far as it asks them. */
export const neighbours: ServiceDefinition = {
  name: 'gateway',
  module: async ({ passports }) => ({
    module: NeighboursModule,
    controllers: [Neighbours],
    providers: [{ provide: PASSPORTS, useValue: passports }],
  }),
};
