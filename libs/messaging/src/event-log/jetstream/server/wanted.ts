import type { ConsumerConfig, StreamConfig } from '@nats-io/jetstream';
import type { LogNames } from './log-names';

const NANOS = 1_000_000;
const MIB = 1024 * 1024;

/** Milliseconds in which the server itself knows the ids it was given. It keeps them in memory: small on purpose. */
export const DUPLICATE_WINDOW = 120_000;
/** Milliseconds without a sign of life after which the server hands an event to somebody else. */
export const ACK_WAIT = 5_000;
/** Milliseconds without a pull after which the server takes a lane from whoever has it. */
export const PIN_TIMEOUT = 5_000;
/** Events of one consumer that may be out and not acknowledged. */
export const MOST_PENDING = 1_024;
/** Bytes of one event, headers included, that the log takes. */
export const LARGEST_MESSAGE = MIB;
/** The name of the one group a lane has. */
export const LANE_GROUP = 'lane';
/** Messages in one atomic batch; the server's limit. */
export const LARGEST_BATCH = 1_000;

/** What a log is told of its size; what is absent is left as it is, and taken from `DEFAULT_SIZES` when the log is made. */
export interface Sizes {
  /** Bytes. */
  readonly capacity?: number | undefined;
  /** On how many servers each message is kept. */
  readonly replicas?: number | undefined;
}

export const DEFAULT_SIZES = { capacity: 50 * 1024 * MIB, replicas: 1 } as const;

const LARGEST_DEAD = 2 * 1024 * MIB;

export type Wanted = Partial<StreamConfig> & Pick<StreamConfig, 'name' | 'subjects'>;

/** The stream of events. Every option here is relied on. */
export function eventsStream(names: LogNames, { capacity, replicas }: Sizes): Wanted {
  return {
    name: names.events,
    subjects: names.eventSubjects(),
    retention: 'limits',
    storage: 'file',
    discard: 'new',
    ...(capacity !== undefined && { max_bytes: capacity }),
    max_age: 0,
    max_msg_size: LARGEST_MESSAGE,
    duplicate_window: DUPLICATE_WINDOW * NANOS,
    ...(replicas !== undefined && { num_replicas: replicas }),
    allow_direct: true,
    allow_atomic: true,
    deny_delete: false,
    deny_purge: false,
  };
}

/** The stream of dead letters: the newest message of a subject is the letter. */
export function deadStream(names: LogNames, { capacity, replicas }: Sizes): Wanted {
  return {
    name: names.dead,
    subjects: names.deadSubjects(),
    retention: 'limits',
    storage: 'file',
    discard: 'new',
    ...(capacity !== undefined && { max_bytes: Math.min(capacity, LARGEST_DEAD) }),
    max_age: 90 * 86_400_000 * NANOS,
    max_msgs_per_subject: 1,
    max_msg_size: 2 * LARGEST_MESSAGE,
    ...(replicas !== undefined && { num_replicas: replicas }),
    allow_direct: true,
    deny_delete: false,
    deny_purge: false,
  };
}

/** The stream of what the log knows of itself: one message a subject, the newest. Small, and never refused for want of room of its own. */
export function stateStream(names: LogNames, { replicas }: Sizes): Wanted {
  return {
    name: names.state,
    subjects: names.stateSubjects(),
    retention: 'limits',
    storage: 'file',
    discard: 'old',
    max_age: 0,
    max_msgs_per_subject: 1,
    max_msg_size: LARGEST_MESSAGE,
    ...(replicas !== undefined && { num_replicas: replicas }),
    allow_direct: true,
    deny_delete: false,
    deny_purge: false,
  };
}

/** What all consumers of durables have in common. `max_deliver` stays unlimited: the adapter counts, so nothing ever lies unseen. */
const CONSUMER: Partial<ConsumerConfig> = {
  ack_policy: 'explicit',
  replay_policy: 'instant',
  ack_wait: ACK_WAIT * NANOS,
  max_deliver: -1,
  max_ack_pending: MOST_PENDING,
  inactive_threshold: 0,
};

/** The consumer of a durable without order. `start`: the sequence of the first event it gets. */
export function sharedConsumer(name: string, filters: readonly string[], start: number): Partial<ConsumerConfig> {
  const from = { deliver_policy: 'by_start_sequence', opt_start_seq: start } as const;
  return { ...CONSUMER, durable_name: name, filter_subjects: [...filters], ...from };
}

/** The consumer of one lane: the server gives it to one process at a time. */
export function laneConsumer(name: string, filters: readonly string[], start: number): Partial<ConsumerConfig> {
  const pinned = { priority_groups: [LANE_GROUP], priority_policy: 'pinned_client' as const, priority_timeout: PIN_TIMEOUT * NANOS };
  return { ...sharedConsumer(name, filters, start), ...pinned };
}

/** The consumer of the letters of a durable that are to be handed out once more. */
export function redriveConsumer(name: string, filter: string): Partial<ConsumerConfig> {
  return { ...CONSUMER, durable_name: name, filter_subjects: [filter], deliver_policy: 'all' };
}
