/** What stands at the root of a workspace, ours or of the seed: a folder of that name is no wrapping. */
const OURS: ReadonlySet<string> = new Set(['automations', 'events', 'tests', 'actions', 'assets', 'pages', 'imports']);

/** What systems leave beside files, and nobody wrote. */
const LEFT_BY_SYSTEMS = /(?:^|\/)(?:__MACOSX\/|\.DS_Store$|\.git\/|Thumbs\.db$|desktop\.ini$)/;

/** The files without what systems leave behind, and without the one folder that all of them stand in, if they do. */
export function rooted<F extends { readonly path: string }>(files: readonly F[]): readonly F[] {
  const written = files.filter(({ path }) => !LEFT_BY_SYSTEMS.test(path));
  const [root = '', ...others] = new Set(written.map(({ path }) => path.slice(0, path.indexOf('/') + 1)));
  if (root === '' || others.length > 0 || OURS.has(root.slice(0, -1))) return written;
  return written.map((file) => ({ ...file, path: file.path.slice(root.length) }));
}
