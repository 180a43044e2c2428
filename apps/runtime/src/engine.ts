import type { ServiceParts } from '@millrace/service';
import { engineOn } from './application/engine';
import { runLimitsOf, type RuntimeConfig } from './config';
import { BusModelSource } from './infrastructure/bus-model-source';
import { BusSecrets } from './infrastructure/bus-secrets';
import { BusTopics } from './infrastructure/bus-topics';
import { EventLoopTurns } from './infrastructure/event-loop-turns';
import { NodeModules } from './infrastructure/node-modules';
import { UndiciFetcher } from './infrastructure/fetch/undici-fetcher';
import { NodeAlarms } from './infrastructure/node-alarms';
import { WatchedActiveVersions } from './infrastructure/watched-active-versions';

/** What takes runs from their start to their end, and what it stands on. */
export type Engine = Awaited<ReturnType<typeof engineOf>>;

/** Puts the engine together on a platform. Nothing of it runs yet. */
export async function engineOf({ platform, bus, clock, ids, log, metrics }: ServiceParts, config: RuntimeConfig) {
  const { eventLog, keyValue, blobs } = platform;
  const alarms = new NodeAlarms(clock);
  const active = new WatchedActiveVersions(await keyValue.bucket('active'));
  const fetcher = new UndiciFetcher({
    allow: config.fetchAllow,
    ownOrigin: new URL(config.publicUrl).origin,
    limits: { timeout: config.fetchTimeout, maxBytes: config.fetchMaxBytes, redirects: config.fetchRedirects },
    blobs,
    clock,
  });
  const source = new BusModelSource(bus, clock, ids, blobs);
  const secrets = new BusSecrets(bus, clock, ids);
  const topics = new BusTopics(bus, clock, ids);
  const turns = new EventLoopTurns();
  const stale = metrics.counter('model_stale', 'Refusals of a workspace whose newest version did not come in time.');
  const engine = await engineOn(
    { eventLog, keyValue, blobs, clock, alarms, ids, log, active, source, fetcher, modules: new NodeModules(), secrets, topics, turns },
    {
      plans: config.runtimePlans,
      longestActive: config.runActive,
      apiUrl: config.publicUrl,
      tellsExecutions: config.executedAlways,
      runLimits: runLimitsOf(config),
      onStale: () => stale.inc(),
      limits: { perInstance: config.runtimeRuns, runsPerSecond: config.rateRuns || Infinity, burst: config.rateRunsBurst },
    },
  );
  return { ...engine, active, fetcher, secrets };
}
