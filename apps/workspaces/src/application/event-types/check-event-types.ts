import type { Collection } from '@millrace/documents';
import { eventTypeName, eventTypePath, type EventType } from '../../domain/event-types/event-type';
import { narrowings, type Narrowing } from '../../domain/event-types/narrowing';
import type { DocumentProblem } from '../../domain/problems';
import { activeVersion, parseTree, type Releases } from '../../domain/releases';
import { automationSlug } from '../../domain/draft';
import type { EventTypeDocuments } from '../ports/event-type-documents';
import type { SourceFile } from '../ports/checker';
import type { FileStore } from '../ports/file-store';
import type { EventTypeFiles } from './event-type-files';

/** The code of what `force` lets through. */
export const NARROWED = 'event-type-narrowed';

export interface CheckEventTypesParts {
  readonly releases: Collection<Releases>;
  readonly files: FileStore;
  readonly documents: EventTypeDocuments;
  readonly declared: EventTypeFiles;
}

/** Looks for event types whose schemas would refuse what the version that runs accepts, and for who that would break. */
export class CheckEventTypes {
  constructor(private readonly parts: CheckEventTypesParts) {}

  async run(workspaceId: string, sources: readonly SourceFile[]): Promise<readonly DocumentProblem[]> {
    const { documents } = this.parts;
    const declarations = sources.filter(({ path }) => eventTypeName(path) !== undefined);
    if (declarations.length === 0) return [];
    const before = new Map((await this.running(workspaceId)).map((type) => [type.type, type]));
    return declarations.flatMap((file) => {
      const after = documents.read(file);
      return [...documents.checkName(file), ...narrowed(before.get(after.type), after, sources)];
    });
  }

  private async running(workspaceId: string): Promise<readonly EventType[]> {
    const { releases, files, declared } = this.parts;
    const stored = await releases.find(workspaceId);
    const active = stored === undefined ? undefined : activeVersion(stored.document);
    return active === undefined ? [] : declared.read(workspaceId, parseTree(await files.get(workspaceId, active.digest)));
  }
}

function narrowed(before: EventType | undefined, after: EventType, sources: readonly SourceFile[]): readonly DocumentProblem[] {
  if (before?.schema === undefined || after.schema === undefined || after.compatibility === 'none') return [];
  return narrowings(before.schema, after.schema).map(({ pointer, detail }) => ({
    ...{ code: NARROWED, severity: 'error' as const, file: eventTypePath(after.type), line: 1, column: 1, path: '/schema' },
    message: `A payload of \`${after.type}\` that was accepted would not fit any more: ${pointer === '' ? 'it' : pointer} ${detail}.${usersText(after.type, pointer, sources)} Publish with \`force\`, or say \`compatibility: none\`.`,
  }));
}

function usersText(type: string, pointer: Narrowing['pointer'], sources: readonly SourceFile[]): string {
  const users = usersOf(type, pointer, sources);
  return users.length === 0 ? '' : ` Used by ${users.join(', ')}.`;
}

/** The automations that speak of the event and of the field by their names. */
function usersOf(type: string, pointer: string, sources: readonly SourceFile[]): readonly string[] {
  const field = pointer.split('/').findLast((key) => key !== '' && key !== '*');
  return sources.flatMap(({ path, text }) => {
    const slug = automationSlug(path);
    return slug !== undefined && text.includes(type) && (field === undefined || text.includes(field)) ? [slug] : [];
  });
}
