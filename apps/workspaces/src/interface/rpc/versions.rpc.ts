import type { MessageInitShape } from '@bufbuild/protobuf';
import {
  VersionsService,
  type ActivateVersionRequest,
  type CheckoutVersionRequest,
  type DeleteVersionRequest,
  type DiffVersionsRequest,
  type DocumentChangeSchema,
  type ExportVersionRequest,
  type GetVersionRequest,
  type UpdateVersionRequest,
} from '@millrace/contracts';
import { Rpc, type CallContext } from '@millrace/messaging';
import { Controller, Inject } from '@nestjs/common';
import { ChangeVersions } from '../../application/versions/change-versions';
import { CheckoutVersion } from '../../application/versions/checkout-version';
import { DiffVersions, type FileDifference } from '../../application/versions/diff-versions';
import { ExportVersion } from '../../application/versions/export-version';
import { VersionTrees } from '../../application/versions/version-trees';
import { versionMessage } from './views';

const { method } = VersionsService;
const READ = { action: 'read', subject: 'versions' };

/** The calls on versions, one by one. */
@Controller()
export class VersionsRpc {
  constructor(
    @Inject(VersionTrees) private readonly trees: VersionTrees,
    @Inject(ChangeVersions) private readonly change: ChangeVersions,
    @Inject(CheckoutVersion) private readonly checkoutVersion: CheckoutVersion,
    @Inject(DiffVersions) private readonly diffVersions: DiffVersions,
    @Inject(ExportVersion) private readonly exportVersion: ExportVersion,
  ) {}

  @Rpc(method.getVersion)
  async get({ workspaceId: workspace, version: name }: GetVersionRequest, context: CallContext) {
    const found = await this.trees.get(context, { workspace, version: name }, READ);
    const shown = versionMessage(found.version, await this.trees.problems(found));
    return { version: shown, files: found.tree.map((file) => ({ ...file })), active: found.isActive, etag: shown.etag ?? '' };
  }

  @Rpc(method.updateVersion)
  async name({ workspaceId: workspace, version, name, ifMatch }: UpdateVersionRequest, context: CallContext) {
    return { version: versionMessage(await this.change.name(context, { workspace, version }, name, { ifMatch })) };
  }

  @Rpc(method.deleteVersion)
  async delete({ workspaceId: workspace, version, ifMatch }: DeleteVersionRequest, context: CallContext) {
    await this.change.delete(context, { workspace, version }, { ifMatch });
    return {};
  }

  @Rpc(method.activateVersion)
  async activate({ workspaceId: workspace, version }: ActivateVersionRequest, context: CallContext) {
    return { version: versionMessage(await this.change.activate(context, { workspace, version })) };
  }

  @Rpc(method.checkoutVersion)
  async checkout({ workspaceId: workspace, version, exclude }: CheckoutVersionRequest, context: CallContext) {
    const { created, changed, removed } = await this.checkoutVersion.run(context, { workspace, version }, exclude);
    return { created: [...created], changed: [...changed], removed: [...removed] };
  }

  @Rpc(method.diffVersions)
  async diff({ workspaceId: workspace, version, with: other }: DiffVersionsRequest, context: CallContext) {
    const files = await this.diffVersions.run(context, { workspace, version }, other);
    return { files: files.map(({ changes, ...file }) => ({ ...file, changes: changes.map(changeMessage) })) };
  }

  @Rpc(method.exportVersion)
  async *export({ workspaceId: workspace, version, format, apps }: ExportVersionRequest, context: CallContext) {
    const asked = { format: format === 'zip' ? 'zip' : 'tar.gz', apps } as const;
    const { name, bytes } = await this.exportVersion.run(context, { workspace, version }, asked);
    yield { name, bytes: new Uint8Array() };
    for await (const piece of bytes) yield { name: '', bytes: Uint8Array.from(piece) };
  }
}

function changeMessage({
  before,
  after,
  from = '',
  ...change
}: FileDifference['changes'][number]): MessageInitShape<typeof DocumentChangeSchema> {
  const text = (value: typeof before): string => (value === undefined ? '' : JSON.stringify(value));
  return { ...change, from, before: text(before), after: text(after) };
}
