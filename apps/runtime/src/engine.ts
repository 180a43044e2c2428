import type { WorkspaceRights } from '@millrace/auth';
import { SystemAlarms, type ServiceParts } from '@millrace/service';
import { engineOn } from './application/engine';
import { runLimitsOf, type RuntimeConfig } from './config';
import { BusConfigurations } from './infrastructure/bus-configurations';
import { BusSecrets } from './infrastructure/bus-secrets';
import { BusTopics } from './infrastructure/bus-topics';
import { EventLoopTurns } from './infrastructure/event-loop-turns';
import { BusModelSource } from './infrastructure/models/bus-model-source';
import { ModelFolder } from './infrastructure/models/model-folder';
import { WireLiveChannel } from './infrastructure/wire-live-channel';
import { NodeModules } from './infrastructure/node-modules';
import { UndiciFetcher } from './infrastructure/fetch/undici-fetcher';
import { WatchedActiveVersions } from './infrastructure/watched-active-versions';

/** What takes runs from their start to their end, and what it stands on. */
export type Engine = Awaited<ReturnType<typeof engineOf>>;

/** Puts the engine together on a platform. Nothing of it runs yet. */
export async function engineOf(
  { platform, bus, wire, clock, ids, log, metrics }: ServiceParts,
  config: RuntimeConfig,
  rights: WorkspaceRights,
) {
  const { eventLog, keyValue, blobs } = platform;
  const alarms = new SystemAlarms(clock);
  const active = new WatchedActiveVersions(await keyValue.bucket('active'));
  const fetcher = new UndiciFetcher({
    allow: config.fetchAllow,
    ownOrigins: [config.publicUrl, ...(config.endpointOrigin === undefined ? [] : [config.endpointOrigin])],
    limits: { timeout: config.fetchTimeout, maxBytes: config.fetchMaxBytes, redirects: config.fetchRedirects },
    blobs,
    clock,
  });
  const folder = new ModelFolder({ folder: platform.scratch('runtime'), most: config.runtimeModelsDisk, clock, log });
  const source = new BusModelSource(bus, clock, ids, blobs, folder);
  const secrets = new BusSecrets(bus, clock, ids);
  const configurations = new BusConfigurations(bus, await keyValue.bucket('configs'), clock);
  const topics = new BusTopics(bus, clock, ids);
  const turns = new EventLoopTurns();
  const stale = metrics.counter('model_stale', 'Refusals of a workspace whose newest version did not come in time.');
  const near = metrics.counter('limits_neared', 'Runs and contexts that have used up more than four fifths of a limit, by limit.', [
    'limit',
  ]);
  const engine = await engineOn(
    {
      ...{ eventLog, keyValue, blobs, clock, alarms, ids, log, active, source, fetcher, secrets, configurations, topics, rights, turns },
      live: new WireLiveChannel(wire),
      modules: new NodeModules(),
    },
    {
      plans: config.runtimePlansMemory,
      longestActive: config.runActive,
      apiUrl: config.publicUrl,
      configEnvironment: config.configTexts,
      tellsExecutions: config.executedAlways,
      runLimits: runLimitsOf(config),
      onStale: () => stale.inc(),
      onNear: (limit) => near.inc({ limit }),
      limits: { perInstance: config.runtimeRuns, runsPerSecond: config.rateRuns || Infinity, burst: config.rateRunsBurst },
      rates: {
        fetches: { perSecond: config.rateFetches || Infinity, burst: config.rateFetchesBurst },
        emits: { perSecond: config.rateEmits || Infinity, burst: config.rateEmitsBurst },
        passes: { perSecond: config.ratePasses || Infinity, burst: config.ratePassesBurst },
      },
    },
  );
  return { ...engine, rights, active, fetcher, secrets, folder };
}
