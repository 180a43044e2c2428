import type { DomainError, Json, JsonMap } from '@millrace/kernel';
import { compileSchema, read, slugOf } from '@millrace/language';
import { Document, isMap, isNode, parseDocument, stringify } from 'yaml';
import { z, type ZodError } from 'zod';
import { AppDocuments, type ConfigProblem } from '../application/apps/ports/app-documents';
import type { SourceFile } from '../application/ports/checker';
import { askedBy, narrowed, secretsIn } from '../domain/apps/asked-of';
import { mapOf, type Contract, type OfferedAutomation } from '../domain/apps/contract';
import { INSTALLED_PATH, LOCK_PATH, type Installed, type Lock } from '../domain/apps/installed';
import { allOf, NO_PERMISSIONS } from '../domain/apps/permissions';
import { lockInvalid } from '../domain/apps/refusals';
import { automationSlug } from '../domain/draft';
import { plainOf } from './plain-yaml';

const entry = z.object({
  app: z.string().min(1),
  version: z.union([z.string(), z.number()]).transform(String).default('latest'),
  config: z
    .record(z.string(), z.json())
    .nullish()
    .transform((config) => config ?? {}),
  disabled: z.boolean().default(false),
  labels: z.array(z.string()).default([]),
});
const installed = z.record(z.string().regex(/^[a-z][a-z0-9-]{0,38}$/), entry).nullable();

const locked = z.strictObject({ app: z.string(), version: z.string(), digest: z.string(), consent: z.string() });
const lock = z.record(z.string(), locked).nullable();

/** Apps as YAML: `apps.yaml` as people write it, `apps.lock` as we do. */
export class YamlAppDocuments extends AppDocuments {
  override contractOf(files: readonly SourceFile[]): Contract {
    const automations = files.filter(({ path }) => automationSlug(path) !== undefined).flatMap(documentIn);
    const settings = mapOf(dataIn(files.find(({ path }) => path === 'workspace.yaml')?.text));
    const config = mapOf(settings['config']);
    const ofConfig = [config['value'] ?? {}, dataIn(files.find(({ path }) => path === INSTALLED_PATH)?.text)].flatMap(secretsIn);
    const permissions = automations.map(({ value }) => askedBy(value));
    return {
      automations: automations.filter(({ value }) => value['private'] !== true && value['disabled'] !== true).map(offered),
      events: files.flatMap(({ path }) => /^events\/(.+)\.ya?ml$/.exec(path)?.[1] ?? []).sort(),
      config: mapOf(config['schema']),
      permissions: narrowed(allOf([...permissions, { ...NO_PERMISSIONS, secrets: ofConfig }]), mapOf(settings['permissions'])),
    };
  }

  override installedIn(text: string): readonly Installed[] {
    const read = installed.safeParse(dataIn(text) ?? null);
    if (!read.success) throw unreadable(INSTALLED_PATH, read.error);
    return Object.entries(read.data ?? {}).map(([slug, { version, config, ...rest }]) => ({
      ...rest,
      ...{ slug, range: version, config },
    }));
  }

  override withInstalled(text: string, slug: string, one: Installed | undefined): string {
    const parsed = parseDocument(text, { version: '1.2' });
    const document = isMap(parsed.contents) ? parsed : new Document({});
    if (one === undefined) document.delete(slug);
    else for (const [key, value] of Object.entries(written(one))) setIn(document, [slug, key], value);
    return isMap(document.contents) && document.contents.items.length === 0 ? '' : document.toString();
  }

  override lockIn(text: string): Lock {
    const read = lock.safeParse(dataIn(text) ?? null);
    if (!read.success) throw unreadable(LOCK_PATH, read.error);
    return read.data ?? {};
  }

  override lockText(entries: Lock): string {
    const sorted = Object.entries(entries).sort(([a], [b]) => (a < b ? -1 : 1));
    return sorted.length === 0 ? '' : `# Written by Millrace: exactly what apps.yaml stands for.\n${stringify(Object.fromEntries(sorted))}`;
  }

  override configProblems(schema: JsonMap, config: JsonMap): readonly ConfigProblem[] {
    if (Object.keys(schema).length === 0) return [];
    const problems = problemsOf(schema, config);
    return problems.filter(({ pointer }) => !namesSecret(config, pointer)).map(({ pointer, detail }) => ({ pointer, detail }));
  }
}

function problemsOf(schema: JsonMap, config: JsonMap): readonly ConfigProblem[] {
  try {
    return compileSchema(schema)(config, '');
  } catch (error) {
    return [{ pointer: '', detail: `cannot be checked: the schema of the app is none (${error instanceof Error ? error.message : ''})` }];
  }
}

/** An entry as it stands in `apps.yaml`; undefined: the key goes. */
function written({ app, range, config, disabled, labels }: Installed): Readonly<Record<string, unknown>> {
  return {
    ...{ app, version: range },
    config: Object.keys(config).length === 0 ? undefined : config,
    disabled: disabled ? true : undefined,
    labels: labels.length === 0 ? undefined : labels,
  };
}

function setIn(document: Document, path: readonly string[], value: unknown): void {
  if (value === undefined) document.deleteIn(path);
  else if (JSON.stringify(plain(document.getIn(path))) !== JSON.stringify(value)) document.setIn(path, value);
}

function plain(node: unknown): unknown {
  return isNode(node) ? node.toJSON() : node;
}

function documentIn({ path, text }: SourceFile) {
  const { document } = read(text, path);
  return document === undefined ? [] : [{ slug: document.slug === '' ? slugOf(path) : document.slug, value: document.value }];
}

function offered({ slug, value }: { readonly slug: string; readonly value: JsonMap }): OfferedAutomation {
  const name = value['name'];
  const title = typeof name === 'string' ? name : Object.values(mapOf(name)).find((one) => typeof one === 'string');
  return { slug, name: typeof title === 'string' ? title : slug, arguments: mapOf(value['arguments']) };
}

/** A file that says something else than it may: where, and what stands there. */
function unreadable(file: string, { issues }: ZodError): DomainError {
  const said = issues.map(({ path, message }) => `${['', ...path].join('/') || '/'}: ${message}`).join('; ');
  return lockInvalid(`${file} cannot be read: ${said}.`);
}

/** The plain values of a YAML text; a word in their place where it cannot be read. */
function dataIn(text: string | undefined): Json {
  if (text === undefined) return null;
  const value = plainOf(parseDocument(text, { uniqueKeys: true, version: '1.2', merge: false }));
  return value === undefined ? 'unreadable' : value;
}

/** Whether a value names a secret: nobody knows yet what it will be. */
function namesSecret(config: JsonMap, pointer: string): boolean {
  const keys = pointer
    .split('/')
    .slice(1)
    .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'));
  const value = keys.reduce<Json | undefined>(
    (found, key) => mapOf(found)[key] ?? (Array.isArray(found) ? (found as Json[])[Number(key)] : undefined),
    config,
  );
  return typeof value === 'string' && /\{\{\s*secret\./.test(value);
}
