import { DomainError } from '@millrace/kernel';
import type { Json, JsonMap } from '@millrace/kernel';
import { compileExpression } from '../expressions/compile';
import type { Evaluate } from '../expressions/env';
import { parseExpression } from '../expressions/parse';
import { instructionFor } from '../instructions/table';
import { LanguageError } from '../problems/language-error';
import type { Problem } from '../problems/problem';
import { readWorkspace } from '../read/read-workspace';
import type { InstanceReading, WorkspaceReading } from '../read/read-workspace';
import type { ReadAutomation } from '../read/read';
import { entryOf, textChild } from '../read/tree';
import { DEFAULT_LIMITS } from '../step/limits';
import type { Limits } from '../step/limits';
import { markedPaths } from '../schema/defaults';
import { valueAt } from '../values/write';
import { indexTriggers } from '../triggers/index-of';
import { readAdmission } from '../triggers/read-admission';
import { readTriggers } from '../triggers/read-triggers';
import { isList, isMap, ownOf, textOf } from '../values/value';
import type { WorkspaceSources } from '../workspace/sources';
import { acceptsOf } from './accepts';
import { Planner } from './planner';
import type { PlannedBody } from './nodes';
import type { Plan, PlannedAutomation } from './plan';

/**
 * Compiles a workspace: instructions to nodes, expressions to closures, triggers to an index. Refuses documents with an error of the
 * read stage (`language.document_invalid`, one field problem each), nothing else.
 */
export function plan(workspace: WorkspaceSources): Plan {
  return planReading(readWorkspace(workspace));
}

/** Compiles a workspace that was read. */
export function planReading(reading: WorkspaceReading): Plan {
  refuseUnreadable(reading.problems);
  const { timeZone, locale, limits } = reading.settings;
  const automations = new Map<string, PlannedAutomation>();
  const documents = new Map<string, Json>();
  const configSecrets = new Map<string, readonly (readonly string[])[]>();
  for (const instance of reading.instances) {
    documents.set(instance.path, instance.document);
    configSecrets.set(instance.path, markedPaths(valueAt(instance.document, ['config', 'schema']), 'secret'));
    for (const document of instance.automations) {
      const planned = planAutomation(document, instance, timeZone);
      automations.set(planned.slug, planned);
    }
  }
  const index = indexTriggers(automations.values(), compileFilter);
  return { automations, timeZone, locale, limits: lowered(limits), documents, configSecrets, index };
}

function refuseUnreadable(problems: readonly Problem[]): void {
  const errors = problems.filter(({ severity, code }) => severity === 'error' && code !== 'duration-invalid');
  const [first] = errors;
  if (first === undefined) return;
  const more = errors.length === 1 ? '' : ` (and ${errors.length - 1} more)`;
  throw new DomainError('language.document_invalid', 'invalid', `${first.file}:${first.line}:${first.column} ${first.message}${more}`, {
    facts: { file: first.file, line: first.line, column: first.column },
    errors: errors.map(({ path, code, message }) => ({ pointer: path, code, detail: message })),
  });
}

function planAutomation(document: ReadAutomation, instance: InstanceReading, timeZone: string): PlannedAutomation {
  const { value, tree } = document;
  const slug = instance.path === '' ? document.slug : `${instance.path}.${document.slug}`;
  const triggers = readTriggers(tree, { slug: document.slug, instance: instance.path, timeZone, open: document.prisme });
  const name = value['name'];
  const labels = value['labels'];
  const authorization = textChild(entryOf(tree, 'authorizations')?.value, 'action');
  return {
    slug,
    instance: instance.path,
    file: document.file,
    name: typeof name === 'string' || isMap(name) ? name : document.slug,
    labels: isList(labels) ? labels.map(textOf) : [],
    private: value['private'] === true,
    disabled: value['disabled'] === true || instance.disabled,
    ...(authorization === undefined ? {} : { authorization }),
    triggers,
    admission: readAdmission(value, triggers.events.length > 0),
    accepts: acceptsOf(value, document.prisme),
    dialect: { prisme: document.prisme },
    body: planBody(document, slug, instance.slugs),
  };
}

function planBody({ tree, prisme }: ReadAutomation, slug: string, slugs: ReadonlySet<string>): PlannedBody {
  const planner = new Planner(slug, { prisme }, (name) => instructionFor(name, prisme ? slugs : new Set()));
  const main = planner.block(entryOf(tree, 'do')?.value);
  const output = entryOf(tree, 'output');
  return {
    nodes: planner.nodes,
    blocks: planner.blocks,
    main,
    output: output === undefined ? () => ({}) : planner.template(output.value),
    outputPlace: planner.place(output?.at ?? tree),
  };
}

function compileFilter({ dialect }: PlannedAutomation, filter: string): Evaluate {
  try {
    return compileExpression(parseExpression(filter, dialect), dialect);
  } catch (error) {
    if (!(error instanceof LanguageError)) throw error;
    return () => {
      throw error;
    };
  }
}

function lowered(limits: JsonMap): Limits {
  const least = (name: string, most: number): number => {
    const value = ownOf(limits, name);
    return typeof value === 'number' && value > 0 ? Math.min(value, most) : most;
  };
  return {
    ...DEFAULT_LIMITS,
    instructions: least('runMaxInstructions', DEFAULT_LIMITS.instructions),
    effects: least('runMaxEffects', DEFAULT_LIMITS.effects),
    state: least('runMaxState', DEFAULT_LIMITS.state),
    depth: least('runMaxDepth', DEFAULT_LIMITS.depth),
    passes: least('repeatMax', DEFAULT_LIMITS.passes),
    branches: least('allMax', DEFAULT_LIMITS.branches),
    event: least('eventMax', DEFAULT_LIMITS.event),
    longestWait: least('waitMax', DEFAULT_LIMITS.longestWait),
    defaultWait: least('waitDefault', DEFAULT_LIMITS.defaultWait),
  };
}
