import { SignedPassports } from '@millrace/auth';
import { Bus, BusServer, PassOn } from '@millrace/messaging';
import { Health, Metrics, nestLog, type AdminServer } from '@millrace/observability';
import type { DynamicModule, INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { MicroserviceOptions } from '@nestjs/microservices';
import type { FastifyAdapter, NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Platform, ServiceParts } from './platform';

/** A service as standalone and its own main see it: a name and how to build its module from the parts it is given. */
export interface ServiceDefinition {
  readonly name: string;
  module(parts: ServiceParts): Promise<DynamicModule>;
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

/**
 * Starts a service on a platform: parts → Nest container → served on the bus (and its HTTP door) → ready. The same for every service,
 * alone in its process or one of many. Rejects with the reason when any of it fails; what had started is stopped.
 */
export async function start(definition: ServiceDefinition, platform: Platform, admin: AdminServer): Promise<RunningService> {
  const parts = await partsOf(definition.name, platform);
  admin.add(parts);
  const app = await launch(definition, parts);
  parts.health.setServing(true);
  parts.log.info('Ready.');
  return {
    name: definition.name,
    parts,
    stop: async () => {
      parts.health.setServing(false);
      await app.close();
      await parts.outbox.stop();
      await parts.documents.close();
      await parts.wire.close();
      parts.log.info('Stopped.');
    },
  };
}

async function partsOf(name: string, platform: Platform): Promise<ServiceParts> {
  const { clock, ids } = platform;
  const log = platform.log(name);
  const wire = await platform.connect(name);
  const passports = await SignedPassports.create({ service: name, keyValue: platform.keyValue, clock });
  const { documents, outbox } = await platform.documents(name);
  const bus = new Bus(wire, passports, clock);
  return { name, platform, wire, bus, passports, clock, ids, log, metrics: new Metrics(name), health: new Health(name), documents, outbox };
}

async function launch(definition: ServiceDefinition, parts: ServiceParts): Promise<INestApplicationContext> {
  const module = await definition.module(parts);
  const strategy = new BusServer(parts);
  const options = { logger: nestLog(parts.log), abortOnError: false };
  if (definition.http === undefined) {
    const app = await NestFactory.createMicroservice<MicroserviceOptions>(module, { strategy, ...options });
    app.useGlobalFilters(new PassOn());
    await app.listen();
    return app;
  }
  const { host, port, adapter } = definition.http;
  const app = await NestFactory.create<NestFastifyApplication>(module, adapter(parts), { bodyParser: false, ...options });
  // Before the connection, which takes over what is set by then: a filter set on the connection itself comes too late.
  app.useGlobalFilters(new PassOn());
  app.connectMicroservice<MicroserviceOptions>({ strategy }, { inheritAppConfig: true });
  await app.startAllMicroservices();
  await app.listen(port, host);
  return app;
}
