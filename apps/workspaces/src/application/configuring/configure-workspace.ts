import { DomainError, type Clock, type JsonMap } from '@millrace/kernel';
import type { CallContext } from '@millrace/messaging';
import { countingNames, type Overwrites } from '../../domain/configuring/written-config';
import { demandRevision, writeFile, type Conditions, type DraftFile, type Expectation } from '../../domain/draft';
import type { Workspace } from '../../domain/workspace';
import type { Access } from '../access';
import type { AppDocuments } from '../apps/ports/app-documents';
import { expectedRevision } from '../expected-revision';
import type { DraftTrees } from '../drafting/draft-trees';
import type { Drafts } from '../drafts';
import type { Facts } from '../facts';
import type { Configuration, DocumentEdits } from '../ports/document-edits';
import type { FileStore } from '../ports/file-store';
import type { WrittenConfigs } from './written-configs';

/** A configuration, and the file it stands in; absent: there is none yet. */
export interface ConfigurationView extends Configuration {
  readonly file?: DraftFile;
  /** What automations have written over the one that a version declares. */
  readonly written: Overwrites;
  /** Where each value comes from, as it would be in force. */
  readonly sources: Readonly<Record<string, string>>;
}

/** What a configuration shall be; without a schema, that stays as it is. */
export type Configured = Pick<Configuration, 'value'> & Partial<Configuration>;

/** What the environment of the platform says of the values of configurations, by the slug of the workspace. */
export interface ConfigEnvironment {
  resolve(
    what: 'workspace',
    slug: string,
    declared: Configuration,
  ): { readonly value: JsonMap; readonly sources: Readonly<Record<string, string>> };
}

export interface ConfigureWorkspaceParts {
  readonly access: Access;
  readonly drafts: Drafts;
  readonly files: FileStore;
  readonly edits: DocumentEdits;
  readonly documents: Pick<AppDocuments, 'configProblems'>;
  readonly configs: Pick<WrittenConfigs, 'find'>;
  readonly environment: ConfigEnvironment;
  readonly trees: DraftTrees;
  readonly facts: Facts;
  readonly clock: Clock;
}

/** The document as it was read; without a file, as it would be made. */
interface Found {
  readonly text: string;
  readonly file?: DraftFile;
}

const PATH = 'workspace.yaml';
/** How often the draft may change under our hands. */
const ATTEMPTS = 10;

/** Shows and writes the configuration that a draft has in its `workspace.yaml`. */
export class ConfigureWorkspace {
  constructor(private readonly parts: ConfigureWorkspaceParts) {}

  async get(context: CallContext, name: string): Promise<ConfigurationView> {
    const { access, edits } = this.parts;
    const { workspace } = await access.require(context, name, 'read', 'config');
    const { file, text } = await this.read(workspace);
    return { ...(await this.view(workspace, edits.configuration({ path: PATH, text }))), ...(file === undefined ? {} : { file }) };
  }

  /** Refuses what the schema does not allow (`workspaces.config_invalid`). Values are told of to nobody, only their names. */
  async set(context: CallContext, name: string, wanted: Configured, conditions: Conditions): Promise<ConfigurationView> {
    const { workspace } = await this.parts.access.require(context, name, 'update', 'config');
    const expected = expectedRevision(conditions);
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const found = await this.read(workspace);
      demandRevision(PATH, found.file, demandOf(found.file, expected));
      const written = await this.write(context, workspace, found, wanted);
      if (written !== undefined) return written;
    }
    throw new DomainError('workspaces.draft_busy', 'unavailable', 'The draft keeps changing. Try again in a moment.');
  }

  /** Undefined when somebody changed the file meanwhile. */
  private async write(
    context: CallContext,
    workspace: Workspace,
    { text, file: read }: Found,
    wanted: Configured,
  ): Promise<ConfigurationView | undefined> {
    const { clock, drafts, edits, files, trees } = this.parts;
    const { id: workspaceId } = workspace;
    const before = edits.configuration({ path: PATH, text });
    const next = { ...before, ...wanted };
    this.demandFit(next);
    const { digest, size } = await files.put(workspaceId, edits.configure({ path: PATH, text }, next));
    const changed = changedNames(before, next);
    const file = await drafts.change(context, workspaceId, (draft) => {
      const found = draft.files[PATH];
      if (found?.digest !== read?.digest) return { document: draft, events: [], result: undefined };
      const write = { path: PATH, digest, size, by: context.principal.id, at: clock.now() };
      const { draft: document, file: written } = writeFile(draft, write, demandOf(found, undefined));
      const told = document === draft ? [] : this.tell(context, workspaceId, changed, trees.digestOf(document));
      return { document, events: told, result: written };
    });
    return file === undefined ? undefined : { ...(await this.view(workspace, next)), file };
  }

  private async view({ id: workspaceId, slug }: Workspace, configuration: Configuration): Promise<ConfigurationView> {
    const { configs, environment } = this.parts;
    const { values: written } = await configs.find({ workspaceId, instance: '' });
    const { value, sources } = environment.resolve('workspace', slug, configuration);
    const overwritten = Object.fromEntries(countingNames(value, written).map((name) => [name, 'written' as const]));
    return { ...configuration, written, sources: { ...sources, ...overwritten } };
  }

  private async read({ id, name }: Workspace): Promise<Found> {
    const file = (await this.parts.drafts.read(id)).files[PATH];
    if (file === undefined) return { text: `name: ${JSON.stringify(name)}\n` };
    return { file, text: await this.parts.files.get(id, file.digest) };
  }

  private demandFit({ schema, value }: Configuration): void {
    const [first, ...others] = this.parts.documents.configProblems(schema, value);
    if (first === undefined) return;
    const problems = [first, ...others];
    const detail = problems.map(({ pointer, detail: what }) => `${pointer === '' ? 'The whole' : pointer} ${what}`).join('; ');
    throw new DomainError('workspaces.config_invalid', 'invalid', `The configuration is not what its schema allows. ${detail}.`, {
      errors: problems.map(({ pointer, detail: what }) => ({ pointer: `/value${pointer}`, code: 'config', detail: what })),
    });
  }

  private tell(context: CallContext, workspaceId: string, changed: readonly string[], digest: string) {
    const { facts } = this.parts;
    return [
      facts.of(context, { workspaceId, type: 'workspaces.configured', payload: { changed }, subject: `workspace/${workspaceId}` }),
      facts.of(context, { workspaceId, type: 'workspaces.drafts.changed', payload: { paths: [PATH], digest }, subject: 'draft' }),
    ];
  }
}

/** A file that is not there yet is at revision 0. */
function demandOf(file: DraftFile | undefined, expected: number | undefined): Expectation {
  const revision = expected ?? file?.revision ?? 0;
  return revision === 0 ? { kind: 'absent' } : { kind: 'revision', revision };
}

function changedNames(before: Configuration, after: Configuration): readonly string[] {
  const isSame = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);
  const own = (value: JsonMap, key: string): unknown => (Object.hasOwn(value, key) ? value[key] : undefined);
  const names = new Set([...Object.keys(before.value), ...Object.keys(after.value)]);
  const changed = [...names].filter((key) => !isSame(own(before.value, key), own(after.value, key))).sort();
  return isSame(before.schema, after.schema) ? changed : ['(schema)', ...changed];
}
