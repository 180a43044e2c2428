import { demandScope } from '@millrace/auth';
import type { Collection } from '@millrace/documents';
import { DomainError, type AskedPage, type Page } from '@millrace/kernel';
import type { CallContext } from '@millrace/messaging';
import { isHidden } from '../../domain/life';
import type { Workspace } from '../../domain/workspace';
import { isOperator } from '../rights/is-operator';

export { freezesOf } from '../../domain/life';
export type { Workspace } from '../../domain/workspace';

/** Shows the workspaces of everybody to those who run the platform. */
export class ReadAllWorkspaces {
  constructor(private readonly workspaces: Collection<Workspace>) {}

  /** Newest first. Refuses who is no operator, and a credential that is for some workspaces only. */
  async list({ principal }: CallContext, { limit, cursor }: AskedPage): Promise<Page<Workspace>> {
    if (!isOperator(principal) || principal.workspaces !== undefined) throw readDenied();
    demandScope(principal, 'read', 'workspaces');
    const sorted = { by: 'created', direction: 'descending' } as const;
    const { items, ...more } = await this.workspaces.page({ ...sorted, limit, ...(cursor === '' ? {} : { cursor }) });
    const shown = items.flatMap(({ document }) => (isHidden(document) ? [] : [document]));
    // What nobody finds stands in no order, and so comes last.
    return { items: shown, ...(shown.length < items.length ? {} : more) };
  }
}

function readDenied(): DomainError {
  return new DomainError(
    'workspaces.read_denied',
    'forbidden',
    'Only operators of the platform see all workspaces (platform-operator, platform-admin). GET /v1/workspaces lists yours.',
  );
}
