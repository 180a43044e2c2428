import type { Msg } from '@nats-io/transport-node';
import { LinkFailure } from '../../nats/link';
import type { Link } from '../../nats/link';

const [END, NOTHING, REFUSED] = [204, 404, 400];

/** From a position on, the messages whose subject passes the filter, as many as there are or fit. */
export interface PageRequest {
  readonly seq: number;
  readonly next_by_subj: string;
  readonly batch: number;
  readonly max_bytes: number;
}

/**
 * One page of a stream, as it is at one moment. (The client's own `getBatch` keeps a subscription of each call for ever.) Rejects with the
 * reason of the signal, or with what the server says.
 */
export async function readPage(link: Link, stream: string, request: PageRequest, signal: AbortSignal): Promise<readonly Msg[]> {
  const messages: Msg[] = [];
  const page = Promise.withResolvers<readonly Msg[]>();
  const inbox = link.inbox();
  const subscription = link.connection.subscribe(inbox, {
    callback: (error, message) => {
      const code = message.headers?.code ?? 0;
      if (error !== null) page.reject(error);
      else if (code === END || code === NOTHING) page.resolve(messages);
      else if (code >= REFUSED) page.reject(new LinkFailure(`the server says ${code} ${message.headers?.description ?? ''}`, true));
      else messages.push(message);
    },
  });
  signal.addEventListener('abort', () => page.reject(signal.reason), { once: true });
  try {
    link.connection.publish(`$JS.API.DIRECT.GET.${stream}`, JSON.stringify(request), { reply: inbox });
    return await page.promise;
  } finally {
    subscription.unsubscribe();
  }
}
