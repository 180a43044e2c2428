import { DomainError, type Clock } from '@millrace/kernel';
import type { CallContext } from '@millrace/messaging';
import { expectationOf, fileAt, removeFile, writeFile, type Conditions, type DraftFile } from '../../domain/draft';
import { documentRefused } from '../../domain/problems';
import { isAsset } from '../../domain/tree/assets';
import type { Access } from '../access';
import { draftFileMissing } from '../drafting/draft-assets';
import type { Drafts } from '../drafts';
import type { Facts } from '../facts';
import type { FileStore } from '../ports/file-store';
import type { RuleTests } from '../ports/rule-tests';
import { isRuleTests } from './check-rules';
import { ROLES_PATH } from './reads-roles';

/** A file of the draft, with its text. */
export interface FileText {
  readonly path: string;
  readonly text: string;
  readonly file: DraftFile;
}

/** A file of a workspace, by id or slug, and its path there. */
export interface FileName {
  readonly workspace: string;
  readonly path: string;
}

export interface DraftFilesParts {
  readonly access: Access;
  readonly drafts: Drafts;
  readonly files: FileStore;
  readonly tests: RuleTests;
  readonly facts: Facts;
  readonly clock: Clock;
}

/** Reads the files of a draft, and writes those that have no calls of their own: tests of rules. */
export class DraftFiles {
  constructor(private readonly parts: DraftFilesParts) {}

  async get(context: CallContext, { workspace: name, path }: FileName): Promise<FileText> {
    const { workspace } = await this.parts.access.require(context, name, 'read', 'automations');
    if (path === ROLES_PATH) await this.parts.access.require(context, name, 'read', 'roles');
    const file = fileAt(await this.parts.drafts.read(workspace.id), path);
    if (file === undefined) throw draftFileMissing(path);
    if (isAsset(path)) throw noText(path);
    return { path, file, text: await this.parts.files.get(workspace.id, file.digest) };
  }

  /** Refuses a file with mistakes (`workspaces.document_invalid`); what it expects is tried when the draft is checked. */
  async put(context: CallContext, { workspace: name, path }: FileName, text: string, conditions: Conditions): Promise<FileText> {
    const { access, drafts, files, tests, clock } = this.parts;
    const { workspace } = await access.require(context, name, 'manage', 'automations');
    if (!isRuleTests(path)) throw pathRefused(path);
    const { problems } = tests.read({ path, text });
    if (problems.length > 0) throw documentRefused(problems);
    const expectation = expectationOf(conditions);
    const { digest, size } = await files.put(workspace.id, text);
    const file = await drafts.change(context, workspace.id, (before) => {
      const write = { path, digest, size, by: context.principal.id, at: clock.now() };
      const { draft, file: written } = writeFile(before, write, expectation);
      return { document: draft, events: draft === before ? [] : [this.tell(context, workspace.id, path)], result: written };
    });
    return { path, text, file };
  }

  async delete(context: CallContext, { workspace: name, path }: FileName, conditions: Conditions): Promise<void> {
    const { workspace } = await this.parts.access.require(context, name, 'manage', 'automations');
    await this.parts.drafts.change(context, workspace.id, (before) => {
      const document = isRuleTests(path) ? removeFile(before, path, expectationOf(conditions)) : undefined;
      if (document === undefined) throw draftFileMissing(path);
      return { document, events: [this.tell(context, workspace.id, path)], result: undefined };
    });
  }

  private tell(context: CallContext, workspaceId: string, path: string) {
    return this.parts.facts.of(context, {
      workspaceId,
      type: 'workspaces.drafts.changed',
      payload: { paths: [path] },
      subject: `file/${path}`,
    });
  }
}

function pathRefused(path: string): DomainError {
  const detail = `"${path}" cannot be written here. Tests of rules are tests/<name>.rules.yaml; automations, roles and secrets have calls of their own.`;
  return new DomainError('workspaces.path_refused', 'invalid', detail, { errors: [{ pointer: '/path', code: 'path', detail }] });
}

function noText(path: string): DomainError {
  return new DomainError(
    'workspaces.file_not_text',
    'invalid',
    `"${path}" is an asset, and no text. Ask for its bytes: GET …/draft:content?path=.`,
    { facts: { path } },
  );
}
