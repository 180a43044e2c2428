import type { JsonMap } from '@millrace/kernel';
import { parseYaml } from '../read/parse-yaml';
import { mapOf } from '../read/tree';
import { isMap } from '../values/value';
import { convertAutomation } from './automation';
import type { Imported, ImportNote } from './note';
import { convertImports, convertIndex, convertSecurity, yaml } from './workspace';

const SKIPPED = /(?:^|\/)(?:__index__|\.import)\.ya?ml$/;

type Files = Readonly<Record<string, string>>;

/** Whether files are a folder or archive of Prisme.ai. */
export function isPrismeArchive(files: Files): boolean {
  const names = Object.keys(files);
  return !names.includes('workspace.yaml') && names.some((name) => /^(?:index|runtime)\.ya?ml$/.test(name));
}

/**
 * Translates the files of a folder or archive of Prisme.ai (paths from its root) into a workspace of ours, and tells what became of each.
 * Files of a workspace of ours stay as they are. What cannot be read is refused in the report and kept out. Never throws.
 */
export function importArchive(files: Files): Imported {
  const steps = translateArchive(files);
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}

/** As `importArchive`, file by file: whoever takes the steps may let others go first between them. */
export function* translateArchive(files: Files): Generator<void, Imported, void> {
  if (!isPrismeArchive(files)) {
    return { files, report: Object.keys(files).map((file) => note(file, 'same', 'it is one of ours already')) };
  }
  const report = new Archive();
  const isApart = Object.keys(files).some((name) => name.startsWith('automations/'));
  for (const [file, text] of Object.entries(isApart ? files : expanded(files))) {
    report.take(file, text);
    yield;
  }
  return report.finish();
}

function note(file: string, outcome: ImportNote['outcome'], reason: string): ImportNote {
  return { file, outcome, reason, differences: [] };
}

/** `runtime.yml` is the whole workspace when there is no `automations/`: taken apart into the files it stands for. */
function expanded(files: Files): Files {
  const name = Object.keys(files).find((file) => /^runtime\.ya?ml$/.test(file)) ?? '';
  const { [name]: text, ...others } = files;
  const { tree } = parseYaml(text ?? '', name);
  if (tree?.kind !== 'map') return files;
  const whole = mapOf(tree);
  const { automations, imports, authorizations } = whole;
  return {
    ...others,
    'index.yml': yaml(whole),
    ...partsOf('automations', automations),
    ...partsOf('imports', imports),
    ...(isMap(authorizations) ? { 'security.yml': yaml({ authorizations }) } : {}),
  };
}

function partsOf(folder: string, parts: unknown): Files {
  return isMap(parts) ? Object.fromEntries(Object.entries(parts).map(([name, part]) => [`${folder}/${name}.yml`, yaml(part)])) : {};
}

class Archive {
  private readonly files: Record<string, string> = {};
  private readonly imports: Record<string, JsonMap> = {};
  private readonly report: ImportNote[] = [];

  take(file: string, text: string): void {
    if (SKIPPED.test(file)) this.tell(file, 'kept, unused', 'it only lists other files');
    else if (/^automations\/.+\.ya?ml$/.test(file)) this.automation(file, text);
    else if (/^imports\/.+\.ya?ml$/.test(file)) this.document(file, text, (value) => this.app(file, value));
    else if (/^(?:index|runtime)\.ya?ml$/.test(file)) this.document(file, text, (value) => this.index(file, value));
    else if (/^security\.ya?ml$/.test(file)) this.document(file, text, (value) => this.security(file, value));
    else this.keep(file, text);
  }

  finish(): Imported {
    Object.assign(this.files, convertImports(this.imports));
    return { files: this.files, report: this.report };
  }

  private tell(file: string, outcome: ImportNote['outcome'], reason: string): void {
    this.report.push(note(file, outcome, reason));
  }

  private automation(file: string, text: string): void {
    const target = file.replace(/\.yml$/, '.yaml');
    const { text: result, changes, differences, refused } = convertAutomation(text, target);
    this.files[target] = result;
    const reason =
      refused !== undefined
        ? `it was taken over and must be mended: ${refused}`
        : changes.length === 0
          ? 'nothing had to be changed'
          : changes.join('; ');
    const outcome = refused !== undefined ? 'refused' : changes.length === 0 ? 'same' : 'translated';
    this.report.push({ file, outcome, reason, differences });
  }

  private document(file: string, text: string, take: (value: JsonMap) => void): void {
    const { tree, problems } = parseYaml(text, file);
    const [problem] = problems;
    if (tree?.kind === 'map' && problem === undefined) take(mapOf(tree));
    else this.tell(file, 'refused', problem === undefined ? 'it is no map of keys' : `line ${problem.line}: ${problem.message}`);
  }

  private index(file: string, value: JsonMap): void {
    if (this.files['workspace.yaml'] !== undefined) {
      this.tell(file, 'kept, unused', 'index.yml says the same');
      return;
    }
    const { files, unused } = convertIndex(value);
    Object.assign(this.files, files);
    this.tell(file, 'translated', reasonOf('it is `workspace.yaml` with `compat: prisme`', unused));
  }

  private security(file: string, value: JsonMap): void {
    const { files, unused } = convertSecurity(value);
    Object.assign(this.files, files);
    this.tell(file, 'translated', reasonOf('it is `roles.yaml`', unused));
  }

  private app(file: string, value: JsonMap): void {
    this.imports[file.replace(/^imports\//, '').replace(/\.ya?ml$/, '')] = value;
    this.tell(file, 'translated', 'it is an entry of `apps.yaml`');
  }

  private keep(file: string, text: string): void {
    this.files[file] = text;
    const why = file.startsWith('pages/') ? 'pages are kept and not served' : 'nothing here reads it';
    this.tell(file, 'kept, unused', why);
  }
}

function reasonOf(what: string, unused: readonly string[]): string {
  return unused.length === 0 ? what : `${what}; not taken over: ${unused.join(', ')}`;
}
