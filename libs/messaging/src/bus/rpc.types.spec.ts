import { describe, expect, it } from '@jest/globals';
import { WorkspacesService, type GetWorkspaceRequest, type PublishVersionRequest } from '@millrace/contracts';
import { Rpc, type CallContext } from '../index';

const { method } = WorkspacesService;

/** Each marked line must not compile: the types stage of `verify` reports an expectation that finds no error. */
class Mismatched {
  // @ts-expect-error another method's request
  @Rpc(method.getWorkspace)
  async request(_request: PublishVersionRequest, _context: CallContext) {
    return {};
  }

  // @ts-expect-error another method's answer
  @Rpc(method.getWorkspace)
  async answer(_request: GetWorkspaceRequest, _context: CallContext) {
    return { version: { id: 'ver_1' } };
  }

  // @ts-expect-error one answer where a stream is promised
  @Rpc(method.fetchModel)
  async single() {
    return { path: '', text: '' };
  }

  @Rpc(method.getWorkspace)
  async right({ workspaceId }: GetWorkspaceRequest, _context: CallContext) {
    return { workspace: { id: workspaceId } };
  }
}

describe('Rpc', () => {
  it('compiles a handler with its own types only', () => {
    expect(Object.getOwnPropertyNames(Mismatched.prototype)).toContain('right');
  });
});
