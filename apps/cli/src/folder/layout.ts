/** What a file of a workspace is, by its place. */
export type Role = 'workspace' | 'automation' | 'event' | 'apps' | 'roles' | 'secrets' | 'tests' | 'index' | 'import' | 'runtime';

const PLACES: readonly (readonly [Role, RegExp])[] = [
  ['automation', /^automations\/(?:.+\/)?(?!__index__\.)[^/.][^/]*\.(?:ya?ml|json)$/],
  ['event', /^events\/[^/.][^/]*\.(?:ya?ml|json)$/],
  ['workspace', /^workspace\.(?:ya?ml|json)$/],
  // What Prisme.ai has in place of workspace.yaml, of apps.yaml, and of everything in one file.
  ['index', /^index\.ya?ml$/],
  ['import', /^imports\/[^/.][^/]*\.ya?ml$/],
  ['runtime', /^runtime\.ya?ml$/],
  ['apps', /^apps\.(?:ya?ml|json)$/],
  ['roles', /^roles\.(?:ya?ml|json)$/],
  ['tests', /^tests\/(?:.+\/)?[^/.][^/]*\.(?:test|rules)\.(?:ya?ml|json)$/],
  ['secrets', /^secrets\.example\.(?:ya?ml|json)$/],
];

/** What the file at a path, counted from the root of its workspace and written with `/`, is; undefined for what is no part of it. */
export function roleOf(file: string): Role | undefined {
  return PLACES.find(([, place]) => place.test(file))?.[0];
}

/** Whether a folder at a path, counted likewise, holds parts of the workspace. */
export function holdsParts(folder: string): boolean {
  return /^(?:(?:automations|tests|actions)(?:\/.*)?|events|imports)$/.test(folder);
}
