import { PatternIndex } from '../../domain/live/pattern-index';
import { projectionKey } from '../../domain/live/projection';
import { Group, type Interest } from './group';
import type { LiveEvent } from './live-event';

interface Workspace {
  readonly groups: Map<string, Group>;
  readonly patterns: PatternIndex<Group>;
}

/** All groups, by workspace and type: an event meets only those that may want it. */
export class SubscriptionIndex {
  private readonly workspaces = new Map<string, Workspace>();
  private count = 0;

  /** How many groups there are. */
  get groups(): number {
    return this.count;
  }

  /** The group of those in a workspace who want this, made when it is the first; to be let go of by `release`. */
  hold(workspaceId: string, interest: Interest): Group {
    const workspace = this.workspaces.get(workspaceId) ?? { groups: new Map<string, Group>(), patterns: new PatternIndex<Group>() };
    const key = JSON.stringify([interest.types, interest.where, projectionKey(interest.projection)]);
    const group = workspace.groups.get(key) ?? new Group(key, interest);
    if (group.holders === 0) {
      this.workspaces.set(workspaceId, workspace);
      workspace.groups.set(key, group);
      for (const pattern of interest.types) workspace.patterns.add(pattern, group);
      this.count += 1;
    }
    group.holders += 1;
    return group;
  }

  release(workspaceId: string, group: Group): void {
    group.holders -= 1;
    const workspace = this.workspaces.get(workspaceId);
    if (group.holders > 0 || workspace === undefined) return;
    workspace.groups.delete(group.key);
    for (const pattern of group.interest.types) workspace.patterns.remove(pattern, group);
    this.count -= 1;
    if (workspace.groups.size === 0) this.workspaces.delete(workspaceId);
  }

  /** The groups that want this event. */
  *match(event: LiveEvent): Generator<Group, void, undefined> {
    const { workspaceId, type } = event.event;
    const workspace = this.workspaces.get(workspaceId);
    if (workspace === undefined) return;
    for (const group of workspace.patterns.match(type)) {
      if (group.members.size > 0 && group.passes(event)) yield group;
    }
  }
}
