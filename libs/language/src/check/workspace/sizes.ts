import type { Problem } from '../../problems/problem';
import { LARGEST } from '../../read/parse-yaml';
import type { WorkspaceReading } from '../../read/read-workspace';
import { problemIn } from '../../read/report';
import type { Tree } from '../../read/tree';
import { ownOf } from '../../values/value';
import type { Known } from '../known';
import { remark } from '../rule';

/** From which share of the limit on a file is nearly too large. */
const NEARLY = 0.8;

/** Files of the workspace itself that are larger than may be, or nearly: as the server says, or less where `limits` of the workspace says so. */
export function sizeProblems(reading: WorkspaceReading, { largestSource = LARGEST }: Known): readonly Problem[] {
  const asked = ownOf(reading.settings.limits, 'languageMaxSource');
  const most = typeof asked === 'number' && asked > 0 ? Math.min(asked, largestSource) : largestSource;
  return filesOf(reading).flatMap((tree) => sizeProblem(tree, most) ?? []);
}

function filesOf({ instances, settings, events }: WorkspaceReading): readonly Tree[] {
  const automations = instances.flatMap(({ path, automations: own }) => (path === '' ? own.map(({ tree }) => tree) : []));
  const trees = [...automations, settings.tree, ...events.map(({ tree }) => tree)].flatMap((tree) => tree ?? []);
  return trees.filter(({ pointer }) => pointer === '');
}

function sizeProblem(tree: Tree, most: number): Problem | undefined {
  const { length } = tree.file.text;
  const sizes = `The file has ${length} of at most ${most} characters`;
  if (length > most) return problemIn('yaml-limit', tree, `${sizes} (languageMaxSource). Split it.`);
  return length > most * NEARLY ? remark('warning', 'limit-near', tree, `${sizes}.`) : undefined;
}
