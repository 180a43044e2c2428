import { MillraceClient } from '@millrace/client';
import type { Api } from '@millrace/client';
import { misused } from '../refused';
import { placeOf } from '../targets/place';
import type { Place } from '../targets/place';
import type { Terminal } from '../terminal/terminal';
import type { Invocation, Perform } from '../usage/command';
import { asRefusal } from './refusals';

/** A server that a command asks. */
export interface Server {
  readonly url: string;
  readonly api: Api;
  readonly client: MillraceClient;
  /** The workspace that is meant, by id or slug. Refuses when none is named. */
  readonly workspace: () => string;
}

type OnServer = (server: Server, invocation: Invocation, terminal: Terminal) => Promise<number>;

/** A command that asks a server. What the server refuses is told as our own refusals are. */
export function onServer(perform: OnServer): Perform {
  return async (invocation, terminal) => {
    const place = placeOf(invocation, terminal.settings);
    try {
      return await perform(serverAt(place), invocation, terminal);
    } catch (error) {
      throw asRefusal(error, place.url);
    }
  };
}

/** The server at a place. */
export function serverAt({ url, token, workspace }: Place): Server {
  const client = new MillraceClient({ url, ...(token === undefined ? {} : { token: () => token }) });
  return {
    url,
    client,
    api: client.api,
    workspace: () => {
      if (workspace !== undefined) return workspace;
      throw misused('No workspace is named.', 'add --workspace, set MILLRACE_WORKSPACE, or `millrace targets use NAME --workspace …`.');
    },
  };
}
