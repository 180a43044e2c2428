import type { NewEvent, Pattern } from '@millrace/messaging';
import type { Permission } from '@millrace/auth';
import type { Concerned } from '../../../domain/live/revocation';
import type { TopicChange } from '../../../domain/live/topic-change';

/** What a receiver follows, and what of it they may read. */
export abstract class Reading {
  /** Where their subscriptions stand in the index: what happens there is looked at for them. */
  abstract readonly place: string;
  /** When something ends by itself that lets them read here, milliseconds since 1970; undefined: nothing does. */
  abstract readonly until: number | undefined;
  /** What of the log holds all that they follow. */
  abstract readonly pattern: Pattern;
  /** Whether they follow an event, be it that they may not read it. */
  abstract follows(event: NewEvent): boolean;
  /** What they may read of the workspace that an event they follow is of. */
  abstract permissionFor(event: NewEvent): Permission;
  /** Refuses (`events.field_hidden`) a filter by which fields could be guessed that they may not see. */
  abstract demandOpen(where: string): void;
  /** Whether these have other rights now where this reads, so that all of it must be found out anew. */
  abstract isConcerned(workspaceId: string, concerned: Concerned): boolean;
  /** Takes in who is in a topic of a workspace; true when that changes what they may read. */
  abstract note(workspaceId: string, change: TopicChange): boolean;
}
