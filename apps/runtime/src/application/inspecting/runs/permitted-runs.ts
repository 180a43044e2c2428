import { demandOn, type Permission } from '@millrace/auth';
import { runMissing } from '../../../domain/inspecting/refusals';
import { liveView, type RunView } from '../../../domain/inspecting/run-view';
import type { RunFilter } from '../../../domain/inspecting/run-filter';
import type { FoundRun } from './find-run';

/** A filter that finds only what the caller may have among what was asked for. */
export function amongPermitted(filter: RunFilter, { query }: Permission): RunFilter {
  if (typeof query === 'boolean') return filter;
  return { ...filter, where: filter.where === undefined ? query : { op: 'and', filters: [query, filter.where] } };
}

/** The run as it is shown. */
export function viewOfFound(found: FoundRun): RunView {
  return 'live' in found ? liveView(found.live) : found.ended.view;
}

/** Refuses with `runtime.run_not_found` a run that the caller may not read: as if it were not there. */
export function demandReadable(permission: Permission, view: RunView): void {
  if (!permission.allows(view)) throw runMissing(view.id);
}

/** Refuses what the caller may not do to a run; as if it were not there, when they may not read it either. */
export function demandRun(permission: Permission, reading: Permission, view: RunView): void {
  if (permission.allows(view)) return;
  demandReadable(reading, view);
  demandOn(permission, view);
}
