import { Clock } from '@millrace/kernel';
import { Passports } from '@millrace/messaging';
import { Health } from '@millrace/observability';
import type { Environment, ServiceDefinition, ServiceParts } from '@millrace/service';
import { Module, type DynamicModule } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyAdapter } from '@nestjs/platform-fastify';
import { FindEventInstance } from './application/find-event-instance';
import { IdentifyCaller } from './application/identify-caller';
import { SealedCursors } from './application/cursors/sealed-cursors';
import { RepeatedCalls } from './application/repeats/repeated-calls';
import { EventInstances } from './application/ports/event-instances';
import { Tokens } from './application/ports/tokens';
import { gatewayConfig, type GatewayConfig } from './config';
import { openIdentity, type OpenIdentity } from './infrastructure/identity/open-identity';
import { KeyValueEventInstances } from './infrastructure/key-value-event-instances';
import { KeyValueCallRecords } from './infrastructure/repeats/key-value-call-records';
import { AesSeal } from './infrastructure/sealing/aes-seal';
import type { FirstSignIn } from './infrastructure/issuer';
import { callRoutes } from './interface/http/calls/call-route';
import { Calls } from './interface/http/calls/calls';
import { Paging } from './interface/http/calls/paging';
import { PUBLIC_SERVICES } from './interface/http/calls/public-services';
import { Repeats } from './interface/http/calls/repeats';
import { Door } from './interface/http/door/door';
import { Endpoints } from './interface/http/endpoints/endpoints';
import { Results } from './interface/http/endpoints/results';
import { openApiDocument } from './interface/http/openapi/openapi-document';
import { OpenApiController, OpenApiText } from './interface/http/openapi/openapi.controller';
import { HealthController } from './interface/http/pages/health.controller';
import { SchemaBase, SchemasController } from './interface/http/pages/schemas.controller';
import { SecurityContact, SecurityController } from './interface/http/pages/security.controller';
import { ProblemsController } from './interface/http/problems/problems.controller';
import { PublicRoutes } from './interface/http/public-routes';
import { RealmDoor } from './interface/http/realm-door';
import type { Routes } from './interface/http/routes';
import { GatewayRpc } from './interface/rpc/gateway.rpc';
import { SocketRequests } from './interface/sockets/socket-requests';
import { Sockets } from './interface/sockets/sockets';
import { isSocketUpgrade } from './interface/sockets/upgrades';

export interface GatewayOptions {
  /** Told how the first person gets in, at the first start with the embedded identity provider. Kept nowhere else. */
  readonly onFirstSignIn?: (first: FirstSignIn) => void;
}

/** The gateway, and where the world finds it. */
export interface GatewayDefinition extends ServiceDefinition {
  readonly publicUrl: string;
}

@Module({})
export class GatewayModule {
  static async of(parts: ServiceParts, config: GatewayConfig, options: GatewayOptions): Promise<DynamicModule> {
    const { bus, clock, ids, log, metrics, health, passports, documents, platform } = parts;
    const identity = await openIdentity(config, { keyValue: platform.keyValue, documents, clock, ids, log });
    if (identity.firstSignIn !== undefined) options.onFirstSignIn?.(identity.firstSignIn);
    const callers = new IdentifyCaller(identity.tokens, config.issuerUrl);
    const instances = await KeyValueEventInstances.open(platform.keyValue, log);
    const requests = new SocketRequests({ find: new FindEventInstance(instances), callers, passports, origins: config.origins });
    const calls = callRoutes(PUBLIC_SERVICES);
    const seal = await AesSeal.open(await platform.keyValue.bucket('cursors'));
    const records = new KeyValueCallRecords(await platform.keyValue.bucket('idempotency'), seal);
    const repeats = new Repeats(new RepeatedCalls({ records, clock, log }));
    const paging = new Paging(new SealedCursors(seal, clock));
    const routes = [
      new Calls({ routes: calls, callers, repeats, paging, bus, clock }),
      new Endpoints({ callers, bus, clock, log }),
      new Results({ callers, bus, clock, log }),
      new Sockets(requests, metrics),
      ...realmOf(config, identity),
    ];
    return {
      module: GatewayModule,
      controllers: [GatewayRpc, HealthController, OpenApiController, ProblemsController, SchemasController, SecurityController],
      providers: [
        { provide: EventInstances, useValue: instances },
        { provide: Tokens, useValue: identity.tokens },
        { provide: Passports, useValue: passports },
        { provide: SchemaBase, useValue: new SchemaBase(config.publicUrl) },
        { provide: Health, useValue: health },
        { provide: Clock, useValue: clock },
        { provide: OpenApiText, useValue: new OpenApiText(JSON.stringify(openApiDocument(calls))) },
        { provide: SecurityContact, useValue: new SecurityContact(config.securityContact) },
        {
          provide: PublicRoutes,
          inject: [HttpAdapterHost],
          useFactory: (host: HttpAdapterHost<FastifyAdapter>) => new PublicRoutes(host, routes),
        },
      ],
    };
  }
}

/** The service as standalone and its own main start it. */
export function gatewayService(environment: Environment, options: GatewayOptions = {}): GatewayDefinition {
  const config = gatewayConfig(environment);
  const { host, port, publicUrl, origins } = config;
  return {
    name: 'gateway',
    // The embedded provider keeps whom it knows; an external one does so elsewhere.
    needs: config.identity === 'embedded' ? ['documents'] : [],
    publicUrl,
    module: (parts) => GatewayModule.of(parts, config, options),
    http: {
      host,
      port,
      adapter: ({ log, metrics, ids }) =>
        new Door({ host, port, publicUrl, origins, log, metrics, mintRequestId: () => ids.mint('req'), shouldUpgrade: isSocketUpgrade }),
    },
  };
}

function realmOf({ issuerUrl }: GatewayConfig, { issuer }: OpenIdentity): readonly Routes[] {
  return issuer === undefined ? [] : [new RealmDoor(new URL(issuerUrl).pathname, issuer)];
}
