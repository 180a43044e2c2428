import { PatternIndex } from '../../domain/live/pattern-index';
import { projectionKey } from '../../domain/live/projection';
import { Group, type Interest } from './group';
import type { LiveEvent } from './live-event';
import { placeOf } from './reading/own-reading';

interface Place {
  readonly groups: Map<string, Group>;
  readonly patterns: PatternIndex<Group>;
}

/** All groups, by place and type: an event meets only those that may want it. */
export class SubscriptionIndex {
  private readonly places = new Map<string, Place>();
  private count = 0;

  /** How many groups there are. */
  get groups(): number {
    return this.count;
  }

  /** The group of those at a place – a workspace, or what is somebody's own – who want this, made when it is the first; to be let go of by `release`. */
  hold(name: string, interest: Interest): Group {
    const place = this.places.get(name) ?? { groups: new Map<string, Group>(), patterns: new PatternIndex<Group>() };
    const key = JSON.stringify([interest.types, interest.where, projectionKey(interest.projection)]);
    const group = place.groups.get(key) ?? new Group(key, interest);
    if (group.holders === 0) {
      this.places.set(name, place);
      place.groups.set(key, group);
      for (const pattern of interest.types) place.patterns.add(pattern, group);
      this.count += 1;
    }
    group.holders += 1;
    return group;
  }

  release(name: string, group: Group): void {
    group.holders -= 1;
    const place = this.places.get(name);
    if (group.holders > 0 || place === undefined) return;
    place.groups.delete(group.key);
    for (const pattern of group.interest.types) place.patterns.remove(pattern, group);
    this.count -= 1;
    if (place.groups.size === 0) this.places.delete(name);
  }

  /** The groups that want this event: those of its workspace, and those of the person it is addressed to. */
  *match(event: LiveEvent): Generator<Group, void, undefined> {
    const { workspaceId, target } = event.event;
    yield* this.matchIn(workspaceId, event);
    if (target?.user !== undefined) yield* this.matchIn(placeOf(target.user), event);
  }

  private *matchIn(name: string, event: LiveEvent): Generator<Group, void, undefined> {
    const place = this.places.get(name);
    if (place === undefined) return;
    for (const group of place.patterns.match(event.event.type)) {
      if (group.members.size > 0 && group.passes(event)) yield group;
    }
  }
}
