import { printOne } from '../server/print';
import { onServer } from '../server/server';
import type { Server } from '../server/server';
import type { Terminal } from '../terminal/terminal';
import type { Invocation } from '../usage/command';
import { baseOf, keepBase } from './last-met';
import { passes } from './checks';
import { hasChanges, verdictOf } from './plan';
import { planned } from './planned';
import type { Planned } from './planned';
import { published } from './published';
import { planText } from './report';
import { rolledOut } from './rolled-out';
import { demandSaved } from './saved';
import { fileOf, rootOf } from './tree';

/** The exit code of a plan with changes, which is what an apply is there for. */
const CHANGES = 10;

/** How long runtimes may take to run a new version. */
const PATIENCE = '30s';

/** `millrace apply`. */
export const performApply = onServer(async (server, invocation, terminal) => {
  const { folder, notes, output } = terminal;
  if (!(await passes(rootOf(folder), terminal, invocation.on('skip-tests')))) return 1;
  const found = await planned(server, invocation, folder);
  if (!invocation.on('quiet')) notes.write(planText(found, notes));
  const saved = invocation.value('plan');
  if (saved !== undefined) demandSaved(saved, folder, found);
  const verdict = verdictOf(found);
  if (verdict !== 0 && verdict !== CHANGES) return verdict;
  const digest = await applied(server, found);
  if (invocation.on('draft')) printOne({ digest, changes: found.plan.changes }, [['digest', digest]], invocation, output);
  else await rollOut(server, found, digest, { invocation, terminal });
  return 0;
});

/** Writes the whole at once, on the condition that nothing has moved since the plan. Answers the digest of the draft. */
async function applied({ api }: Server, { root, url, workspace, plan, request, theirs, decided }: Planned): Promise<string> {
  const before = plan.digest ?? '';
  const { digest = before } = hasChanges(plan) ? await api.drafts.applyDraft({ ...request, ifMatch: `"${before}"` }) : plan;
  const own = baseOf(root, url, workspace.id);
  const files = new Map([
    ...(request.prune ? [] : theirs),
    ...Object.entries(request.known),
    ...Object.entries(request.files).map(([path, text]) => [path, fileOf(text).digest] as const),
  ]);
  // What was left to them, the folder has not seen: it drifts until it is pulled.
  for (const { path } of decided) {
    const seen = own?.files[path];
    if (files.get(path) !== theirs.get(path)) continue;
    if (seen === undefined) files.delete(path);
    else files.set(path, seen);
  }
  keepBase(root, { url, workspace: workspace.id, files: Object.fromEntries(files) });
  return digest;
}

/** Publishes what was applied, and nothing else; done when every runtime runs it. */
async function rollOut(
  server: Server,
  { workspace }: Planned,
  digest: string,
  { invocation, terminal }: { readonly invocation: Invocation; readonly terminal: Terminal },
): Promise<void> {
  const { id: workspaceId, slug } = workspace;
  const version = await published(server, { workspaceId, slug, digest, message: invocation.value('message') ?? '' });
  await rolledOut(server, { workspaceId, digest }, terminal, invocation.value('timeout') ?? PATIENCE);
  printOne(
    version,
    [
      ['version', version.number],
      ['digest', version.digest],
      ['server', server.url],
      ['workspace', slug],
    ],
    invocation,
    terminal.output,
  );
}
