import type { Json, JsonMap } from '@millrace/kernel';
import { isEventName } from '../../filter/pattern';
import type { Problem } from '../../problems/problem';
import { problemIn, withSeverity } from '../../read/report';
import { childOf, valueOf } from '../../read/tree';
import type { Tree } from '../../read/tree';
import { compileSchema } from '../../schema/compile-schema';
import { SchemaInvalid } from '../../schema/schema';
import { isNative, NOTIFY } from '../../step/world/event-names';
import { isMap, textOf } from '../../values/value';
import { literalText } from '../facts';
import type { Step } from '../facts';
import { remark, unknownName } from '../rule';
import type { Rule, Surroundings } from '../rule';
import { eventTriggers, publicationOf } from '../traffic';
import { holdsTemplate } from './calls';

const PEOPLE = { type: 'object', additionalProperties: false, properties: { users: list(), roles: list(), topic: { type: 'string' } } };

function list(): Json {
  return { type: ['array', 'string'], items: { type: 'string' } };
}

/** What `notification.requested` may hold. */
const NOTIFICATION: JsonMap = {
  type: 'object',
  required: ['to'],
  additionalProperties: false,
  properties: {
    to: PEOPLE,
    template: { type: 'string' },
    title: { type: ['string', 'object'] },
    body: { type: ['string', 'object'] },
    data: { type: 'object' },
    channels: list(),
    urgent: { type: 'boolean' },
  },
};

/** Events that cannot be published under their name, that are not declared, or whose payload does not fit. */
export const emitted: Rule = ({ steps, automation }, around) =>
  steps.flatMap((step) => {
    const event = literalText(publicationOf(step), 'event');
    return event === undefined ? [] : emitProblems(step, event, { around, prisme: automation.prisme });
  });

function emitProblems(step: Step, event: Tree, { around, prisme }: { around: Surroundings; prisme: boolean }): readonly Problem[] {
  const name = textOf(valueOf(event));
  if (name === NOTIFY) return payloadProblems(step, NOTIFICATION);
  if (isNative(name))
    return [problemIn('event-reserved', event, `\`${name}\` is an event of the platform; only its service publishes it.`)];
  if (!isEventName(prisme ? name.replace(/\s+/g, '_') : name)) {
    return [
      problemIn(
        'event-name-invalid',
        event,
        `\`${name}\` is no name of an event: 1 to 8 tokens of letters, digits, _ and -, joined by dots.`,
      ),
    ];
  }
  const declared = around.events.get(name);
  // What a stream adds to its payload is known only in a run.
  if (declared !== undefined) return declared.schema === undefined || step.name !== 'emit' ? [] : payloadProblems(step, declared.schema);
  const undeclared =
    around.events.size === 0
      ? []
      : [
          withSeverity(
            unknownName('event-undeclared', event, `\`${name}\` is not declared in \`events/\`.`, {
              name,
              known: [...around.events.keys()],
            }),
            'warning',
          ),
        ];
  return [...undeclared, ...unheard(event, name, around)];
}

function payloadProblems({ body, entry }: Step, schema: Json): readonly Problem[] {
  const payload = childOf(body, 'payload');
  const value = payload === undefined ? {} : valueOf(payload);
  const problems = problemsOf(schema, value);
  return problems.map(({ pointer, detail }) =>
    remark('warning', 'event-payload-mismatch', at(payload, pointer) ?? entry.at, `The payload \`${pointer || '/'}\` ${detail}.`),
  );
}

/** What is wrong with a payload as far as it is written: what a template fills in may be anything. */
function problemsOf(schema: Json, value: Json): readonly { readonly pointer: string; readonly detail: string }[] {
  try {
    return compileSchema(schema)(value, '').filter(({ pointer }) => !holdsTemplate(valueAtPointer(value, pointer)));
  } catch (error) {
    if (error instanceof SchemaInvalid) return [];
    throw error;
  }
}

function valueAtPointer(value: Json, pointer: string): Json {
  let found: Json = value;
  for (const key of pointer.split('/').slice(1)) {
    if (!isMap(found)) return Array.isArray(found) ? ((found as readonly Json[])[Number(key)] ?? null) : found;
    found = found[key] ?? null;
  }
  return isMap(found) ? null : found;
}

function at(tree: Tree | undefined, pointer: string): Tree | undefined {
  return pointer
    .split('/')
    .slice(1)
    .reduce<Tree | undefined>((found, key) => childOf(found, key) ?? found, tree);
}

function unheard(event: Tree, name: string, { traffic }: Surroundings): readonly Problem[] {
  return traffic.isHeard(name) ? [] : [remark('hint', 'event-unheard', event, `Nothing in this workspace reacts to \`${name}\`.`)];
}

/** Events that start an automation though nothing publishes them, as far as can be seen. */
export const neverEmitted: Rule = ({ automation }, { traffic, events, apps }) =>
  eventTriggers(automation.tree).flatMap((tree) => {
    const name = tree?.kind === 'scalar' && typeof tree.value === 'string' ? tree.value : '';
    const [first = '', ...more] = name.split('.');
    const fromElsewhere = more.length === 0 || isNative(name) || apps.has(first) || events.has(name);
    if (tree === undefined || fromElsewhere || !isEventName(name) || traffic.mayBePublished(name)) return [];
    return [remark('hint', 'event-never-emitted', tree, `No automation of this workspace publishes \`${name}\`.`)];
  });
