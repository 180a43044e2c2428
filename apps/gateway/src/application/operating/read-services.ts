import { demandScope } from '@millrace/auth';
import { DomainError } from '@millrace/kernel';
import type { CallContext } from '@millrace/messaging';
import type { RunningService, RunningServices } from '../ports/running-services';

const OPERATORS = ['platform-operator', 'platform-admin'];

/** Shows the services of the platform to those who run it. */
export class ReadServices {
  constructor(private readonly running: RunningServices) {}

  /** By service, the longest running first. Refuses who is no operator, and a credential that is for some workspaces only. */
  async list({ principal }: CallContext): Promise<readonly RunningService[]> {
    const isOperator = principal.kind === 'user' && principal.roles.some((role) => OPERATORS.includes(role));
    if (!isOperator || principal.workspaces !== undefined) throw readDenied();
    demandScope(principal, 'read', 'sites');
    return [...(await this.running.all())].sort(
      (a, b) => compare(a.service, b.service) || a.startedAt - b.startedAt || compare(a.id, b.id),
    );
  }
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

function readDenied(): DomainError {
  return new DomainError(
    'services.read_denied',
    'forbidden',
    'Only operators of the platform see its services (platform-operator, platform-admin). GET /healthz says whether it takes requests.',
  );
}
