import { misused } from '../refused';
import { confirmed } from '../server/confirm';
import { momentText, printList, printOne } from '../server/print';
import { onServer } from '../server/server';
import { operand } from '../usage/operand';

/** `millrace secrets list`: names, never values. */
export const listSecrets = onServer(async ({ api, workspace }, invocation, terminal) => {
  await printList(
    api.secrets.listSecrets.each({ workspaceId: workspace() }),
    {
      columns: [
        { heading: 'name', cell: ({ name }) => name },
        { heading: 'description', cell: ({ description }) => description },
        { heading: 'version', cell: ({ version }) => version },
        { heading: 'set', cell: ({ setAt }) => momentText(setAt) },
        { heading: 'used', cell: ({ lastUsedAt }) => momentText(lastUsedAt), wide: true },
      ],
      name: ({ name = '' }) => name,
      empty: 'The workspace has no secrets. Next: millrace secrets set NAME < FILE',
    },
    invocation,
    terminal,
  );
  return 0;
});

/** `millrace secrets set`: the value comes from standard input, as it is but for one line end, and is on no command line. */
export const setSecret = onServer(async ({ api, workspace }, invocation, { input, output }) => {
  const name = operand(invocation, 'The name of the secret');
  const value = input.isTerminal ? '' : (await input.text()).replace(/\r?\n$/, '');
  if (value === '') throw misused('There is no value on standard input.', `millrace secrets set ${name} < FILE`);
  const [workspaceId, description] = [workspace(), invocation.value('description')];
  const known = await Array.fromAsync(api.secrets.listSecrets.each({ workspaceId }));
  const secret = await api.secrets.setSecret({
    ...{ workspaceId, name, value },
    ...(description === undefined ? {} : { description }),
    ...(known.some((one) => one.name === name) ? { ifMatch: '*' } : { ifNoneMatch: '*' }),
  });
  const rows = [['name', secret.name] as const, ['version', secret.version] as const];
  printOne(secret, rows, invocation, output);
  return 0;
});

/** `millrace secrets unset`. */
export const unsetSecret = onServer(async ({ api, workspace }, invocation, terminal) => {
  const name = operand(invocation, 'The name of the secret');
  await confirmed('The secret', name, invocation, terminal);
  await api.secrets.deleteSecret({ workspaceId: workspace(), name, ifMatch: '*' });
  if (!invocation.on('quiet')) terminal.notes.write(`\`${name}\` is gone.\n`);
  return 0;
});
