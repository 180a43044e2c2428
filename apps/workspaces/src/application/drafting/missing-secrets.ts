import type { Collection } from '@millrace/documents';
import { secretId, type Secret } from '../../domain/secrets/secret';
import type { SourceFile } from '../ports/checker';

const NAMED = /(?<=\bsecret\.|\$secret:)[A-Z][A-Z0-9_]{0,63}(?![A-Za-z0-9_])/g;
/** Files that are read when something runs; tests and lists of names set no secret to work. */
const RUNS = /^(?:automations\/|workspace\.yaml$|apps\.yaml$)/;

/** Finds secrets that files name and nobody has set. */
export class MissingSecrets {
  constructor(private readonly secrets: Collection<Secret>) {}

  /** Their names, sorted. */
  async of(workspaceId: string, files: readonly SourceFile[]): Promise<readonly string[]> {
    const texts = files.flatMap(({ path, text }) => (RUNS.test(path) ? [text] : []));
    const named = new Set(texts.flatMap((text) => Array.from(text.matchAll(NAMED), ([name]) => name)));
    const missing: string[] = [];
    for (const name of [...named].sort()) {
      if ((await this.secrets.find(secretId({ workspaceId, name }))) === undefined) missing.push(name);
    }
    return missing;
  }
}
