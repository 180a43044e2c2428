import type { WorkspaceRights } from '@millrace/auth';
import type { ServiceParts } from '@millrace/service';
import type { ValueProvider } from '@nestjs/common';
import { Announcements } from './application/inspecting/announcements';
import { ListApprovals } from './application/inspecting/approvals/list-approvals';
import { EditConfiguration } from './application/inspecting/contexts/edit-configuration';
import { ReadContexts } from './application/inspecting/contexts/read-contexts';
import { WriteContexts } from './application/inspecting/contexts/write-contexts';
import { ClearDeadLetters } from './application/inspecting/dead-letters/clear-dead-letters';
import { LetterBox } from './application/inspecting/dead-letters/letter-box';
import { LetterNews } from './application/inspecting/dead-letters/letter-news';
import { ReadDeadLetters } from './application/inspecting/dead-letters/read-dead-letters';
import { Redrives } from './application/inspecting/dead-letters/redrives';
import { TellDeadLetter } from './application/inspecting/dead-letters/tell-dead-letter';
import { KeptJobs } from './application/inspecting/jobs/kept-jobs';
import { ReplayJobs } from './application/inspecting/replays/replay-jobs';
import { ReplayRuns } from './application/inspecting/replays/replay-runs';
import { RetryRuns } from './application/inspecting/replays/retry-runs';
import { StartAgain } from './application/inspecting/replays/start-again';
import { WatchReplays } from './application/inspecting/replays/watch-replays';
import { WorkOffReplays } from './application/inspecting/replays/work-off-replays';
import { CancelRuns } from './application/inspecting/runs/cancel-runs';
import { CaptureRun } from './application/inspecting/runs/capture-run';
import { CompareRuns } from './application/inspecting/runs/compare-runs';
import { DeleteRun } from './application/inspecting/runs/delete-run';
import { EndedRuns } from './application/inspecting/runs/ended-runs';
import { FindRun } from './application/inspecting/runs/find-run';
import { ListRunEvents } from './application/inspecting/runs/list-run-events';
import { ListRuns } from './application/inspecting/runs/list-runs';
import { LiveRuns } from './application/inspecting/runs/live-runs';
import { ShowRun } from './application/inspecting/runs/show-run';
import { BackfillSchedule } from './application/inspecting/schedules/backfill-schedule';
import { SteerSchedules } from './application/inspecting/schedules/steer-schedules';
import { ShowEndpoints } from './application/inspecting/endpoints/show-endpoints';
import { WatchSchedules } from './application/inspecting/schedules/watch-schedules';
import type { Engine } from './engine';
import type { RedriveJob } from './domain/dead-letters/redrive-job';
import { ApprovalsRpc } from './interface/rpc/approvals.rpc';
import { ContextsRpc } from './interface/rpc/contexts.rpc';
import { DeadLettersRpc } from './interface/rpc/dead-letters.rpc';
import { RecordedRunsRpc } from './interface/rpc/recorded-runs.rpc';
import { EndpointsRpc } from './interface/rpc/endpoints/endpoints.rpc';
import { ReplaysRpc } from './interface/rpc/replays.rpc';
import { RunsRpc } from './interface/rpc/runs.rpc';
import { SchedulesRpc } from './interface/rpc/schedules.rpc';

/** What answers the calls by which people see and steer what the engine does. */
export const INSPECTION_RPC = [
  ...[ApprovalsRpc, RunsRpc, RecordedRunsRpc, ReplaysRpc, DeadLettersRpc, SchedulesRpc, EndpointsRpc, ContextsRpc],
];

