import type { WorkspaceRights } from '@millrace/auth';
import { servicePrincipal } from '@millrace/kernel';
import type { LoggedEvent } from '@millrace/messaging';
import type { ServiceParts } from '@millrace/service';
import { CountKept } from './application/leaving/count-kept';
import { ManageTopics } from './application/topics/manage-topics';
import { TopicBook } from './application/topics/topic-book';
import { TopicFacts } from './application/topics/topic-facts';
import { TOPIC_MEMBERS, TOPICS } from './infrastructure/topic-collections';

/** Milliseconds in which all that is kept of a person is removed, or it is begun again. */
const PATIENCE = 60_000;

/** Topics, and what becomes of a person who is in some. */
export interface OpenTopics {
  readonly book: TopicBook;
  readonly manage: ManageTopics;
  /** Takes a person out of all they are in; answers what was removed, and how much of the history holds their bare id for good. */
  readonly erase: (user: string, event: Pick<LoggedEvent, 'id' | 'correlationId'>) => Promise<Readonly<Record<string, number>>>;
}

export async function openTopics({ documents, platform, clock, ids }: ServiceParts, rights: WorkspaceRights): Promise<OpenTopics> {
  const [topics, memberships] = [await documents.collection(TOPICS), await documents.collection(TOPIC_MEMBERS)];
  const kept = new CountKept(platform.history);
  const book = new TopicBook({ topics, memberships, facts: new TopicFacts(clock, ids), clock, ids });
  return {
    book,
    manage: new ManageTopics(book, rights),
    erase: async (user, { id: causationId, correlationId }) => {
      const context = { principal: servicePrincipal('events'), correlationId, causationId, deadline: clock.now() + PATIENCE };
      return { topics: await book.forget(context, user), eventsKept: await kept.of(user) };
    },
  };
}
