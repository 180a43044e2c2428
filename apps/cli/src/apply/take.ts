import { misused } from '../refused';
import type { Invocation } from '../usage/command';

/** Whose file counts where a server has another than the folder expects. */
export type Whose = 'mine' | 'theirs';

/** What `--take` says of a path: `mine` or `theirs`, for all files or, as `theirs:automations/greet.yaml`, for one; undefined: nothing. */
export type Take = (path: string) => Whose | undefined;

/** Reads the `--take` flags. Refuses what they do not say. */
export function takeOf(invocation: Invocation): Take {
  const said = invocation.values('take').map((written) => {
    const [, whose, path] = /^(mine|theirs)(?::(.+))?$/.exec(written) ?? [];
    if (whose === undefined)
      throw misused(`\`--take ${written}\` says neither mine nor theirs.`, 'write --take theirs, or --take mine:automations/greet.yaml.');
    return { whose: whose as Whose, path };
  });
  const all = said.find(({ path }) => path === undefined)?.whose;
  return (path) => said.find((one) => one.path === path)?.whose ?? all;
}