/** The use cases behind those calls, and what takes replays and redrives on in the background. */
export async function inspectionOf(parts: ServiceParts, engine: Engine, rights: WorkspaceRights): Promise<Inspection> {
  const { clock, ids, platform } = parts;
  const announcements = new Announcements({ eventLog: platform.eventLog, clock, ids });
  const house: House = { rights, announcements };
  const { approvals, contexts, scheduleControl: schedules } = engine;
  const configurations = new EditConfiguration(engine.configuration, engine.models);
  const jobs = new ReplayJobs(await platform.keyValue.bucket('replays'));
  const { workOff, providers } = runs(parts, engine, house, jobs);
  const letters = deadLetters(parts, engine, house, new KeptJobs(await platform.keyValue.bucket('redrives'), 'letters'));
  return {
    workOff,
    redrives: letters.redrives,
    providers: [
      ...providers,
      ...letters.providers,
      { provide: ListApprovals, useValue: new ListApprovals({ approvals, rights, clock }) },
      { provide: ShowEndpoints, useValue: new ShowEndpoints({ models: engine.models, rights }) },
      { provide: WatchSchedules, useValue: new WatchSchedules({ schedules, rights }) },
      { provide: SteerSchedules, useValue: new SteerSchedules({ schedules, rights }) },
      { provide: ReadContexts, useValue: new ReadContexts({ contexts, configurations, rights }) },
      { provide: WriteContexts, useValue: new WriteContexts({ contexts, configurations, rights, announcements }) },
    ],
  };
}

/** What follows the log says so when an event becomes a dead letter. */
export function deadLetterNews({ platform: { eventLog }, clock, ids, log }: ServiceParts): TellDeadLetter {
  return new TellDeadLetter(new Announcements({ eventLog, clock, ids }), ids, log);
}

interface Inspection {
  readonly providers: readonly ValueProvider[];
  readonly workOff: WorkOffReplays;
  readonly redrives: Redrives;
}

/** What all of them need. */
interface House {
  readonly rights: WorkspaceRights;
  readonly announcements: Announcements;
}

function runs(
  { platform: { eventLog, history, blobs }, clock, ids }: ServiceParts,
  engine: Engine,
  house: House,
  jobs: ReplayJobs,
): Omit<Inspection, 'redrives'> {
  const { runs, models, alarms, timers } = engine;
  const live = new LiveRuns(runs, engine.store);
  const ended = new EndedRuns({ history, eventLog });
  const find = new FindRun(live, ended);
  const startAgain = new StartAgain(eventLog, history);
  const replayRuns = new ReplayRuns({ find, startAgain, models, runs, clock, alarms, ids, ...house });
  const workOff = new WorkOffReplays({ jobs, replayRuns, timers, clock, ids });
  return {
    workOff,
    providers: [
      { provide: ListRuns, useValue: new ListRuns({ live, ended, ...house }) },
      { provide: ShowRun, useValue: new ShowRun({ find, ...house }) },
      { provide: CaptureRun, useValue: new CaptureRun({ find, startAgain, models, ...house }) },
      { provide: CompareRuns, useValue: new CompareRuns({ find, ...house }) },
      { provide: ListRunEvents, useValue: new ListRunEvents({ find, history, ...house }) },
      { provide: ReplayRuns, useValue: replayRuns },
      { provide: RetryRuns, useValue: new RetryRuns({ find, ended, jobs, workOff, clock, ids, ...house }) },
      { provide: WatchReplays, useValue: new WatchReplays({ jobs, clock, ...house }) },
      { provide: CancelRuns, useValue: new CancelRuns({ find, live, runs, clock, ...house }) },
      { provide: DeleteRun, useValue: new DeleteRun({ find, live, history, eventLog, blobs, ids, ...house }) },
      {
        provide: BackfillSchedule,
        useValue: new BackfillSchedule({ find, schedules: engine.scheduleControl, eventLog, clock, ids, ...house }),
      },
    ],
  };
}

function deadLetters(
  { platform, clock, ids, log }: ServiceParts,
  { timers }: Engine,
  { rights, announcements }: House,
  jobs: KeptJobs<RedriveJob>,
): Omit<Inspection, 'workOff'> {
  const box = new LetterBox(platform.eventLog.dead('runtime'), ids);
  const news = new LetterNews(announcements, ids);
  const redrives = new Redrives({ jobs, box, news, timers, clock, ids, log });
  return {
    redrives,
    providers: [
      { provide: ReadDeadLetters, useValue: new ReadDeadLetters({ box, rights }) },
      { provide: ClearDeadLetters, useValue: new ClearDeadLetters({ box, redrives, news, rights }) },
    ],
  };
}
