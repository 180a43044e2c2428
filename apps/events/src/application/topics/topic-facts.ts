import type { Clock, Ids } from '@millrace/kernel';
import type { CallContext, NewEvent } from '@millrace/messaging';
import { actorOf } from '../actor-of';

const encoder = new TextEncoder();

/** What happened to a topic. */
export interface TopicFact {
  readonly workspaceId: string;
  readonly what: 'created' | 'joined' | 'left' | 'deleted';
  readonly topic: string;
  /** Who came or left; they may read it. */
  readonly user?: string;
}

/** Makes the events that tell of topics, in order for each. */
export class TopicFacts {
  constructor(
    private readonly clock: Clock,
    private readonly ids: Ids,
  ) {}

  of({ principal, correlationId, causationId, traceparent }: CallContext, { workspaceId, what, topic, user }: TopicFact): NewEvent {
    return {
      ...{ id: this.ids.mint('evt'), workspaceId, type: `events.topics.${what}`, time: this.clock.now(), correlationId },
      ...{ subject: `topic/${topic}`, key: `topic/${topic}`, causationId: causationId ?? correlationId },
      payload: encoder.encode(JSON.stringify({ topic, ...(user === undefined ? {} : { user }) })),
      actor: actorOf(principal),
      source: { service: 'events' },
      ...(user === undefined ? {} : { target: { user } }),
      ...(traceparent === undefined ? {} : { traceparent }),
    };
  }
}
