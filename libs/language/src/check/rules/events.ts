import type { Json, JsonMap } from '@millrace/kernel';
import { isEventName } from '../../filter/pattern';
import type { Problem } from '../../problems/problem';
import { problemIn, withSeverity } from '../../read/report';
import { childOf, emptyMap, valueOf } from '../../read/tree';
import type { Tree } from '../../read/tree';
import { isNative, NOTIFY } from '../../step/world/event-names';
import { textOf } from '../../values/value';
import { literalText } from '../facts';
import { mismatches } from '../literals';
import type { Step } from '../facts';
import { remark, unknownName } from '../rule';
import type { Rule, Surroundings } from '../rule';
import { eventTriggers, publicationOf } from '../workspace/traffic';

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
  const wrong = nameProblem(prisme ? name.replace(/\s+/g, '_') : name, event);
  if (wrong !== undefined) return [wrong];
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

/** A name that no event of a workspace can have. */
export function nameProblem(name: string, tree: Tree): Problem | undefined {
  if (isNative(name)) return problemIn('event-reserved', tree, `\`${name}\` is an event of the platform; only its service publishes it.`);
  if (isEventName(name)) return undefined;
  const message = `\`${name}\` is no name of an event: 1 to 8 tokens of letters, digits, _ and -, joined by dots.`;
  return problemIn('event-name-invalid', tree, message);
}

function payloadProblems({ body, entry }: Step, schema: Json): readonly Problem[] {
  const payload = childOf(body, 'payload');
  return mismatches(schema, payload ?? emptyMap(entry)).map(({ tree, message }) =>
    remark('warning', 'event-payload-mismatch', payload === undefined ? entry.at : tree, `The payload does not fit: ${message}.`),
  );
}

function unheard(event: Tree, name: string, { traffic }: Surroundings): readonly Problem[] {
  return traffic.isHeard(name) ? [] : [remark('hint', 'event-unheard', event, `Nothing in this workspace reacts to \`${name}\`.`)];
}

/** Events that start an automation though nothing publishes them, as far as can be seen. */
export const neverEmitted: Rule = ({ automation }, { traffic, events, apps }) =>
  eventTriggers(automation.tree).flatMap((tree) => {
    const name = tree?.kind === 'scalar' && typeof tree.value === 'string' ? tree.value : '';
    const dot = name.indexOf('.');
    const fromElsewhere = dot < 0 || isNative(name) || apps.has(name.slice(0, dot)) || events.has(name);
    if (tree === undefined || fromElsewhere || !isEventName(name) || traffic.mayBePublished(name)) return [];
    return [remark('hint', 'event-never-emitted', tree, `No automation of this workspace publishes \`${name}\`.`)];
  });
