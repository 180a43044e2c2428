import { Refused } from '../refused';
import type { Server } from '../server/server';
import type { Terminal } from '../terminal/terminal';
import { durationOf } from '../usage/times';

/** Milliseconds between two looks. */
const PAUSE = 250;

/** Waits until every runtime runs a version. Refuses when that takes longer than `patience`, and names those that do not. */
export async function rolledOut(
  { api }: Server,
  version: { readonly workspaceId: string; readonly digest: string },
  { time }: Pick<Terminal, 'time'>,
  patience: string,
): Promise<void> {
  const { workspaceId, digest } = version;
  const end = time.now() + durationOf(patience);
  for (;;) {
    const rollout = await api.rollout.getRollout({ workspaceId });
    if (rollout.settled && rollout.digest === digest) return;
    if (time.now() >= end) {
      const late = rollout.instances.filter((one) => one.digest !== digest).map(({ instance }) => instance);
      throw new Refused(
        'cli.rollout_slow',
        'exhausted',
        `The version is published, and after ${patience} not every runtime runs it: ${late.join(', ')}.`,
        'look at their logs; it is taken up as soon as they can.',
      );
    }
    await time.pause(PAUSE);
  }
}
