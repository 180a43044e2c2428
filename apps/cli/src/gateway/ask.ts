import type { AdminPort } from '../config';
import { Refused } from '../refused';

/** Milliseconds that the admin port may take. */
const PATIENCE = 10_000;

/** Asks the gateway of a process on its admin port. Refuses when nobody answers there, or not us. */
export async function askGateway({ url, token }: AdminPort, question: string, query: Readonly<Record<string, string>>): Promise<unknown> {
  const answer = await answerOf(`${url}/sys/gateway/${question}?${new URLSearchParams(query).toString()}`, token, url);
  if (answer.ok) return answer.json();
  throw refusalOf(answer.status, url);
}

async function answerOf(address: string, token: string | undefined, url: string): Promise<Response> {
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
  try {
    return await fetch(address, { headers, signal: AbortSignal.timeout(PATIENCE) });
  } catch {
    throw new Refused(
      'cli.admin_unreachable',
      'unavailable',
      `Nobody answers on the admin port at ${url}.`,
      'Start Millrace, or name its admin port with --admin or MILLRACE_ADMIN_URL.',
    );
  }
}

function refusalOf(status: number, url: string): Refused {
  if (status === 401 || status === 403) {
    return new Refused(
      'cli.admin_denied',
      'forbidden',
      `The admin port at ${url} wants to know who is asking.`,
      'Set MILLRACE_ADMIN_TOKEN here to what it is there, or to the access token of an operator.',
    );
  }
  if (status === 404) {
    return new Refused('cli.no_gateway', 'not-found', `There is no gateway in the process at ${url}.`, 'Name the admin port of a gateway.');
  }
  return new Refused(
    'cli.admin_failed',
    'unavailable',
    `The admin port at ${url} answered ${status}.`,
    'The log of that process says why.',
  );
}
