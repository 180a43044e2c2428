import { describe, expect, it } from '@jest/globals';
import type { Server } from '../server/server';
import { published } from './published';

/** A server whose draft has this digest when it is published. */
function serverWith(digest: string) {
  const asked: unknown[] = [];
  const answer = (request: unknown) => {
    asked.push(request);
    return Promise.resolve({ number: 7, digest });
  };
  const api = { workspaces: { publishVersion: answer }, versions: { activateVersion: answer } };
  return { asked, server: { api } as unknown as Server };
}

const publishing = { workspaceId: 'ws_1', slug: 'hotel', message: 'greet by name', digest: 'mine' };
const publish = { workspaceId: 'ws_1', message: 'greet by name', activate: false };

describe('what was applied', () => {
  it('is published, and runs when it is what it should be', async () => {
    const { asked, server } = serverWith('mine');
    expect(await published(server, publishing)).toMatchObject({ number: 7, digest: 'mine' });
    expect(asked).toEqual([publish, { workspaceId: 'ws_1', version: '7' }]);
  });

  it('does not run when somebody changed the draft meanwhile', async () => {
    const { asked, server } = serverWith('theirs');
    await expect(published(server, publishing)).rejects.toMatchObject({ code: 'cli.published_other', refusal: 'conflict' });
    expect(asked).toEqual([publish]);
  });
});
