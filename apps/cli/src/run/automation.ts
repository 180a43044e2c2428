import { resolve } from 'node:path';
import { read, slugOf } from '@millrace/language';
import { kindAt } from '../folder/disk';
import { workspaceOfFolder } from '../folder/find';
import { sourcesOf } from '../folder/sources';
import { partWithFile, wholeWorkspace } from '../folder/target';
import type { Part } from '../folder/target';
import { Refused } from '../refused';
import { didYouMean } from '../usage/nearest';

/** An automation on disk, in its workspace. */
export interface LocalAutomation {
  readonly part: Part;
  readonly slug: string;
  /** Its file, from the root of the workspace; inside a `runtime.yml`, what it would be called. */
  readonly file: string;
  readonly text: string;
}

/** The automation a word means: a file, or a slug of the workspace around a folder. Refuses when there is none. */
export function automationAt(word: string, folder: string): LocalAutomation {
  const place = resolve(folder, word);
  return kindAt(place) === 'file' ? automationIn(partWithFile(place), word) : automationNamed(word, folder);
}

function automationIn(part: Part, word: string): LocalAutomation {
  const found = automationsOf(part).find(({ file }) => part.asked(file));
  if (found !== undefined) return found;
  throw new Refused(
    'cli.no_automation',
    'invalid',
    `${word} is a part of a workspace but no automation.`,
    'give a file below automations/, or a slug.',
  );
}

function automationNamed(slug: string, folder: string): LocalAutomation {
  const root = workspaceOfFolder(folder);
  if (root === undefined) {
    throw new Refused(
      'cli.no_workspace',
      'not-found',
      `There is no file ${slug}, and this folder is no workspace in which it could be a slug.`,
      'go to a folder with workspace.yaml or automations/, or give the path of a file.',
    );
  }
  const automations = automationsOf(wholeWorkspace(root));
  const found = automations.find((automation) => automation.slug === slug);
  if (found !== undefined) return found;
  const known = automations.map((automation) => automation.slug);
  const hint = didYouMean(slug, known);
  throw new Refused(
    'cli.no_automation',
    'not-found',
    `There is no automation \`${slug}\` in this workspace.${hint}`,
    `it has ${known.join(', ') || 'none'}.`,
  );
}

function automationsOf(part: Part): readonly LocalAutomation[] {
  return sourcesOf(part).automations.map(({ file, text }) => ({ part, file, text, slug: read(text, file).document?.slug ?? slugOf(file) }));
}
