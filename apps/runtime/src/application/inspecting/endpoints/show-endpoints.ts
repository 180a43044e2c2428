import type { WorkspaceRights } from '@millrace/auth';
import type { JsonMap, Page } from '@millrace/kernel';
import type { CallContext } from '@millrace/messaging';
import { endpointsDocument } from '../../../domain/endpoints/endpoints-document';
import { servedBy, type ServedEndpoint } from '../../../domain/endpoints/served-endpoint';
import type { Models } from '../../models';
import { viewOfAutomation } from '../../starting/permitted-automation';
import { pageOf, type PageRequest } from '../cursors';

export type { ServedEndpoint } from '../../../domain/endpoints/served-endpoint';

export interface ShowEndpointsParts {
  readonly models: Pick<Models, 'find'>;
  readonly rights: WorkspaceRights;
}

/** Shows where the version that runs answers HTTP: the endpoints of automations that the caller may read. Where nothing runs there are none. */
export class ShowEndpoints {
  constructor(private readonly parts: ShowEndpointsParts) {}

  /** By automation. */
  async list(context: CallContext, workspace: string, { limit, cursor }: PageRequest): Promise<Page<ServedEndpoint>> {
    const { endpoints } = await this.shown(context, workspace);
    return pageOf(endpoints, { limit, cursor, order: 'ascending', keyOf: ({ slug }: ServedEndpoint) => slug });
  }

  /** As an OpenAPI 3.1 document. */
  async document(context: CallContext, workspace: string): Promise<JsonMap> {
    const { described, endpoints } = await this.shown(context, workspace);
    return endpointsDocument(described, endpoints);
  }

  private async shown(context: CallContext, workspace: string) {
    const { models, rights } = this.parts;
    const { id: workspaceId, slug, permission } = await rights.permit(context, workspace, 'read', 'automations');
    const model = await models.find(workspaceId);
    const described = { workspaceId, slug, digest: model?.digest ?? '' };
    if (model === undefined) return { described, endpoints: [] };
    const endpoints = servedBy(model.plan).filter((each) => permission.allows(viewOfAutomation(model.plan, each.slug)));
    return { described, endpoints };
  }
}
