import { DomainError } from '@millrace/kernel';
import type { UnpackedFile } from './unpacking';

/** A version of an app in an archive. */
export interface PackedApp {
  readonly slug: string;
  /** `major.minor.patch`. */
  readonly number: string;
  /** From the root of the app. */
  readonly files: readonly UnpackedFile[];
}

/** A workspace as it comes in an archive, with the apps that came with it in their order there. */
export interface Unpacked {
  readonly files: readonly UnpackedFile[];
  readonly apps: readonly PackedApp[];
}

/** Where the files of an app stand. No file of a workspace can: no path of one has an `@`. */
const PLACE = /^apps\/([a-z][a-z0-9-]{1,38}[a-z0-9])@((?:0|[1-9]\d{0,5})(?:\.(?:0|[1-9]\d{0,5})){2})\//;

/** The folder of an app in an archive, with the `/` at its end. */
export function placeOf({ slug, number }: Pick<PackedApp, 'slug' | 'number'>): string {
  return `apps/${slug}@${number}/`;
}

/** A path as it is in the workspace, or in the app of an archive, that the file is of. */
export function ownPath(path: string): string {
  return path.replace(PLACE, '');
}

/** The files of a workspace on the one side, those of each app on the other. */
export function withApps(all: readonly UnpackedFile[]): Unpacked {
  const apps = new Map<string, PackedApp & { readonly files: UnpackedFile[] }>();
  const files = all.filter((file) => {
    const [place = '', slug = '', number = ''] = PLACE.exec(file.path) ?? [];
    if (place === '') return true;
    const app = apps.get(place) ?? { slug, number, files: [] };
    apps.set(place, app);
    app.files.push({ ...file, path: ownPath(file.path) });
    return false;
  });
  return { files, apps: [...apps.values()] };
}

/** One of the apps in the place of the workspace, by its `slug@number`; the others stay beside it. */
export function appAlone({ apps }: Unpacked, name: string): Unpacked & { readonly app: PackedApp } {
  const app = apps.find(({ slug, number }) => `${slug}@${number}` === name);
  if (app !== undefined) return { app, files: app.files, apps: apps.filter((each) => each !== app) };
  const held = apps.map(({ slug, number }) => `${slug}@${number}`).join(', ');
  throw new DomainError(
    'workspaces.app_not_packed',
    'invalid',
    `The archive holds no app ${name}. ${held === '' ? 'It holds none: export the workspace with apps=true.' : `It holds ${held}.`}`,
    { errors: [{ pointer: '/app', code: 'missing', detail: 'Name an app that the archive holds.' }] },
  );
}
