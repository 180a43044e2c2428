/** An access token of the realm for a demo user, by the password grant that the embedded issuer has. */
export async function passwordToken(url: string, username: string, password: string): Promise<string> {
  const form = new URLSearchParams({ grant_type: 'password', client_id: 'millrace-cli', username, password, scope: 'openid' });
  const response = await fetch(`${url}/realms/millrace/protocol/openid-connect/token`, { method: 'POST', body: form });
  const answer = (await response.json()) as { access_token?: string };
  if (answer.access_token === undefined) throw new Error(`No token for ${username}: ${response.status} ${JSON.stringify(answer)}`);
  return answer.access_token;
}
