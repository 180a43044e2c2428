import { StagedBlobs } from '@millrace/blobs';
import { permissionOf } from '@millrace/contracts';
import { Clock } from '@millrace/kernel';
import { Passports } from '@millrace/messaging';
import { Health, type Surface } from '@millrace/observability';
import type { Environment, ServiceDefinition, ServiceParts } from '@millrace/service';
import { Module, type DynamicModule } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyAdapter } from '@nestjs/platform-fastify';
import { FindEventInstance } from './application/find-event-instance';
import { KnownCredentials } from './application/credentials/known-credentials';
import { WrongCredentials } from './application/credentials/wrong-credentials';
import { SealedCursors } from './application/cursors/sealed-cursors';
import { RepeatedCalls } from './application/repeats/repeated-calls';
import { ReadServices } from './application/operating/read-services';
import { EventInstances } from './application/ports/event-instances';
import { OpenOrigins } from './application/ports/open-origins';
import { Revocations } from './application/ports/revocations';
import { gatewayConfig, shownGatewayConfig, type GatewayConfig } from './config';
import { BusCredentialKeeper } from './infrastructure/credentials/bus-credential-keeper';
import { openIdentity, type OpenIdentity } from './infrastructure/identity/open-identity';
import { KeyValueEventInstances } from './infrastructure/key-value-event-instances';
import { KeyValueOpenOrigins } from './infrastructure/key-value-open-origins';
import { KeyValueRevocations } from './infrastructure/key-value-revocations';
import { KeyValueRunningServices } from './infrastructure/operating/key-value-running-services';
import { KeyValueCallRecords } from './infrastructure/repeats/key-value-call-records';
import { AesSeal } from './infrastructure/sealing/aes-seal';
import type { FirstSignIn } from './infrastructure/issuer';
import { CredentialNews } from './interface/events/credential-news';
import { callRoutes, type CallRoute } from './interface/http/calls/call-route';
import { Calls } from './interface/http/calls/calls';
import { Paging } from './interface/http/calls/paging';
import { PUBLIC_SERVICES } from './interface/http/calls/public-services';
import { Repeats } from './interface/http/calls/repeats';
import { Door } from './interface/http/door/door';
import { Origins } from './interface/http/origins';
import { EndpointOrigin } from './interface/http/door/endpoint-origin';
import type { DescribedApi } from './interface/http/docs/described-api';
import { docsPage } from './interface/http/docs/docs-page';
import { DocsController, DocsText } from './interface/http/docs/docs.controller';
import { Endpoints } from './interface/http/endpoints/endpoints';
import { Results } from './interface/http/endpoints/results';
import { CloudEvents } from './interface/http/cloud-events/cloud-events';
import { EventExports } from './interface/http/exports/event-exports';
import { Downloads } from './interface/http/files/downloads';
import { Uploads } from './interface/http/files/uploads';
import { Assets } from './interface/http/exchange/assets';
import { Exports } from './interface/http/exchange/exports';
import { Imports } from './interface/http/exchange/imports';
import { HAND_ROUTES } from './interface/http/hand-routes/all';
import { openApiDocument } from './interface/http/openapi/openapi-document';
import { OpenApiController, OpenApiText } from './interface/http/openapi/openapi.controller';
import { HealthController } from './interface/http/pages/health.controller';
import { SchemaBase, SchemasController } from './interface/http/pages/schemas.controller';
import { ResourceController, TokenIssuer } from './interface/http/pages/resource.controller';
import { SecurityContact, SecurityController } from './interface/http/pages/security.controller';
import { ProblemsController } from './interface/http/problems/problems.controller';
import { PublicRoutes } from './interface/http/public-routes';
import { RealmDoor } from './interface/http/realm-door';
import type { Routes } from './interface/http/routes';
import { GatewayRpc } from './interface/rpc/gateway.rpc';
import { ErasuresRpc } from './interface/rpc/erasures.rpc';
import { ServicesRpc } from './interface/rpc/services.rpc';
import { SessionsRpc } from './interface/rpc/sessions.rpc';
import { EventStreams } from './interface/sockets/event-streams';
import { SocketRequests } from './interface/sockets/socket-requests';
import { Sockets } from './interface/sockets/sockets';
import { isSocketUpgrade } from './interface/sockets/upgrades';
import { openPolicies, type OpenPolicies } from './policies.module';
import { openSessions } from './sessions.module';

export interface GatewayOptions {
  /** Told how the first person gets in, at the first start with the embedded identity provider. Kept nowhere else. */
  readonly onFirstSignIn?: (first: FirstSignIn) => void;
}

/** With what the door and the module share. */
interface ModuleOptions extends GatewayOptions {
  readonly origins: Origins;
}

/** The gateway, and where the world finds it. */
export interface GatewayDefinition extends ServiceDefinition {
  readonly publicUrl: string;
}

const CONTROLLERS = [
  GatewayRpc,
  ServicesRpc,
  SessionsRpc,
  ErasuresRpc,
  HealthController,
  OpenApiController,
  DocsController,
  ProblemsController,
  SchemasController,
  SecurityController,
  ResourceController,
];

