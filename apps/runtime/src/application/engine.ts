import type { Blobs } from '@millrace/blobs';
import type { Alarms, Clock, Ids } from '@millrace/kernel';
import type { Limits } from '@millrace/language';
import type { EventLog, KeyValue } from '@millrace/messaging';
import type { Log } from '@millrace/observability';
import { Admission, type AdmissionParts } from './admission/admission';
import { Gatherings } from './admission/gatherings';
import { Slots } from './admission/slots';
import { Approvals } from './approvals/approvals';
import { Contexts } from './contexts/contexts';
import { RateLimits } from './contexts/rate-limits';
import { Answers } from './execution/answers';
import { Journal } from './execution/journal';
import { LEASE, Release } from './execution/keeping/release';
import { Retries } from './execution/keeping/retries';
import { ReplayedEffects } from './execution/replayed-effects';
import { RunSecrets } from './execution/turns/run-secrets';
import { RunStore } from './execution/keeping/run-store';
import { Runs } from './execution/runs';
import { Models } from './models';
import type { Fetcher } from './ports/fetcher';
import type { ActiveVersions, ModelSource } from './ports/models';
import type { Modules } from './ports/modules';
import type { Secrets } from './ports/secrets';
import type { Topics } from './ports/topics';
import type { Turns } from './ports/turn';
import type { Activations } from './schedules/ports/activations';
import { ScheduleControl } from './schedules/schedule-control';
import { Schedules } from './schedules/schedules';
import { Callers } from './starting/endpoints/callers';
import { FinishedRuns } from './starting/finished-runs';
import { GatheredStarts } from './starting/gathered-starts';
import { HandleEvent } from './starting/handle-event';
import { Timers } from './timers/timers';
import { WaitIndex } from './waiting/wait-index';
import { Waiting } from './waiting/waiting';

/** What the engine stands on. */
export interface EnginePorts {
  readonly eventLog: EventLog;
  readonly keyValue: KeyValue;
  readonly blobs: Blobs;
  readonly clock: Clock;
  readonly alarms: Alarms;
  readonly ids: Ids;
  readonly log: Log;
  readonly active: ActiveVersions & Activations;
  readonly source: ModelSource;
  readonly fetcher: Fetcher;
  readonly modules: Modules;
  readonly secrets: Secrets;
  readonly topics: Topics;
  readonly turns: Turns;
}

export interface EngineSettings {
  /** Compiled versions kept. */
  readonly plans: number;
  /** Milliseconds a run may be in hand, waiting aside. */
  readonly longestActive: number;
  /** Where the API is. */
  readonly apiUrl: string;
  /** Whether `runtime.automations.executed` is told of every recorded run, and not only where an automation may wait for it. */
  readonly tellsExecutions?: boolean;
  /** What a run may use up at most; where nothing is said, what the language allows. */
  readonly runLimits?: Partial<Limits>;
  readonly limits: AdmissionParts['limits'];
  /** Told each time that a workspace is refused because its newest version is not there in time. */
  readonly onStale?: () => void;
}

/** The classes an engine is made of that a simulation puts others in the place of: to listen, or to see a mistake noticed. */
export const WORKINGS = {
  Contexts,
  Effects: ReplayedEffects,
  FinishedRuns,
  HandleEvent,
  Journal,
  Models,
  Release,
  Runs,
  RunStore,
  Waiting,
};

export type Workings = typeof WORKINGS;

/** What takes runs from their start to their end. */
export type Engine = Awaited<ReturnType<typeof engineOn>>;

/** Puts the engine together on its ports. Nothing of it runs yet. */
export async function engineOn(ports: EnginePorts, settings: EngineSettings, made: Workings = WORKINGS) {
  const { plans, longestActive, apiUrl, tellsExecutions, runLimits = {}, limits, onStale } = settings;
  const stale = onStale === undefined ? {} : { onStale };
  const { eventLog, keyValue, blobs, clock, alarms, ids, log, active, source, fetcher, modules, secrets, topics, turns } = ports;
  const bucket = (name: string) => keyValue.bucket(name);
  const models = new made.Models(active, source, log, { capacity: plans, limits: runLimits, alarms, clock, ...stale });
  const contexts = new made.Contexts(await bucket('contexts'), clock, ids, runLimits.contexts);
  const timers = new Timers({ bucket: await bucket('timers'), clock, alarms, log });
  const waits = new WaitIndex(await bucket('waits'), ids, clock);
  const store = new made.RunStore(await bucket('runs'), blobs);
  const answers = new Answers(await bucket('results'));
  const owner = ids.mint('rt');
  const finished = new made.FinishedRuns(eventLog);
  const approvals = new Approvals({ bucket: await bucket('approvals'), eventLog, timers, clock, ids });
  const slots = new Slots({
    ...{ bucket: await bucket('slots'), clock, alarms, log, ids },
    isAlive: async ({ run, at }) => clock.now() - at < LEASE || (await runs.isAlive(run)),
    cancelRun: async (run) => {
      await runs.cancel(run, 'A newer run of its automation took its place.');
    },
  });
  const admission = new Admission({ slots, clock, alarms, limits });
  const rateLimits = new RateLimits(await bucket('rates'), clock, ids);
  const runs: Runs = new made.Runs({
    ...{ models, store, timers, answers, approvals, admission, slots, finished, clock, alarms, log, owner, longestActive },
    retries: new Retries({ store, timers, ids }),
    release: new made.Release({ store, contexts, eventLog, timers, finished, clock, owner }),
    effects: new made.Effects({ contexts, rateLimits, fetcher, topics, modules, turns, clock, ids }),
    waiting: new made.Waiting(waits, eventLog),
    journal: new made.Journal(ids, tellsExecutions),
    prefilled: { global: { apiUrl } },
    secrets: new RunSecrets(secrets),
  });
  const gatherings = new Gatherings({ bucket: await bucket('gatherings'), clock, ids, timers });
  const gathered = new GatheredStarts({ gatherings, models, runs, finished });
  const schedules = { models, bucket: await bucket('schedules'), eventLog, clock, alarms, ids, log };
  return {
    ...{ models, contexts, timers, waits, store, answers, approvals, admission, slots, runs, finished, gathered, alarms },
    handleEvent: new made.HandleEvent({ models, runs, waits, finished, gathered, clock, ids }),
    callers: new Callers({ answers, clock, alarms }),
    schedules: new Schedules({ ...schedules, activations: active }),
    scheduleControl: new ScheduleControl(schedules),
  };
}
