import { printOne } from '../server/print';
import { onServer } from '../server/server';

/** `millrace whoami`. */
export const performWhoami = onServer(async ({ api, url }, invocation, { output }) => {
  const me = await api.gateway.getMe();
  const places = me.memberships.map(({ slug = '', role = '' }) => `${slug} (${role})`);
  printOne(
    me,
    [
      ['name', me.name ?? me.id],
      ['id', me.id],
      ['kind', me.kind],
      ['e-mail', me.email],
      ['roles', me.roles.join(', ')],
      ['scopes', me.scopes.join(', ')],
      ['server', url],
      ['workspaces', places.join(', ')],
    ],
    invocation,
    output,
  );
  return 0;
});
