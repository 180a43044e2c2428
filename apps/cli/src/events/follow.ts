import type { Delivered, FeedNews } from '@millrace/client';
import type { Server } from '../server/server';
import type { Invocation } from '../usage/command';
import { feedAsked } from './asked';

/** What is done with a feed. Answering `enough` ends it. */
export interface Follower {
  event(delivered: Delivered): 'more' | 'enough';
  news(news: FeedNews): void;
}

/**
 * Follows the live events that are asked for until it is enough (`enough`) or the signal gives up (`ended`). Goes on by itself behind the
 * last event seen when the line breaks. Rejects when the subscription is refused or nobody answers.
 */
export async function follow(
  { client, workspace }: Server,
  invocation: Invocation,
  follower: Follower,
  signal: AbortSignal,
): Promise<'enough' | 'ended'> {
  const feed = client.events(workspace(), feedAsked(invocation));
  const { promise, resolve } = Promise.withResolvers<'enough' | 'ended'>();
  signal.addEventListener('abort', () => resolve('ended'), { once: true });
  let over = false;
  try {
    await feed.start(
      (delivered) => {
        if (over || follower.event(delivered) === 'more') return;
        over = true;
        resolve('enough');
      },
      (news) => {
        if (!over) follower.news(news);
      },
    );
    if (signal.aborted) return 'ended';
    return await promise;
  } finally {
    over = true;
    feed.stop();
  }
}
