import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { GatewayService, WorkspacesService, type GetGrantsRequest, type IdentifyRequest } from '@millrace/contracts';
import { DomainError } from '@millrace/kernel';
import { Rpc, type CallContext, type Passports } from '@millrace/messaging';
import type { ServiceDefinition } from '@millrace/service';
import { person } from '@millrace/testing';
import { Controller, Inject, Module } from '@nestjs/common';

const PASSPORTS = Symbol('passports');
/** Milliseconds. */
const MOMENT = 1_000;

const GRANTS: Readonly<Record<string, readonly { readonly actions: string[]; readonly subjects: string[] }[]>> = {
  ada: [{ actions: ['manage'], subjects: ['events', 'topics'] }],
  vera: [{ actions: ['read'], subjects: ['events'] }],
  uma: [{ actions: ['read'], subjects: ['events'] }],
  tom: [{ actions: ['read', 'join'], subjects: ['topics'] }],
};

/** What workspaces and the gateway would say: `ada` may everything, `vera` may read, `uma` for a moment, `tom` may join topics, others are strangers; a token is a person's name. */
@Controller()
class Neighbours {
  constructor(@Inject(PASSPORTS) private readonly passports: Passports) {}

  @Rpc(WorkspacesService.method.getGrants)
  async getGrants({ workspaceId }: GetGrantsRequest, { principal }: CallContext) {
    const grants = GRANTS[principal.id];
    if (grants === undefined || !['ws_1', 'hotel'].includes(workspaceId)) {
      throw new DomainError('workspaces.not_found', 'not-found', `There is no workspace "${workspaceId}".`);
    }
    const until = principal.id === 'uma' ? { until: timestampFromMs(Date.now() + MOMENT) } : {};
    return { workspaceId: 'ws_1', slug: 'hotel', grants: [...grants], ...until };
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
