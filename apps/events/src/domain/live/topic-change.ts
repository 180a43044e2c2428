import { payloadOf } from '../admission/payload';

/** That somebody has come into a topic or is no longer in it; without a `user`: nobody is. */
export interface TopicChange {
  readonly kind: 'joined' | 'left';
  readonly topic: string;
  readonly user?: string;
}

const PREFIX = 'events.topics.';

/** What an event says of who is in a topic; undefined: nothing. */
export function topicChangeOf(type: string, payload: Uint8Array): TopicChange | undefined {
  if (!type.startsWith(PREFIX)) return undefined;
  const { topic, user } = payloadOf(payload);
  if (typeof topic !== 'string') return undefined;
  switch (type.slice(PREFIX.length)) {
    case 'deleted':
      return { kind: 'left', topic };
    case 'joined':
      return typeof user === 'string' ? { kind: 'joined', topic, user } : undefined;
    case 'left':
      return typeof user === 'string' ? { kind: 'left', topic, user } : undefined;
    default:
      return undefined;
  }
}
