import { DomainError } from '@millrace/kernel';
import type { Json, JsonMap } from '@millrace/kernel';
import { compileExpression } from '../expressions/compile';
import type { Evaluate } from '../expressions/env';
import { parseExpression } from '../expressions/parse';
import { instructionFor } from '../instructions/table';
import { refusalIn } from '../problems/language-error';
import type { Problem } from '../problems/problem';
import { readWorkspace } from '../read/read-workspace';
import type { InstanceReading, WorkspaceReading } from '../read/read-workspace';
import type { ReadAutomation } from '../read/read';
import { entryOf, textChild } from '../read/tree';
import { DEFAULT_LIMITS } from '../step/limits';
import type { Limits } from '../step/limits';
import { valueAt } from '../values/write';
import { indexTriggers } from '../triggers/index-of';
import { readAdmission } from '../triggers/read-admission';
import { readTriggers } from '../triggers/read-triggers';
import { isList, isMap, ownOf, textOf } from '../values/value';
import type { AppPermissions, WorkspaceSources } from '../workspace/sources';
import { fullName } from '../step/world/event-names';
import { acceptsOf, configOf } from './accepts';
import { plannedEvent, type PlannedEvent } from './declared-event';
import { secretsOf } from './named-secrets';
import { Planner } from './planner';
import type { PlannedBody } from './nodes';
import type { Plan, PlannedAutomation, PlannedConfig } from './plan';

/**
 * Compiles a workspace: instructions to nodes, expressions to closures, triggers to an index. Refuses documents with an error of the
 * read stage (`language.document_invalid`, one field problem each), nothing else. `limits` are those of the server; the workspace may
 * lower them.
 */
export function plan(workspace: WorkspaceSources, limits: Partial<Limits> = {}): Plan {
  return planReading(readWorkspace(workspace), limits);
}

/** Compiles a workspace that was read. */
export function planReading(reading: WorkspaceReading, ceiling: Partial<Limits> = {}): Plan {
  refuseUnreadable(reading.problems);
  const { timeZone, locale } = reading.settings;
  const limits = lowered({ ...DEFAULT_LIMITS, ...ceiling }, reading.settings.limits);
  const automations = new Map<string, PlannedAutomation>();
  const documents = new Map<string, Json>();
  const configs = new Map<string, PlannedConfig>();
  const events = new Map<string, PlannedEvent>();
  const permissions = new Map<string, AppPermissions>();
  const secrets = new Map<string, readonly string[]>();
  for (const instance of reading.instances) {
    if (instance.permissions !== undefined) permissions.set(instance.path, instance.permissions);
    documents.set(instance.path, instance.document);
    configs.set(instance.path, configOf(valueAt(instance.document, ['config', 'schema'])));
    for (const event of instance.events) {
      const name = fullName(instance.path, event.type);
      events.set(name, plannedEvent(name, event));
    }
    const named = secretsOf(instance);
    if (named.length > 0) secrets.set(instance.path, named);
    for (const document of instance.automations) {
      const planned = planAutomation(document, instance, { timeZone, limits });
      automations.set(planned.slug, planned);
    }
  }
  const index = indexTriggers(automations.values(), compileFilter);
  return {
    automations,
    waits: [...automations.values()].some(({ body }) => body.nodes.some(({ name }) => name === 'wait')),
    timeZone,
    locale,
    limits,
    documents,
    configs,
    permissions,
    secrets,
    events,
    index,
  };
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

function planAutomation(
  document: ReadAutomation,
  instance: InstanceReading,
  { timeZone, limits }: Pick<Plan, 'timeZone' | 'limits'>,
): PlannedAutomation {
  const { value, tree } = document;
  const slug = instance.path === '' ? document.slug : `${instance.path}.${document.slug}`;
  const { defaultHold: hold } = limits;
  const triggers = readTriggers(tree, { slug: document.slug, instance: instance.path, timeZone, open: document.prisme, hold });
  const name = value['name'];
  const labels = value['labels'];
  const authorization = textChild(entryOf(tree, 'authorizations')?.value, 'action');
  return {
    slug,
    instance: instance.path,
    ...(instance.app === undefined ? {} : { app: instance.app }),
    ...(instance.parentApp === undefined ? {} : { parentApp: instance.parentApp }),
    file: document.file,
    name: typeof name === 'string' || isMap(name) ? name : document.slug,
    labels: isList(labels) ? labels.map(textOf) : [],
    private: value['private'] === true,
    disabled: value['disabled'] === true || instance.disabled,
    ...(authorization === undefined ? {} : { authorization }),
    triggers,
    admission: readAdmission(value, triggers.events.length > 0, limits),
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
    const refusal = refusalIn(error);
    return () => {
      throw refusal;
    };
  }
}

function lowered(ceiling: Limits, limits: JsonMap): Limits {
  const least = (name: string, most: number): number => {
    const value = ownOf(limits, name);
    return typeof value === 'number' && value > 0 ? Math.min(value, most) : most;
  };
  return {
    ...ceiling,
    instructions: least('runMaxInstructions', ceiling.instructions),
    effects: least('runMaxEffects', ceiling.effects),
    state: least('runMaxState', ceiling.state),
    depth: least('runMaxDepth', ceiling.depth),
    passes: least('repeatMax', ceiling.passes),
    branches: least('allMax', ceiling.branches),
    event: least('eventMax', ceiling.event),
    longestWait: least('waitMax', ceiling.longestWait),
    defaultWait: least('waitDefault', ceiling.defaultWait),
    defaultTimeout: least('runTimeout', ceiling.defaultTimeout),
    defaultHold: least('endpointTimeout', ceiling.defaultHold),
    units: least('languageMaxUnits', ceiling.units),
    text: least('languageMaxText', ceiling.text),
    turnCpu: least('runTurnCpu', ceiling.turnCpu),
  };
}