@Module({})
export class GatewayModule {
  static async of(parts: ServiceParts, config: GatewayConfig, { origins, ...options }: ModuleOptions): Promise<DynamicModule> {
    const { clock, ids, log, metrics, health, passports, documents, platform } = parts;
    const identity = await openIdentity(config, { keyValue: platform.keyValue, documents, clock, ids, log });
    if (identity.firstSignIn !== undefined) options.onFirstSignIn?.(identity.firstSignIn);
    const revocations = await KeyValueRevocations.open(platform.keyValue, log);
    const calls = callsOf(parts.surface);
    const held = await openPolicies(parts, { ...config, origins }, calls);
    const { credentials, wrong } = credentialsOf(parts, revocations, held);
    const { callers, ...sessions } = await openSessions(parts, config, { identity, revocations, credentials });
    const instances = await KeyValueEventInstances.open(platform.keyValue, log);
    const openOrigins = await KeyValueOpenOrigins.open(platform.keyValue, log, clock);
    origins.addWorkspaces(openOrigins);
    const requests = new SocketRequests({ find: new FindEventInstance(instances), callers, passports, origins });
    const { repeats, paging } = await sealedOf(parts);
    const { policies, bus } = held;
    const [staged, apart] = [new StagedBlobs(platform.blobs, clock, ids), new EndpointOrigin(config.endpointOrigin)];
    const answering = { callers, bus, policies, apart, clock, log };
    const routes = [
      held,
      new Calls({ routes: calls, others: HAND_ROUTES, callers, repeats, paging, bus, policies, clock, metrics, log }),
      new Endpoints({ ...answering, staged, wrong, bodies: { inline: config.endpointMaxBody, most: config.uploadMax } }),
      new Results(answering),
      new Uploads({ callers, bus, clock, staged }),
      new Downloads({ callers, bus, clock, staged, apart }),
      new EventExports({ callers, bus, paging, clock, log }),
      new CloudEvents({ callers, bus, paging, clock, ids, publicUrl: config.publicUrl }),
      new Exports({ callers, bus, clock }),
      new Imports({ callers, bus, clock, staged }),
      new Assets({ callers, bus, clock, staged }),
      ...sessions.routes,
      new Sockets(requests, platform.nearServers, policies, metrics),
      new EventStreams(requests, policies, metrics),
      ...realmOf(config, identity, policies),
    ];
    return {
      module: GatewayModule,
      controllers: CONTROLLERS,
      providers: [
        { provide: EventInstances, useValue: instances },
        { provide: OpenOrigins, useValue: openOrigins },
        { provide: ReadServices, useValue: new ReadServices(new KeyValueRunningServices(platform.keyValue, log)) },
        { provide: Revocations, useValue: revocations },
        { provide: CredentialNews, useValue: new CredentialNews(platform.eventLog, revocations) },
        ...sessions.providers,
        { provide: Passports, useValue: passports },
        { provide: SchemaBase, useValue: new SchemaBase(config.publicUrl) },
        { provide: Health, useValue: health },
        { provide: Clock, useValue: clock },
        { provide: OpenApiText, useValue: new OpenApiText(() => openApiDocument(calls, HAND_ROUTES)) },
        { provide: DocsText, useValue: new DocsText(() => docsPage(openApiDocument(calls, HAND_ROUTES) as unknown as DescribedApi)) },
        { provide: SecurityContact, useValue: new SecurityContact(config.securityContact) },
        { provide: TokenIssuer, useValue: new TokenIssuer(config.publicUrl, config.issuerUrl) },
        {
          provide: PublicRoutes,
          inject: [HttpAdapterHost],
          useFactory: (host: HttpAdapterHost<FastifyAdapter>) => new PublicRoutes(host, routes),
        },
      ],
    };
  }
}

/** What callers are given sealed, and kept for them: the answers of calls that they repeat, and where in a list they are. */
async function sealedOf({ platform: { keyValue }, clock, log }: ServiceParts) {
  const seal = await AesSeal.open(await keyValue.bucket('cursors'));
  const records = new KeyValueCallRecords(await keyValue.bucket('idempotency'), seal);
  return { repeats: new Repeats(new RepeatedCalls({ records, clock, log })), paging: new Paging(new SealedCursors(seal, clock)) };
}

/** The service as standalone and its own main start it. */
export function gatewayService(environment: Environment, options: GatewayOptions = {}): GatewayDefinition {
  const config = gatewayConfig(environment);
  const { host, port, publicUrl } = config;
  const origins = new Origins(config.origins);
  const endpointOrigin = new EndpointOrigin(config.endpointOrigin);
  return {
    name: 'gateway',
    // The embedded provider keeps whom it knows; an external one does so elsewhere.
    needs: config.identity === 'embedded' ? ['documents', 'eventLog', 'blobs'] : ['eventLog', 'blobs'],
    publicUrl,
    settings: shownGatewayConfig(environment),
    module: (parts) => GatewayModule.of(parts, config, { ...options, origins }),
    http: {
      host,
      port,
      adapter: ({ log, metrics, ids, surface }) =>
        new Door({
          host,
          port,
          publicUrl,
          origins,
          endpointOrigin,
          log,
          metrics,
          surface,
          mintRequestId: () => ids.mint('req'),
          shouldUpgrade: isSocketUpgrade,
        }),
    },
  };
}

/** Whom keys and tokens speak for, and who tries too many that speak for nobody. */
function credentialsOf({ bus, clock, ids }: ServiceParts, revocations: Revocations, { limiter }: OpenPolicies) {
  const [keeper, wrong] = [new BusCredentialKeeper(bus, clock, ids), new WrongCredentials(limiter)];
  return { credentials: new KnownCredentials({ keeper, revocations, wrong, clock }), wrong };
}

function realmOf({ issuerUrl }: GatewayConfig, { issuer }: OpenIdentity, policies: OpenPolicies['policies']): readonly Routes[] {
  return issuer === undefined ? [] : [new RealmDoor(new URL(issuerUrl).pathname, issuer, policies)];
}

/** The routes of all calls, which operators can look up. */
function callsOf(surface: Surface): readonly CallRoute[] {
  const calls = callRoutes(PUBLIC_SERVICES);
  for (const { verb, path, policy } of calls) surface.add({ method: verb.toUpperCase(), path, permission: permissionOf(policy) });
  return calls;
}
