import { SignedPassports } from '@millrace/auth';
import { permissionOf, policyOf } from '@millrace/contracts';
import { Bus, BusServer } from '@millrace/messaging';
import { Health, Metrics, nestLog, Surface, type AdminServer, type ShownSettings } from '@millrace/observability';
import type { DynamicModule, INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { MicroserviceOptions } from '@nestjs/microservices';
import type { FastifyAdapter, NestFastifyApplication } from '@nestjs/platform-fastify';
import { administer } from './administration';
import { measureCapabilities, measuredPlatform, measureOutbox } from './measures/measured-platform';
import { NoDocuments } from './not-needed';
import type { Need, Platform, ServiceParts } from './platform';

/** A service as standalone and its own main see it: a name and how to build its module from the parts it is given. */
export interface ServiceDefinition {
  readonly name: string;
  /** What it uses of the platform, besides wire and key-value; nothing when absent. */
  readonly needs?: readonly Need[];
  module(parts: ServiceParts): Promise<DynamicModule>;
  /** Its settings, as operators may see them. */
  readonly settings?: ShownSettings;
  /** Given by a service that has an HTTP door of its own: the adapter, and where to listen. */
  readonly http?: HttpDoor;
}

export interface HttpDoor {
  readonly host: string;
  readonly port: number;
  readonly adapter: (parts: ServiceParts) => FastifyAdapter;
}

export interface RunningService {
  readonly name: string;
  readonly parts: ServiceParts;
  /** Not ready → drain what is in hand → gone. */
  stop(): Promise<void>;
}

type Kept = Pick<ServiceParts, 'documents' | 'outbox'>;

/**
 * Starts a service on a platform: parts → Nest container → served on the bus (and its HTTP door) → ready. The same for every service,
 * alone in its process or one of many. Rejects with the reason when any of it fails; what had started is stopped.
 */
export async function start(definition: ServiceDefinition, platform: Platform, admin: AdminServer): Promise<RunningService> {
  const { name, needs = [] } = definition;
  const kept = needs.includes('documents') ? await platform.documents(name) : undefined;
  const parts = await partsOf(name, platform, kept ?? { documents: new NoDocuments(name) });
  administer(admin, definition, parts);
  const app = await launch(definition, parts);
  parts.health.setServing(true);
  parts.log.info('Ready.');
  return { name, parts, stop: () => stop(parts, app) };
}

async function stop({ health, outbox, documents, wire, log }: ServiceParts, app: INestApplicationContext): Promise<void> {
  health.setServing(false);
  await app.close();
  await outbox?.stop();
  await documents.close();
  await wire.close();
  log.info('Stopped.');
}

async function partsOf(name: string, platform: Platform, kept: Kept): Promise<ServiceParts> {
  const { clock, ids } = platform;
  const log = platform.log(name);
  const wire = await platform.connect(name);
  const passports = await SignedPassports.create({ service: name, keyValue: platform.keyValue, clock });
  const bus = new Bus(wire, passports, clock);
  const health = new Health(name);
  const metrics = new Metrics(name);
  if (kept.outbox !== undefined) measureOutbox(kept.documents, platform, metrics);
  measureCapabilities(() => platform.dependencies(name), metrics);
  for (const { name: dependency, check, ...terms } of platform.dependencies(name)) health.depend(dependency, check, terms);
  const measured = measuredPlatform(platform, metrics);
  return { name, platform: measured, ...kept, wire, bus, passports, clock, ids, log, metrics, health, surface: new Surface() };
}

async function launch(definition: ServiceDefinition, parts: ServiceParts): Promise<INestApplicationContext> {
  const module = await definition.module(parts);
  const strategy = new BusServer(parts);
  const options = { logger: nestLog(parts.log), abortOnError: false };
  if (definition.http === undefined) {
    const app = await NestFactory.createMicroservice<MicroserviceOptions>(module, { strategy, ...options });
    app.useGlobalFilters(BusServer.filter);
    await app.listen();
    showCalls(strategy, parts);
    return app;
  }
  const { host, port, adapter } = definition.http;
  const app = await NestFactory.create<NestFastifyApplication>(module, adapter(parts), { bodyParser: false, ...options });
  // Before the connection, which takes over what is set by then: a filter set on the connection itself comes too late.
  app.useGlobalFilters(BusServer.filter);
  app.connectMicroservice<MicroserviceOptions>({ strategy }, { inheritAppConfig: true });
  await app.startAllMicroservices();
  await app.listen(port, host);
  showCalls(strategy, parts);
  return app;
}

function showCalls(strategy: BusServer, { surface }: ServiceParts): void {
  for (const { subject, method } of strategy.served())
    surface.add({ method: 'CALL', path: subject, permission: permissionOf(policyOf(method)) });
}
