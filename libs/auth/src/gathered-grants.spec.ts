import { create } from '@bufbuild/protobuf';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { WorkspacesService, type GetGrantsResponse } from '@millrace/contracts';
import type { Principal } from '@millrace/kernel';
import { GatheredGrants } from './gathered-grants';

const ada: Principal = { kind: 'user', id: 'usr_ada', roles: [] };

describe('grants that many ask for at once', () => {
  let grants: GatheredGrants;
  let questions: PromiseWithResolvers<GetGrantsResponse>[];
  let onQuestion: () => void;

  const ask = (workspace = 'ws_1', principal = ada) =>
    grants.of(principal, workspace, () => {
      const question = Promise.withResolvers<GetGrantsResponse>();
      questions.push(question);
      onQuestion();
      return question.promise;
    });
  /** Resolves when so many questions have begun. */
  const begun = (count: number): Promise<void> =>
    new Promise((resolve) => {
      onQuestion = () => (questions.length >= count ? resolve() : undefined);
      onQuestion();
    });
  const answer = (index: number): GetGrantsResponse => {
    const found = create(WorkspacesService.method.getGrants.output, { workspaceId: 'ws_1' });
    questions[index]?.resolve(found);
    return found;
  };

  beforeEach(() => {
    grants = new GatheredGrants();
    questions = [];
    onQuestion = () => undefined;
  });

  it('are asked for once for all who ask in one turn, and apart for each caller and workspace', async () => {
    const [one, two] = [ask(), ask()];
    void ask('ws_2');
    void ask('ws_1', { ...ada, id: 'usr_bob' });
    await begun(3);
    const found = answer(0);
    expect([await one, await two]).toEqual([found, found]);
    expect(questions.length).toBe(3);
  });

  it('are never those of a question that began before: who comes later waits for the next one', async () => {
    const early = ask();
    await begun(1);
    const late = [ask(), ask()];
    const before = answer(0);
    expect(await early).toBe(before);
    await begun(2);
    const after = answer(1);
    expect(await Promise.all(late)).toEqual([after, after]);
    expect(await late[0]).not.toBe(before);
  });

  it('are asked for again after a question that failed', async () => {
    const failing = ask();
    await begun(1);
    const waiting = ask();
    questions[0]?.reject(new Error('away'));
    await expect(failing).rejects.toThrow('away');
    await begun(2);
    const found = answer(1);
    expect(await waiting).toBe(found);
  });
});
