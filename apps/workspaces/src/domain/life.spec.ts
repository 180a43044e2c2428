import { describe, expect, it } from '@jest/globals';
import {
  deleteWorkspace,
  fillWorkspace,
  freezesOf,
  giveUpFilling,
  isHidden,
  isListed,
  isOver,
  restoreWorkspace,
  resume,
  showWorkspace,
  suspend,
} from './life';
import { createWorkspace, type Workspace } from './workspace';

const DAY = 86_400_000;
const hello = createWorkspace('ws_1', 'ada', { name: 'Hello' }, 0);
const change = { by: 'bob', at: DAY };
const all = { freezes: [], reason: 'Spam.', isOperators: true };

describe('a listed workspace', () => {
  it('is found as long as it is neither suspended nor deleted, and says that it wants to be', () => {
    const listed = { ...hello, listed: true };
    expect([hello, listed, suspend(listed, { ...all, freezes: ['events'] }, change)].map(isListed)).toEqual([false, true, true]);
    const gone = [suspend(listed, all, change), deleteWorkspace(listed, change), fillWorkspace(listed, DAY)];
    expect(gone.map(isListed)).toEqual([false, false, false]);
  });
});

describe('a suspended workspace', () => {
  it('is started again by operators alone when they stopped it, and their reason is told', () => {
    const stopped = suspend(hello, all, change);
    expect(() => resume(stopped, false, change)).toThrow('stopped this workspace: Spam. Ask them to start it again.');
    expect(freezesOf(resume(stopped, true, change))).toEqual([]);
  });

  it('is the operators’ too when it stands still because its owner has left', () => {
    const left: Workspace = { ...hello, state: 'suspended' };
    expect(() => resume(left, false, change)).toThrow('stopped this workspace. Ask them to start it again.');
    expect(resume(left, true, change)).toMatchObject({ state: 'active', updatedBy: 'bob' });
  });
});

describe('a deleted workspace', () => {
  it('comes back as it was, within thirty days', () => {
    const stopped = suspend(hello, all, change);
    expect(restoreWorkspace(deleteWorkspace(stopped, change), change)).toMatchObject({
      state: 'suspended',
      suspension: { reason: 'Spam.' },
    });
    const deleted = deleteWorkspace(hello, change);
    expect(restoreWorkspace(deleted, { by: 'ada', at: 30 * DAY })).toMatchObject({ state: 'active', updatedBy: 'ada' });
    expect(() => restoreWorkspace(deleted, { by: 'ada', at: 31 * DAY })).toThrow(expect.objectContaining({ code: 'workspaces.not_found' }));
    expect(() => restoreWorkspace(hello, change)).toThrow(expect.objectContaining({ code: 'workspaces.not_found' }));
  });

  it('counts its days from its last change where nobody wrote down when it goes', () => {
    const { purgeAt: _, before: __, ...old } = deleteWorkspace(hello, change);
    expect([isOver(old, 31 * DAY - 1), isOver(old, 31 * DAY), isOver(hello, 99 * DAY)]).toEqual([false, true, false]);
    expect(restoreWorkspace(old, change).state).toBe('active');
  });
});

describe('a workspace that is filled', () => {
  const filling = fillWorkspace(hello, DAY);

  it('is found once it is shown, as any other; shown again it stays as it is', () => {
    const shown = showWorkspace(filling);
    expect(shown).toEqual(hello);
    expect(showWorkspace(shown)).toBe(shown);
    expect([isHidden(filling), isHidden(shown)]).toEqual([true, false]);
  });

  it('goes when its time is over, or at once when it is given up; then nobody shows it or has it back', () => {
    expect([isOver(filling, DAY - 1), isOver(filling, DAY)]).toEqual([false, true]);
    const gone = giveUpFilling(filling, 7);
    expect([isOver(gone, 7), giveUpFilling(hello, 7)]).toEqual([true, hello]);
    expect(() => showWorkspace(gone)).toThrow(expect.objectContaining({ code: 'workspaces.filling_given_up' }));
    for (const hidden of [filling, gone]) {
      expect(() => restoreWorkspace(hidden, change)).toThrow(expect.objectContaining({ code: 'workspaces.not_found' }));
    }
  });
});
