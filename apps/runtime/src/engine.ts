import type { ServiceParts } from '@millrace/service';
import { Admission } from './application/admission/admission';
import { Slots } from './application/admission/slots';
import { Approvals } from './application/approvals/approvals';
import { Contexts } from './application/contexts/contexts';
import { RateLimits } from './application/contexts/rate-limits';
import { Answers } from './application/execution/answers';
import { Effects } from './application/execution/effects';
import { Journal } from './application/execution/journal';
import { Release } from './application/execution/release';
import { RunStore } from './application/execution/run-store';
import { Runs } from './application/execution/runs';
import { Models } from './application/models';
import { ScheduleControl } from './application/schedules/schedule-control';
import { Schedules } from './application/schedules/schedules';
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
  const owner = ids.mint('rt');
  const approvals = new Approvals({ bucket: await bucket('approvals'), eventLog, timers, clock, ids });
  const slots = new Slots({
    ...{ bucket: await bucket('slots'), clock, alarms, log, ids },
    isAlive: ({ run }) => runs.isAlive(run),
    cancelRun: async (run) => void (await runs.cancel(run, 'A newer run of its automation took its place.')),
  });
  const limits = { perInstance: config.runtimeRuns, runsPerSecond: config.rateRuns || Infinity, burst: config.rateRunsBurst };
  const admission = new Admission({ slots, clock, alarms, limits });
  const runs: Runs = new Runs({
    ...{ models, store, timers, answers, approvals, admission, slots, clock, alarms, log, owner },
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
  const schedules = { models, bucket: await bucket('schedules'), eventLog, clock, alarms, ids, log };
  return {
    ...{ active, fetcher, models, contexts, timers, waits, store, answers, approvals, admission, runs, finished, handleEvent, alarms },
    callers: new Callers({ answers, clock, alarms }),
    schedules: new Schedules({ ...schedules, activations: active }),
    scheduleControl: new ScheduleControl(schedules),
  };
}
