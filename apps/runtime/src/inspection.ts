import type { WorkspaceRights } from '@millrace/auth';
import type { ServiceParts } from '@millrace/service';
import type { ValueProvider } from '@nestjs/common';
import { Announcements } from './application/inspecting/announcements';
import { ListApprovals } from './application/inspecting/approvals/list-approvals';
import { Cursors } from './application/inspecting/cursors';
import { CancelRuns } from './application/inspecting/runs/cancel-runs';
import { EndedRuns } from './application/inspecting/runs/ended-runs';
import { FindRun } from './application/inspecting/runs/find-run';
import { ListRunEvents } from './application/inspecting/runs/list-run-events';
import { ListRuns } from './application/inspecting/runs/list-runs';
import { LiveRuns } from './application/inspecting/runs/live-runs';
import { ShowRun } from './application/inspecting/runs/show-run';
import type { Engine } from './engine';
import { ApprovalsRpc } from './interface/rpc/approvals.rpc';
import { RunsRpc } from './interface/rpc/runs.rpc';

/** What answers the calls by which people see and steer what the engine does. */
export const INSPECTION_RPC = [ApprovalsRpc, RunsRpc];

/** The use cases behind those calls. */
export function inspectionOf({ platform, clock, ids }: ServiceParts, engine: Engine, rights: WorkspaceRights): readonly ValueProvider[] {
  const { eventLog, history } = platform;
  const { runs, store, approvals } = engine;
  const live = new LiveRuns(runs, store);
  const ended = new EndedRuns({ history, eventLog, ids });
  const find = new FindRun(live, ended);
  const cursors = new Cursors(ids, clock);
  const announcements = new Announcements({ eventLog, clock, ids });
  return [
    { provide: ListApprovals, useValue: new ListApprovals({ approvals, rights, cursors, clock }) },
    { provide: ListRuns, useValue: new ListRuns({ live, ended, rights, cursors }) },
    { provide: ShowRun, useValue: new ShowRun({ find, rights, cursors }) },
    { provide: ListRunEvents, useValue: new ListRunEvents({ find, history, rights, cursors }) },
    { provide: CancelRuns, useValue: new CancelRuns({ find, live, runs, rights, announcements }) },
  ];
}
