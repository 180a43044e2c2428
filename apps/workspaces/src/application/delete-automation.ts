import type { CallContext } from '@millrace/messaging';
import { automationPath, expectationOf, removeFile, type Conditions } from '../domain/draft';
import { automationMissing } from '../domain/problems';
import type { Access } from './access';
import type { Drafts } from './drafts';
import type { Facts } from './facts';

export class DeleteAutomation {
  constructor(
    private readonly access: Access,
    private readonly drafts: Drafts,
    private readonly facts: Facts,
  ) {}

  async run(context: CallContext, name: string, slug: string, conditions: Conditions): Promise<void> {
    const { workspace } = await this.access.require(context, name, 'delete', 'automations');
    await this.drafts.change(workspace.id, (before) => {
      const document = removeFile(before, automationPath(slug), expectationOf(conditions));
      if (document === undefined) throw automationMissing(slug);
      const fact = { workspaceId: workspace.id, type: 'workspaces.automations.deleted', payload: { slug }, subject: `automation/${slug}` };
      return { document, events: [this.facts.of(context, fact)], result: undefined };
    });
  }
}
