import { check, read, slugOf, type AutomationDocument, type Known, type Problem } from '@millrace/language';
import type { JsonMap } from '@millrace/kernel';
import { Checker, type Described, type KnownApps, type KnownOutside, type SourceFile } from '../application/ports/checker';
import { reachedBy } from '../domain/apps/asked-of';
import { listOf } from '../domain/apps/contract';
import { INSTALLED_PATH } from '../domain/apps/installed';
import { automationSlug } from '../domain/draft';
import { eventTypeName } from '../domain/event-types/event-type';
import type { DocumentProblem } from '../domain/problems';

const UNKNOWN = 'automation-unknown';
/** Who hears an event is for all documents together to say. */
const UNHEARD = 'event-unheard';
/** What a document alone cannot know: names that other files, still to come, may give. They are errors when a version is published. */
const REFERENCES = new Set([UNKNOWN, 'automation-private', 'app-unknown', 'action-unknown', 'secret-unknown']);

/** What is told of a document that nobody can read. */
const UNREADABLE = { description: '', labels: [], listens: [], emits: [], calls: [], disabled: false, private: false };

/** Checks with the automation language. */
export class LanguageChecker extends Checker {
  constructor(private readonly bounds: Required<Pick<Known, 'shortestSchedule' | 'largestSource'>>) {
    super();
  }

  override checkFile(file: SourceFile, named: ReadonlySet<string>): readonly DocumentProblem[] {
    return this.checkTree([file])
      .filter(({ code, path }) => code !== UNHEARD && !(code === UNKNOWN && named.has(lastOf(path))))
      .map((problem) => (REFERENCES.has(problem.code) ? { ...problem, severity: 'warning' as const } : problem));
  }

  override checkTree(files: readonly SourceFile[], { apps, ...others }: KnownOutside = {}): readonly DocumentProblem[] {
    const sources = files.map(({ path, text }) => ({ file: path, text }));
    const automations = sources
      .filter(({ file }) => automationSlug(file) !== undefined)
      .map((source) => ({ ...source, slug: slugOf(source.file) }));
    const events = sources.filter(({ file }) => eventTypeName(file) !== undefined);
    const workspace = sources.find(({ file }) => file === 'workspace.yaml');
    const installed = sources.find(({ file }) => file === INSTALLED_PATH);
    const whole = {
      automations,
      events,
      ...(workspace === undefined ? {} : { workspace }),
      ...(installed === undefined ? {} : { installed }),
    };
    return check(whole, { ...this.bounds, ...others, ...(apps === undefined ? {} : { apps: knownOf(apps) }) }).map(problemOf);
  }

  override describe({ path, text }: SourceFile): Described {
    const { document } = read(text, path);
    return document === undefined ? { ...UNREADABLE, name: slugOf(path) } : describe(document);
  }
}

/** The last name of a JSON pointer: of a call, what it calls. */
function lastOf(pointer: string): string {
  return (pointer.split('/').at(-1) ?? '').replaceAll('~1', '/').replaceAll('~0', '~');
}

function knownOf(apps: KnownApps): NonNullable<Known['apps']> {
  return Object.fromEntries(
    Object.entries(apps).map(([instance, automations]) => [
      instance,
      { automations: Object.fromEntries(automations.map(({ slug, arguments: args }) => [slug, { arguments: args }])) },
    ]),
  );
}

function problemOf({ code, severity, file, line, column, path, message }: Problem): DocumentProblem {
  return { code, severity, file, line, column, path, message };
}

function describe({ slug, value, calls }: AutomationDocument): Described {
  const when = mapOf(value['when']);
  const endpoint = endpointOf(when['endpoint'], slug);
  return {
    name: textOf(value['name']) ?? slug,
    description: textOf(value['description']) ?? '',
    labels: listOf(value['labels']).flatMap((label) => textOf(label) ?? []),
    listens: listOf(when['events']).flatMap((entry) => textOf(entry) ?? textOf(mapOf(entry)['event']) ?? []),
    emits: [...new Set(emitted(value['do']))],
    calls: [...calls.map(calleeOf), ...reachedBy(value)].sort(),
    disabled: value['disabled'] === true,
    private: value['private'] === true,
    ...(endpoint === undefined ? {} : { endpoint }),
  };
}

/** Event types of all `emit` instructions, in their order; those that are made up only in a run are not among them. */
function emitted(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(emitted);
  return Object.entries(mapOf(value)).flatMap(([name, body]) => {
    const type = name === 'emit' ? textOf(mapOf(body)['event']) : undefined;
    return type === undefined || type.includes('{{') ? emitted(body) : [type];
  });
}

function calleeOf(name: string): string {
  return name.includes('.') ? `app/${name}` : `automation/${name}`;
}

function endpointOf(endpoint: unknown, slug: string): string | undefined {
  if (endpoint === undefined || endpoint === false || endpoint === null) return undefined;
  return textOf(endpoint) ?? textOf(mapOf(endpoint)['path']) ?? slug;
}

/** A plain text, or the first of a text by language. */
function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.values(value).find((text) => typeof text === 'string')
    : undefined;
}

function mapOf(value: unknown): JsonMap {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonMap) : {};
}
