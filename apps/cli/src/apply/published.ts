import type { AnswerOf, Api } from '@millrace/client';
import { Refused } from '../refused';
import type { Server } from '../server/server';

type Version = AnswerOf<Api['versions']['activateVersion']>;

/** What is published, and what shall be in it. */
export interface Publishing {
  readonly workspaceId: string;
  readonly slug: string;
  readonly message: string;
  /** Of the draft that was applied. */
  readonly digest: string;
}

/** Publishes what was applied and lets it run. What somebody else changed meanwhile becomes a version that does not run, and is refused. */
export async function published({ api }: Pick<Server, 'api'>, { workspaceId, slug, message, digest }: Publishing): Promise<Version> {
  const { number, ...made } = await api.workspaces.publishVersion({ workspaceId, message, activate: false });
  if (made.digest === digest) return api.versions.activateVersion({ workspaceId, version: String(number) });
  throw new Refused(
    'cli.published_other',
    'conflict',
    `Somebody changed the draft of ${slug} between the apply and the publishing: version ${number} is not only yours. It does not run.`,
    `\`millrace versions diff\` shows what it is; \`millrace versions activate ${number}\` lets it run.`,
  );
}
