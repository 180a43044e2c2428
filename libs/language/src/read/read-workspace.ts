import type { Json, JsonMap } from '@millrace/kernel';
import type { Problem } from '../problems/problem';
import { isMap, ownOf, textOf } from '../values/value';
import type { AppPermissions, AppSources, EventSource, WorkspaceSources } from '../workspace/sources';
import { slugOf } from '../workspace/slug';
import { workspaceShape } from './automation-shape';
import { call } from '../instructions/flow/call';
import { parseYaml } from './parse-yaml';
import { readAutomation } from './read';
import type { ReadAutomation } from './read';
import { problemIn } from './report';
import { childOf, mapOf, textChild, valueOf } from './tree';
import type { Tree } from './tree';
import { appsShape, eventShape } from './other-shapes';
import { verify } from './verify';
import type { Vocabulary } from './verify';

/** The automations of a workspace, or of one app instance in it. */
export interface InstanceReading {
  /** Empty for the workspace itself, `crm.mail` for an instance in an instance. */
  readonly path: string;
  /** The slug of its app, and of the app it is installed in. */
  readonly app?: string;
  readonly parentApp?: string;
  readonly disabled: boolean;
  readonly automations: readonly ReadAutomation[];
  readonly slugs: ReadonlySet<string>;
  readonly events: readonly DeclaredEvent[];
  /** What `$workspace` is there. */
  readonly document: Json;
  /** What it may do; absent: everything. */
  readonly permissions?: AppPermissions;
}

export interface WorkspaceSettings {
  readonly timeZone: string;
  readonly locale: string;
  readonly limits: JsonMap;
  /** `workspace.yaml`, with places. */
  readonly tree?: Tree;
}

/** An event the workspace declares. */
export interface DeclaredEvent {
  readonly type: string;
  readonly schema?: Json;
  /** What becomes of a payload that does not fit. */
  readonly mode: 'enforce' | 'warn' | 'off';
  /** Number of its schema; absent: it has none, or was never published. */
  readonly version?: number;
  /** Path into the payload whose value orders the events. */
  readonly key?: string;
  /** Paths into the payload that must not be kept. */
  readonly secret: readonly string[];
  /** Its document, with places. */
  readonly tree?: Tree;
}

/** A workspace, read with all its apps. */
export interface WorkspaceReading {
  readonly instances: readonly InstanceReading[];
  readonly settings: WorkspaceSettings;
  /** Events declared in the workspace itself. */
  readonly events: readonly DeclaredEvent[];
  readonly problems: readonly Problem[];
}

/** Reads a workspace and the apps in it. Never throws. */
export function readWorkspace(sources: WorkspaceSources): WorkspaceReading {
  const workspace = readSettings(sources);
  const own = readInstance(sources, '', workspace);
  const apps = readApps(sources.apps ?? {}, { path: '', disabled: false });
  const { document } = workspace;
  const { region = {} } = sources;
  const zone = ownOf(document, 'timeZone');
  const locale = ownOf(document, 'locale');
  const limits = ownOf(document, 'limits');
  return {
    instances: [own.instance, ...apps.map(({ instance }) => instance)],
    settings: {
      timeZone: typeof zone === 'string' ? zone : (region.timeZone ?? 'UTC'),
      locale: typeof locale === 'string' ? locale : (region.locale ?? 'en'),
      limits: isMap(limits) ? limits : {},
      ...(workspace.tree === undefined ? {} : { tree: workspace.tree }),
    },
    events: own.instance.events,
    problems: [...workspace.problems, ...installedProblems(sources), ...own.problems, ...apps.flatMap(({ problems }) => problems)],
  };
}

