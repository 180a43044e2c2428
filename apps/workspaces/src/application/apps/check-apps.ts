import { DomainError } from '@millrace/kernel';
import type { CallContext } from '@millrace/messaging';
import { INSTALLED_PATH, LOCK_PATH } from '../../domain/apps/installed';
import type { DocumentProblem } from '../../domain/problems';
import type { KnownApps, SourceFile } from '../ports/checker';
import type { AskedConsent } from './asked-consent';
import type { Mount, Mounts } from './mounts';

/** What checking the apps of a workspace told. */
export interface CheckedApps {
  readonly problems: readonly DocumentProblem[];
  /** What automations of the workspace may call of them; absent: nobody knows, for something is wrong with them. */
  readonly known?: KnownApps;
}

/** Checks that everything a workspace installs is there, as it was published and consented to, and calls no host that the workspace does not reach. */
export class CheckApps {
  constructor(
    private readonly mounts: Mounts,
    private readonly asked: AskedConsent,
  ) {}

  /** `reached`: the only hosts that the workspace reaches; absent: any. */
  async run(context: CallContext, workspaceId: string, texts: readonly SourceFile[], reached?: readonly string[]): Promise<CheckedApps> {
    const textOf = (path: string): Promise<string> => Promise.resolve(texts.find((one) => one.path === path)?.text ?? '');
    try {
      const asked = await this.asked.of(context, workspaceId, await this.mounts.read(textOf));
      if (asked.length > 0) return { problems: asked.map(problemOf) };
      const mounts = await this.mounts.of(workspaceId, textOf);
      const outer = mounts.filter(({ path }) => !path.includes('.'));
      return {
        problems: reached === undefined ? [] : outer.flatMap((mount) => unreached(mount, reached)),
        known: Object.fromEntries(outer.map(({ path, contract }) => [path, contract.automations])),
      };
    } catch (error) {
      if (!(error instanceof DomainError) || error.refusal === 'unavailable') throw error;
      return { problems: [problemOf(error)] };
    }
  }
}

/** What an app may do holds for those in it, too. */
function unreached({ path, contract }: Mount, reached: readonly string[]): readonly DocumentProblem[] {
  const hosts = contract.permissions.hosts.filter((host) => host !== ANY && !reached.includes(host));
  return hosts.map((host) => ({
    ...{ code: 'host-unreached', severity: 'warning', file: INSTALLED_PATH, line: 1, column: 1, path: '' },
    message: `The app "${path}" calls ${host}, which settings.egress of the workspace does not name: its calls there are refused.`,
  }));
}

/** Hosts that are only known when an app runs. */
const ANY = '*';

function problemOf({ message }: DomainError): DocumentProblem {
  return { code: 'app-lock', severity: 'error', file: LOCK_PATH, line: 1, column: 1, path: '', message };
}
