import { join } from 'node:path';
import type { Bus } from '@millrace/messaging';
import { SystemAlarms, type ServiceParts } from '@millrace/service';
import { Circuits } from './application/policies/circuits';
import { Limiter } from './application/policies/limits/limiter';
import { SharedUse } from './application/policies/limits/shared-use';
import { StrictCounts } from './application/policies/limits/strict-counts';
import { Overload } from './application/policies/overload';
import { RulesInForce } from './application/policies/rules';
import { Ledger } from './domain/policies/ledger';
import { GatewayFile } from './infrastructure/gateway-file/gateway-file';
import { GuardedBus } from './infrastructure/policies/guarded-bus';
import { KeyValueGatewayNews } from './infrastructure/policies/key-value-gateway-news';
import { KeyValueRateStore } from './infrastructure/policies/key-value-rate-store';
import { LoggedRefusalNews } from './infrastructure/refusals/logged-refusal-news';
import { LoopTurns } from './infrastructure/policies/loop-turns';
import { TimerLateness } from './infrastructure/policies/timer-lateness';
import type { CallRoute } from './interface/http/calls/call-route';
import { RouteTable } from './interface/http/calls/route-table';
import { RefusedRequests } from './interface/http/policies/refused-requests';
import type { Origins } from './interface/http/origins';
import { Explain } from './interface/http/policies/explain';
import { Policies } from './interface/http/policies/policies';
import type { Routes } from './interface/http/routes';

/** Keys of limits that are told apart: some 30 MB. */
const MOST_KEYS = 100_000;

/** What the gateway's other parts use of the policies. */
export interface OpenPolicies extends Routes {
  readonly policies: Policies;
  readonly limiter: Limiter;
  readonly rules: RulesInForce;
  /** The bus for calls in the name of callers. */
  readonly bus: Bus;
}

/** Where the operators' file is. */
export interface PolicySettings {
  readonly gatewayFile?: string | undefined;
  readonly data: string;
  /** Told of the origins that the file names. */
  readonly origins: Origins;
}

/** Puts the policies of the gateway together; they hold from now on. */
export async function openPolicies(parts: ServiceParts, config: PolicySettings, routes: readonly CallRoute[]): Promise<OpenPolicies> {
  const { platform, clock, ids, log, metrics, wire, passports, surface } = parts;
  const file = fileOf(config, parts);
  const rules = new RulesInForce(file.read());
  file.follow(rules);
  rules.follow(({ origins }) => config.origins.setMore(origins));
  const alarms = new SystemAlarms(clock);
  const ledger = new Ledger({ capacity: MOST_KEYS, rateNamed: (name) => rules.rateNamed(name) });
  const news = await KeyValueGatewayNews.open(platform.keyValue, ids.mint('gwy'), log);
  const shared = new SharedUse({ ledger, news, clock, alarms, log });
  const strict = new StrictCounts({ store: await KeyValueRateStore.open(platform.keyValue), ledger, clock, log });
  const limiter = new Limiter({ rules, ledger, strict, shared, clock });
  const circuits = new Circuits(clock);
  const lateness = new TimerLateness();
  const table = new RouteTable(routes);
  const classOf = (method: string, path: string): string | undefined => table.find(method, path)?.routeClass;
  const overload = new Overload({ lateness, turns: new LoopTurns(), circuits, rules });
  const policies = new Policies({ rules, limiter, overload, metrics, classOf });
  const explain = new Explain({ rules, table, gateways: () => shared.members, resting: () => circuits.open() });
  surface.answer('explain', (query) => explain.of(query.get('method') ?? 'GET', query.get('path') ?? '/', query.get('host') ?? ''));
  const refused = new RefusedRequests(new LoggedRefusalNews(platform.eventLog, ids, clock, log));
  await shared.start();
  return {
    policies,
    limiter,
    rules,
    bus: new GuardedBus({ wire, passports, clock, alarms, circuits }),
    mount: (fastify) => {
      explain.watch(fastify);
      policies.mount(fastify);
      refused.mount(fastify);
    },
    close: async () => {
      file.close();
      lateness.close();
      await shared.stop();
    },
  };
}

function fileOf({ gatewayFile, data }: PolicySettings, { log, metrics }: ServiceParts): GatewayFile {
  const readings = metrics.counter('gateway_file_readings_total', 'Readings of gateway.yaml after the first, by outcome.', ['outcome']);
  return new GatewayFile({
    file: gatewayFile ?? join(data, 'gateway.yaml'),
    required: gatewayFile !== undefined,
    onRead: (problem) => {
      readings.inc({ outcome: problem === undefined ? 'taken' : 'refused' });
      if (problem === undefined) log.info('The rules of gateway.yaml hold.');
      else log.error('gateway.yaml was changed and cannot be used: the rules from before stay.', { error: problem });
    },
  });
}
