import type { DescMethod } from '@bufbuild/protobuf';
import { Circuits } from '../src/application/policies/circuits';
import { Limiter } from '../src/application/policies/limits/limiter';
import { SharedUse } from '../src/application/policies/limits/shared-use';
import { StrictCounts } from '../src/application/policies/limits/strict-counts';
import { Overload } from '../src/application/policies/overload';
import { RulesInForce } from '../src/application/policies/rules';
import { Ledger } from '../src/domain/policies/ledger';
import { readRules } from '../src/infrastructure/gateway-file/read-rules';
import { GuardedBus } from '../src/infrastructure/policies/guarded-bus';
import { KeyValueGatewayNews } from '../src/infrastructure/policies/key-value-gateway-news';
import { KeyValueRateStore } from '../src/infrastructure/policies/key-value-rate-store';
import { LoopTurns } from '../src/infrastructure/policies/loop-turns';
import { SystemAlarms } from '@millrace/service';
import { callRoutes } from '../src/interface/http/calls/call-route';
import { PUBLIC_SERVICES } from '../src/interface/http/calls/public-services';
import { RouteTable } from '../src/interface/http/calls/route-table';
import { Policies } from '../src/interface/http/policies/policies';
import type { Routes } from '../src/interface/http/routes';
import { openStage, type Handler, type Stage } from './stage';

export interface PoliciesStage extends Stage {
  readonly limiter: Limiter;
  /** Replaces the operators' file. */
  change(written: string): void;
  /** Makes the event loop look late by so many milliseconds. */
  press(milliseconds: number): void;
}

/** A stage on which the policies hold as `gateway.yaml` says. */
export async function openPoliciesStage(
  written: string,
  handlers: readonly (readonly [DescMethod, Handler])[],
  routes: (policies: Policies) => readonly Routes[] = () => [],
): Promise<PoliciesStage> {
  const rules = new RulesInForce(readRules(written, 'gateway.yaml'));
  let lateness = 0;
  let limiter: Limiter | undefined;
  const stage = await openStage({
    handlers,
    routes: ({ policies }) => routes(policies as Policies),
    policies: async ({ clock, keyValue, log, metrics, wire, passports }) => {
      const alarms = new SystemAlarms(clock);
      const circuits = new Circuits(clock);
      const ledger = new Ledger({ capacity: 1_000, rateNamed: (name) => rules.rateNamed(name) });
      const shared = new SharedUse({ ledger, news: await KeyValueGatewayNews.open(keyValue, 'gwy_1', log), clock, alarms, log });
      const strict = new StrictCounts({ store: await KeyValueRateStore.open(keyValue), ledger, clock, log });
      limiter = new Limiter({ rules, ledger, strict, shared, clock });
      const overload = new Overload({ lateness: { now: () => lateness }, turns: new LoopTurns(), circuits, rules });
      const table = new RouteTable(callRoutes(PUBLIC_SERVICES));
      const classOf = (method: string, path: string): string | undefined => table.find(method, path)?.routeClass;
      const policies = new Policies({ rules, limiter, overload, metrics, classOf });
      return { policies, bus: new GuardedBus({ wire, passports, clock, alarms, circuits }) };
    },
  });
  if (limiter === undefined) throw new Error('The stage has no policies.');
  return {
    ...stage,
    limiter,
    change: (text) => rules.replace(readRules(text, 'gateway.yaml')),
    press: (milliseconds) => (lateness = milliseconds),
    [Symbol.asyncDispose]: () => stage[Symbol.asyncDispose](),
  };
}
