import { PersonErasures, WorkspacePurges, type ServiceParts } from '@millrace/service';
import type { ValueProvider } from '@nestjs/common';
import { ParkedRuns } from './application/contexts/parked-runs';
import { LetterBox } from './application/inspecting/dead-letters/letter-box';
import { EraseContexts } from './application/leaving/erase-contexts';
import { blobsOf, entriesOf, lettersOf, runsOf, type Kept } from './application/leaving/kept';
import { PurgeWorkspace } from './application/leaving/purge-workspace';
import type { Engine } from './engine';

/** Who and what has left for good is removed here too. */
export async function leavingOf(parts: ServiceParts, engine: Engine): Promise<readonly ValueProvider[]> {
  const { platform, clock, ids } = parts;
  const heard = { service: 'runtime', eventLog: platform.eventLog, clock, ids };
  const contexts = new EraseContexts(await platform.keyValue.bucket('contexts'));
  const workspaces = new PurgeWorkspace(await keptOf(parts, engine));
  return [
    { provide: PersonErasures, useValue: new PersonErasures({ ...heard, erase: (user) => contexts.run(user) }) },
    { provide: WorkspacePurges, useValue: new WorkspacePurges({ ...heard, purge: (workspaceId) => workspaces.run(workspaceId) }) },
  ];
}

/** What wakes runs first, then the runs, then what they leave. */
async function keptOf({ platform, ids }: ServiceParts, { store, timers }: Engine): Promise<readonly Kept[]> {
  const { keyValue, blobs, eventLog } = platform;
  const entries = async (name: string, prefixOf = (workspaceId: string) => `${workspaceId}/`): Promise<Kept> =>
    entriesOf(name, await keyValue.bucket(name), prefixOf);
  return [
    await entries('schedules'),
    await entries('replays', (workspaceId) => `jobs/${workspaceId}/`),
    await entries('replays', (workspaceId) => `runs/${workspaceId}/`),
    await entries('redrives', (workspaceId) => `jobs/${workspaceId}/`),
    await entries('redrives', (workspaceId) => `letters/${workspaceId}/`),
    await entries('gatherings', (workspaceId) => `basket/${workspaceId}/`),
    await entries('gatherings', (workspaceId) => `event/${workspaceId}/`),
    await entries('waits'),
    await entries('approvals'),
    runsOf(store, timers),
    await entries('runs', (workspaceId) => ParkedRuns.all(workspaceId)),
    await entries('slots'),
    await entries('contexts'),
    blobsOf('states', blobs, (workspaceId) => `${workspaceId}/runs/`),
    blobsOf('files', blobs, (workspaceId) => `${workspaceId}/fetched/`),
    blobsOf('drafts', blobs, (workspaceId) => `${workspaceId}/drafts/`),
    lettersOf(new LetterBox(eventLog.dead('runtime'), ids)),
  ];
}
