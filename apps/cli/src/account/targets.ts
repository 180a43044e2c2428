import { printList } from '../server/print';
import { Targets } from '../targets/targets';
import type { Perform } from '../usage/command';
import { operand } from '../usage/operand';

/** `millrace targets list`. */
export const listTargets: Perform = async (invocation, terminal) => {
  const targets = new Targets(terminal.settings.configFolder);
  const current = targets.current()?.name;
  const known = targets.all().map((target) => ({ ...target, current: target.name === current }));
  await printList(
    known,
    {
      columns: [
        { heading: '', cell: (target) => (target.current ? '*' : '') },
        { heading: 'name', cell: ({ name }) => name },
        { heading: 'url', cell: ({ url }) => url },
        { heading: 'workspace', cell: ({ workspace }) => workspace },
      ],
      name: ({ name }) => name,
      empty: 'No server is known here. Next: millrace login URL',
    },
    invocation,
    terminal,
  );
  return 0;
};

/** `millrace targets use`. */
export const useTarget: Perform = async (invocation, { settings, notes }) => {
  const targets = new Targets(settings.configFolder);
  const target = targets.get(operand(invocation, 'The name of a target'));
  const workspace = invocation.value('workspace');
  targets.keep({ ...target, ...(workspace === undefined ? {} : { workspace }) });
  if (!invocation.on('quiet')) notes.write(`Commands go to ${target.url} from now on.\n`);
  return 0;
};

/** `millrace targets remove`. */
export const removeTarget: Perform = async (invocation, { settings, notes }) => {
  const name = operand(invocation, 'The name of a target');
  new Targets(settings.configFolder).remove(name);
  if (!invocation.on('quiet')) notes.write(`\`${name}\` is forgotten.\n`);
  return 0;
};
