import { MillraceClient } from '@millrace/client';

/** A client of the API, signed in as a demo user. Access tokens last some minutes: enough for a test. `issuer`: the one of `url` when absent. */
export async function signedIn(url: string, username: string, password: string, issuer = realmOf(url)): Promise<MillraceClient> {
  const token = await passwordToken(issuer, username, password);
  return new MillraceClient({ url, token: () => token });
}

/** The issuer of a Millrace that signs people in itself. */
export function realmOf(url: string): string {
  return `${url}/realms/millrace`;
}

/** An access token of the realm for a demo user, by the password grant: the embedded issuer has it, in Keycloak a test allows it. */
export async function passwordToken(issuer: string, username: string, password: string): Promise<string> {
  const form = new URLSearchParams({ grant_type: 'password', client_id: 'millrace-cli', username, password, scope: 'openid' });
  const response = await fetch(`${issuer}/protocol/openid-connect/token`, { method: 'POST', body: form });
  const answer = (await response.json()) as { access_token?: string };
  if (answer.access_token === undefined) throw new Error(`No token for ${username}: ${response.status} ${JSON.stringify(answer)}`);
  return answer.access_token;
}
