import type { CallContext } from '@millrace/messaging';
import { pathOfAutomation, expectationOf, removeFile, type Conditions } from '../domain/draft';
import { automationMissing } from '../domain/problems';
import { demandObject, type Access } from './access';
import type { Drafts } from './drafts';
import type { Facts } from './facts';
import type { ReadAutomations } from './read-automations';

export class DeleteAutomation {
  constructor(
    private readonly access: Access,
    private readonly automations: ReadAutomations,
    private readonly drafts: Drafts,
    private readonly facts: Facts,
  ) {}

  async run(context: CallContext, name: string, slug: string, conditions: Conditions): Promise<void> {
    const entered = await this.access.permit(context, name, 'delete', 'automations');
    const { workspace } = entered;
    const object = await this.automations.object(workspace.id, slug);
    if (object !== undefined) demandObject(entered, object);
    await this.drafts.change(context, workspace.id, (before) => {
      const document = removeFile(before, pathOfAutomation(before, slug), expectationOf(conditions));
      if (document === undefined) throw automationMissing(slug);
      const fact = { workspaceId: workspace.id, type: 'workspaces.automations.deleted', payload: { slug }, subject: `automation/${slug}` };
      return { document, events: [this.facts.of(context, fact)], result: undefined };
    });
  }
}
