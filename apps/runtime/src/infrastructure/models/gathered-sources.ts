import type { AppPermissions as Permissions, MountedApp } from '@millrace/contracts';
import type { JsonMap } from '@millrace/kernel';
import { slugOf, type AppPermissions, type AppSources, type AutomationSource, type EventSource, type SourceText } from '@millrace/language';

/** A file as the service of workspaces hands it out, or the beginning of an app. */
export interface HandedFile {
  /** Empty where an app begins. */
  readonly path: string;
  readonly text: string;
  /** Path of the app instance; empty: the workspace itself. */
  readonly instance: string;
  readonly app?: MountedApp | undefined;
  /** Number of its schema; 0: it has none. */
  readonly schemaVersion: number;
  /** Of an asset, which is only named: its digest and bytes. Empty: it is a text. */
  readonly digest?: string;
  readonly size?: number;
}

/** The files of a workspace or of an app in it, as they come. */
interface Gathered {
  automations: AutomationSource[];
  events: EventSource[];
  workspace?: SourceText;
  app?: MountedApp;
  readonly apps: Map<string, Gathered>;
}

const decoder = new TextDecoder();

/** The sources that files stand for: those of a workspace, and in it those of its apps, each after the one it stands in. */
export async function gather(files: AsyncIterable<HandedFile> | Iterable<HandedFile>): Promise<AppSources> {
  const whole = nothing();
  for await (const file of files) take(at(whole, file.instance), file);
  return sourcesOf(whole);
}

function nothing(): Gathered {
  return { automations: [], events: [], apps: new Map() };
}

/** The place of an instance; it is made when something comes for it. */
function at(whole: Gathered, instance: string): Gathered {
  const names = instance === '' ? [] : instance.split('.');
  return names.reduce((host, name) => {
    const app = host.apps.get(name) ?? nothing();
    host.apps.set(name, app);
    return app;
  }, whole);
}

function take(place: Gathered, { path: file, text, app, schemaVersion: version }: HandedFile): void {
  if (app !== undefined) place.app = app;
  else if (file.startsWith('automations/')) place.automations.push({ file, text, slug: slugOf(file) });
  else if (/^events\/.+\.ya?ml$/.test(file)) place.events.push({ file, text, ...(version === 0 ? {} : { version }) });
  else if (file === 'workspace.yaml') place.workspace = { file, text };
}

function sourcesOf({ automations, events, workspace, app, apps }: Gathered): AppSources {
  return {
    ...{ automations, events },
    ...(workspace === undefined ? {} : { workspace }),
    ...(app === undefined ? {} : installed(app)),
    ...(apps.size === 0 ? {} : { apps: Object.fromEntries([...apps].map(([name, inner]) => [name, sourcesOf(inner)])) }),
  };
}

function installed({ slug, config, disabled, permissions }: MountedApp): Pick<AppSources, 'app' | 'config' | 'disabled' | 'permissions'> {
  return {
    ...{ app: slug, disabled },
    config: config.length === 0 ? {} : (JSON.parse(decoder.decode(config)) as JsonMap),
    permissions: permissions === undefined ? NOTHING : permitted(permissions),
  };
}

const NOTHING: AppPermissions = { reads: [], emits: [], hosts: [], secrets: [], actions: [], topics: [], files: false };

function permitted({ reads, emits, hosts, secrets, actions, topics, files }: Permissions): AppPermissions {
  return { reads, emits, hosts, secrets, actions, topics, files };
}
