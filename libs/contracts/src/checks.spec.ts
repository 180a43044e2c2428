import { describe, expect, it } from '@jest/globals';
import { create } from '@bufbuild/protobuf';
import { EventsService, problemsOf, WorkspacesService } from './index';

describe('problemsOf', () => {
  it('is empty for a request that keeps its checks', () => {
    const { input } = WorkspacesService.method.createWorkspace;
    expect(problemsOf(input, create(input, { name: 'Hello' }))).toEqual([]);
  });

  it('points at the field that breaks a check, with the check and a sentence', () => {
    const { input } = WorkspacesService.method.createWorkspace;
    const [problem, ...others] = problemsOf(input, create(input, { name: '', slug: 'ok-slug' }));
    expect(others).toEqual([]);
    expect(problem).toMatchObject({ pointer: '/name', code: 'string.min_len' });
    expect(problem?.detail).not.toBe('');
  });

  it('points into lists and nested messages', () => {
    const { input } = EventsService.method.emitEvents;
    const message = create(input, { workspaceId: 'ws', events: [{ type: 'a' }, { type: '' }] });
    expect(problemsOf(input, message).map(({ pointer }) => pointer)).toEqual(['/events/1/type']);
  });
});
