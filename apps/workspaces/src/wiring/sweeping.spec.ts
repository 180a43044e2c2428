import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { SqliteDocuments } from '@millrace/documents';
import { servicePrincipal } from '@millrace/kernel';
import { temporaryFolder } from '@millrace/testing';
import { RELEASES, SLUG_ALIASES } from '../infrastructure/collections';
import { documentsOf } from './sweeping';

describe('what goes with a workspace', () => {
  it('are the slugs that it had, and none that another one had', async () => {
    using folder = temporaryFolder();
    const documents = await SqliteDocuments.open(join(folder.path, 'documents.db'));
    const aliases = await documents.collection(SLUG_ALIASES);
    for (const [slug, workspaceId] of [
      ['was', 'ws_1'],
      ['was-before', 'ws_1'],
      ['other', 'ws_2'],
    ] as const) {
      await aliases.insert({ slug, workspaceId, until: 1 });
    }
    const context = { principal: servicePrincipal('workspaces'), correlationId: 'cor_1', deadline: 0 };
    for (const each of await documentsOf(documents, await documents.collection(RELEASES))) await each.remove(context, 'ws_1');
    expect((await aliases.page({ limit: 10 })).items.map(({ document }) => document.slug)).toEqual(['other']);
    await documents.close();
  });
});
