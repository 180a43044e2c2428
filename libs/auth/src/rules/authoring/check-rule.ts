import { DomainError, type FieldProblem } from '@millrace/kernel';
import { parseFilter } from '@millrace/language';
import { ACTIONS, SUBJECTS, verbOf, type Rule } from '../rule';
import { isVariable, VARIABLE, variableNames } from '../variables';
import { subjectsWith, vocabularyOf } from '../vocabulary';

const WORKSPACE = /\bws_[0-9a-z]{26}\b/gi;

/** What keeps a rule from ever meaning something in this workspace, each with its place below `pointer`. */
export function checkRule(rule: Rule, pointer: string, workspaceId: string): readonly FieldProblem[] {
  const at = (place: string, detail: string): FieldProblem => ({ pointer: `${pointer}/${place}`, code: 'rule', detail });
  const [effect, actions] = 'deny' in rule ? (['deny', rule.deny] as const) : (['allow', rule.allow] as const);
  return [
    ...actions.flatMap((action, index) => (isAction(action) ? [] : [at(`${effect}/${index}`, unknown('action', action, ACTIONS))])),
    ...rule.on.flatMap((subject, index) => (isSubject(subject) ? [] : [at(`on/${index}`, unknown('subject', subject, SUBJECTS))])),
    ...conditionProblems(rule, workspaceId).map(([place, detail]) => at(place, detail)),
  ];
}

type Misplaced = readonly [place: string, detail: string];

function conditionProblems({ on, where, fields }: Rule, workspaceId: string): readonly Misplaced[] {
  const subjects = on.filter(isSubject);
  const hiding = fields === undefined ? [] : subjects.flatMap((subject) => unlooked('fields', subject));
  if (where === undefined) return hiding;
  const asking = subjects.flatMap((subject) => unlooked('where', subject));
  const reading = subjects.flatMap((subject) => readingProblem(where, subject));
  return [...hiding, ...asking, ...reading, ...variableProblems(where), ...foreign(where, workspaceId)];
}

function unlooked(what: 'where' | 'fields', subject: string): readonly Misplaced[] {
  const known = subjectsWith(what);
  if (known.includes(subject)) return [];
  return [
    [
      what,
      `Rules on ${subject} hold for ${what === 'where' ? 'all of them' : 'all their fields'}. This one can be on ${known.join(', ')}.`,
    ],
  ];
}

function readingProblem(where: string, subject: string): readonly Misplaced[] {
  const vocabulary = vocabularyOf(subject);
  if (vocabulary === undefined) return [];
  try {
    parseFilter(where, vocabulary.fields, 'variables');
    return [];
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    return [['where', error.message]];
  }
}

function variableProblems(where: string): readonly Misplaced[] {
  return [...where.matchAll(VARIABLE)]
    .map(([, name = '']) => name)
    .filter((name) => !isVariable(name))
    .map((name) => ['where', `There is no \${${name}}. A rule may name ${variableNames()}.`]);
}

function foreign(where: string, workspaceId: string): readonly Misplaced[] {
  const others = [...where.matchAll(WORKSPACE)].map(([id]) => id).filter((id) => id !== workspaceId);
  return others.map((id) => ['where', `A rule speaks of its own workspace alone, not of ${id}.`]);
}

function isAction(action: string): boolean {
  const known: readonly string[] = ACTIONS;
  return known.includes(action) || (verbOf(action) === 'execute' && /^execute:[A-Za-z0-9][A-Za-z0-9/_-]{0,99}$/.test(action));
}

function isSubject(subject: string): boolean {
  const known: readonly string[] = SUBJECTS;
  return known.includes(subject);
}

function unknown(what: string, said: string, known: readonly string[]): string {
  return `There is no ${what} "${said}". It may be ${known.join(', ')}.`;
}