function readEvent({ file, text, version }: EventSource): { readonly event: DeclaredEvent; readonly problems: readonly Problem[] } {
  const { tree, problems } = parseYaml(text, file);
  const type = textChild(tree, 'type') ?? file.replace(/^(?:.*\/)?events\//, '').replace(/\.(?:ya?ml|json)$/, '');
  const schema = childOf(tree, 'schema');
  const mode = textChild(tree, 'mode');
  const key = textChild(tree, 'key');
  const secret = childOf(tree, 'secret');
  const event: DeclaredEvent = {
    type,
    mode: mode === 'enforce' || mode === 'off' ? mode : 'warn',
    secret: secret === undefined ? [] : [valueOf(secret)].flat().map(textOf),
    ...(version === undefined ? {} : { version }),
    ...(key === undefined ? {} : { key }),
    ...(schema === undefined ? {} : { schema: valueOf(schema) }),
    ...(tree === undefined ? {} : { tree }),
  };
  return { event, problems: [...problems, ...(tree === undefined ? [] : verify(tree, eventShape, SETTINGS))] };
}

function installedProblems({ installed }: WorkspaceSources): readonly Problem[] {
  if (installed === undefined) return [];
  const { tree, problems } = parseYaml(installed.text, installed.file);
  return [...problems, ...(tree === undefined ? [] : verify(tree, appsShape, SETTINGS))];
}

/** Documents without instructions. */
const SETTINGS: Vocabulary = { bodyOf: () => call.body, lenient: false };

interface Settings {
  readonly tree?: Tree;
  readonly document: JsonMap;
  readonly problems: readonly Problem[];
}

function readSettings({ workspace }: WorkspaceSources): Settings {
  if (workspace === undefined) return { document: {}, problems: [] };
  const { tree, problems } = parseYaml(workspace.text, workspace.file);
  if (tree?.kind !== 'map') {
    return {
      document: {},
      problems: tree === undefined ? problems : [...problems, problemIn('value-type', tree, 'A workspace is a map of keys.')],
    };
  }
  const lenient = mapOf(tree)['compat'] === 'prisme';
  return {
    tree,
    document: mapOf(tree),
    problems: [...problems, ...verify(tree, workspaceShape, { ...SETTINGS, lenient })],
  };
}

/** An instance that was read, and what is wrong with it. */
export interface Reading {
  readonly instance: InstanceReading;
  readonly problems: readonly Problem[];
}

/** The settings of an app with the configuration of its instance laid over the values it brings. */
function configured(settings: Settings, over: JsonMap | undefined): Settings {
  if (over === undefined) return settings;
  const config = ownOf(settings.document, 'config');
  const value = isMap(config) ? ownOf(config, 'value') : undefined;
  const laid = { ...(isMap(config) ? config : {}), value: { ...(isMap(value) ? value : {}), ...over } };
  return { ...settings, document: { ...settings.document, config: laid } };
}

function readInstance(sources: WorkspaceSources, path: string, { document }: Settings, disabled = false): Reading {
  const prisme = ownOf(document, 'compat') === 'prisme';
  const known = new Set(sources.automations.map(({ slug, file }) => slug ?? slugOf(file)));
  const found = sources.automations.map(({ file, text, slug }) =>
    readAutomation(text, file, { prisme, slugs: known, ...(slug === undefined ? {} : { slug }) }),
  );
  const automations = found.flatMap((reading) => (reading.document === undefined ? [] : [reading.document]));
  const events = (sources.events ?? []).map(readEvent);
  const { instance, problems } = instanceOf(path, automations, { document, disabled, events: events.map(({ event }) => event) });
  return { instance, problems: [...[...found, ...events].flatMap((reading) => reading.problems), ...problems] };
}

/** Puts automations that were read together as those of a workspace or of an app instance. */
export function instanceOf(
  path: string,
  automations: readonly ReadAutomation[],
  { document, disabled, events }: Pick<InstanceReading, 'disabled' | 'events'> & { readonly document: JsonMap },
): Reading {
  return {
    instance: {
      path,
      disabled,
      automations,
      events,
      slugs: new Set(automations.map(({ slug }) => slug)),
      document: { ...document, automations: Object.fromEntries(automations.map(({ slug, value }) => [slug, value])) },
    },
    problems: duplicates(automations),
  };
}

function duplicates(automations: readonly ReadAutomation[]): readonly Problem[] {
  const seen = new Map<string, ReadAutomation>();
  return automations.flatMap((automation) => {
    const first = seen.get(automation.slug);
    if (first === undefined) seen.set(automation.slug, automation);
    return first === undefined
      ? []
      : [problemIn('slug-duplicate', automation.tree, `The slug \`${automation.slug}\` is taken by ${first.file}.`)];
  });
}

function appNames(app: string | undefined, parentApp: string | undefined): Pick<InstanceReading, 'app' | 'parentApp'> {
  return { ...(app === undefined ? {} : { app }), ...(parentApp === undefined ? {} : { parentApp }) };
}

interface Parent {
  readonly path: string;
  readonly app?: string | undefined;
  readonly disabled: boolean;
}

function readApps(apps: Readonly<Record<string, AppSources>>, { path: parent, app: parentApp, disabled }: Parent): readonly Reading[] {
  return Object.entries(apps).flatMap(([name, app]) => {
    const path = parent === '' ? name : `${parent}.${name}`;
    const settings = configured(readSettings(app), app.config);
    const off = disabled || app.disabled === true;
    const reading = readInstance(app, path, settings, off);
    const { permissions } = app;
    const instance = {
      ...reading.instance,
      ...appNames(app.app, parentApp),
      ...(permissions === undefined ? {} : { permissions }),
    };
    return [
      { instance, problems: [...settings.problems, ...reading.problems] },
      ...readApps(app.apps ?? {}, { path, app: app.app, disabled: off }),
    ];
  });
}
