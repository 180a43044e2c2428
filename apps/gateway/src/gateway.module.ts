import { HttpKeySource, TokenVerifier } from '@millrace/auth';
import { EventsService, GatewayService, RuntimeService, WorkspacesService } from '@millrace/contracts';
import { Passports } from '@millrace/messaging';
import type { Environment, ServiceDefinition, ServiceParts } from '@millrace/service';
import { Module, type DynamicModule } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { IdentifyCaller } from './application/identify-caller';
import { Tokens } from './application/ports/tokens';
import { gatewayConfig, type GatewayConfig } from './config';
import { callRoutes } from './interface/http/calls/call-route';
import { Calls } from './interface/http/calls/calls';
import { Door } from './interface/http/door/door';
import { Mounting } from './interface/http/mounting';
import { GatewayRpc } from './interface/rpc/gateway.rpc';

/** Every service whose methods may have routes. */
const SERVICES = [GatewayService, WorkspacesService, EventsService, RuntimeService];

@Module({})
export class GatewayModule {
  static async of(parts: ServiceParts, config: GatewayConfig): Promise<DynamicModule> {
    const { bus, clock, passports, log } = parts;
    const tokens = new TokenVerifier({
      issuer: config.issuerUrl,
      audience: 'millrace-api',
      clients: config.clients,
      keys: new HttpKeySource(config.issuerKeysUrl),
      clock,
      onKeysFailure: (error) => log.warn('The identity provider did not give its keys.', { error }),
    });
    const callers = new IdentifyCaller(tokens, config.issuerUrl);
    const calls = new Calls({ routes: callRoutes(SERVICES), callers, bus, clock });
    return {
      module: GatewayModule,
      controllers: [GatewayRpc],
      providers: [
        { provide: Tokens, useValue: tokens },
        { provide: Passports, useValue: passports },
        { provide: Mounting, inject: [HttpAdapterHost], useFactory: (host: HttpAdapterHost) => new Mounting(host, [calls]) },
      ],
    };
  }
}

/** The service as standalone and its own main start it. */
export function gatewayService(environment: Environment): ServiceDefinition {
  const config = gatewayConfig(environment);
  const { host, port, publicUrl, origins } = config;
  return {
    name: 'gateway',
    module: (parts) => GatewayModule.of(parts, config),
    http: {
      host,
      port,
      adapter: ({ log, metrics, ids }) => new Door({ host, port, publicUrl, origins, log, metrics, mintRequestId: () => ids.mint('req') }),
    },
  };
}
