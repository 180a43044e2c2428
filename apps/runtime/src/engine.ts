import type { Ids } from '@millrace/kernel';
import type { ServiceParts } from '@millrace/service';
import { Contexts } from './application/contexts/contexts';
import { RateLimits } from './application/contexts/rate-limits';
import { Answers } from './application/execution/answers';
import { Effects } from './application/execution/effects';
import { Journal } from './application/execution/journal';
import { Release } from './application/execution/release';
import { RunStore } from './application/execution/run-store';
import { Runs } from './application/execution/runs';
import { Models } from './application/models';
import { Callers } from './application/starting/callers';
import { FinishedRuns } from './application/starting/finished-runs';
import { HandleEvent } from './application/starting/handle-event';
import { Timers } from './application/timers/timers';
import { WaitIndex } from './application/waiting/wait-index';
import { Waiting } from './application/waiting/waiting';
import type { RuntimeConfig } from './config';
import { BusModelSource } from './infrastructure/bus-model-source';
import { EventLoopTurns } from './infrastructure/event-loop-turns';
import { UndiciFetcher } from './infrastructure/fetch/undici-fetcher';
import { NodeAlarms } from './infrastructure/node-alarms';
import { WatchedActiveVersions } from './infrastructure/watched-active-versions';

/** What takes runs from their start to their end, and what it stands on. */
export type Engine = Awaited<ReturnType<typeof engineOf>>;

/** Puts the engine together on a platform. Nothing of it runs yet. */
export async function engineOf({ platform, bus, clock, ids, log }: ServiceParts, config: RuntimeConfig) {
  const { eventLog, keyValue, blobs } = platform;
  const bucket = (name: string) => keyValue.bucket(name);
  const alarms = new NodeAlarms(clock);
  const active = new WatchedActiveVersions(await bucket('active'));
  const fetcher = new UndiciFetcher({ allow: config.fetchAllow, ownOrigin: new URL(config.publicUrl).origin, clock });
  const models = new Models(active, new BusModelSource(bus, clock, ids, blobs), log, config.runtimePlans);
  const contexts = new Contexts(await bucket('contexts'), clock, ids);
  const timers = new Timers({ bucket: await bucket('timers'), clock, alarms, log });
  const waits = new WaitIndex(await bucket('waits'), ids);
  const store = new RunStore(await bucket('runs'), blobs);
  const answers = new Answers(await bucket('results'));
  const owner = ownerOf(ids);
  const runs = new Runs({
    ...{ models, store, timers, answers, clock, alarms, log, owner },
    release: new Release({ store, contexts, eventLog, timers, clock, owner }),
    effects: new Effects({
      contexts,
      rateLimits: new RateLimits(await bucket('rates'), clock, ids),
      fetcher,
      turns: new EventLoopTurns(),
      clock,
    }),
    waiting: new Waiting(waits, eventLog),
    journal: new Journal(ids),
    longestActive: config.runActive,
    prefilled: { global: { apiUrl: config.publicUrl } },
  });
  const finished = new FinishedRuns(eventLog);
  const handleEvent = new HandleEvent({ models, runs, waits, finished, clock, ids });
  return {
    active,
    fetcher,
    models,
    contexts,
    timers,
    waits,
    store,
    answers,
    runs,
    finished,
    handleEvent,
    alarms,
    callers: new Callers({ answers, clock, alarms }),
  };
}

function ownerOf(ids: Ids): string {
  return ids.mint('rt');
}
