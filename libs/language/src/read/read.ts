import { INSTRUCTIONS, instructionFor } from '../instructions/table';
import { call } from '../instructions/flow/call';
import type { Problem } from '../problems/problem';
import type { Shape } from '../shapes/shape';
import { slugOf } from '../workspace/slug';
import { automationShape } from './automation-shape';
import type { AutomationDocument, Reading } from './document';
import { parseYaml } from './parse-yaml';
import { problemIn, withSeverity } from './report';
import { childOf, entryOf, mapOf, textChild } from './tree';
import type { MapTree } from './tree';
import { verify } from './verify';

/** What reading may know of the workspace around an automation. */
export interface Around {
  /** The slug the file stands for, when its name does not say. */
  readonly slug?: string;
  /** The workspace is read as Prisme.ai would. */
  readonly prisme?: boolean;
  /** Slugs of the workspace: an automation hides an instruction that Prisme.ai does not have. */
  readonly slugs?: ReadonlySet<string>;
}

/** An automation with the places of all its values. */
export interface ReadAutomation extends AutomationDocument {
  readonly tree: MapTree;
  readonly prisme: boolean;
}

/**
 * Reads one automation's file strictly: YAML 1.2 core, no duplicate or unknown keys, every value of the type it must have. Never throws;
 * what is wrong is in `problems`, with lines and columns.
 */
export function read(text: string, file: string): Reading<AutomationDocument> {
  const { document, problems } = readAutomation(text, file);
  if (document === undefined) return { problems };
  const { slug, value, calls } = document;
  return { document: { file, slug, value, calls }, problems };
}

/** Reads one automation's file, keeping places. */
export function readAutomation(text: string, file: string, around: Around = {}): Reading<ReadAutomation> {
  const { tree, problems } = parseYaml(text, file);
  if (tree === undefined) return { problems };
  if (tree.kind !== 'map')
    return {
      problems: [...problems, problemIn('value-type', tree, `An automation is a map of keys such as \`do\`, found a ${tree.kind}.`)],
    };
  const reading = readTree(tree, file, around);
  return { ...reading, problems: [...problems, ...reading.problems] };
}

/** Reads one automation that is part of a larger document. */
export function readTree(
  tree: MapTree,
  file: string,
  around: Around,
): { readonly document: ReadAutomation; readonly problems: readonly Problem[] } {
  const slug = textChild(tree, 'slug') ?? around.slug ?? slugOf(file);
  const compat = textChild(tree, 'compat');
  const prisme = compat === undefined ? around.prisme === true : compat === 'prisme';
  const { slugs = new Set<string>() } = prisme ? around : {};
  const calls = new Set<string>();
  const bodyOf = (name: string): Shape => {
    const instruction = instructionFor(name, slugs);
    if (instruction === call) calls.add(name);
    return instruction.body;
  };
  const found = [...verify(tree, automationShape, { bodyOf, lenient: prisme }), ...slugProblems(tree, slug, prisme)];
  return { document: { file, slug, value: mapOf(tree), calls: [...calls], tree, prisme }, problems: found };
}

function slugProblems(tree: MapTree, slug: string, prisme: boolean): readonly Problem[] {
  const at = childOf(tree, 'slug') ?? entryOf(tree, 'name')?.at ?? tree;
  if (!/^[/a-zA-Z0-9 _-]+$/.test(slug)) {
    return [problemIn('slug-invalid', at, `\`${slug}\` is no slug: letters, digits, blanks and \`/ _ -\` can stand in it.`)];
  }
  const reserved = INSTRUCTIONS.get(slug);
  if (reserved === undefined || (prisme && reserved.addition === true)) return [];
  const problem = problemIn('slug-reserved', at, `\`${slug}\` is the name of an instruction; no automation can be called by it.`);
  return [prisme ? withSeverity(problem, 'warning') : problem];
}
