import type { FilterFields } from '@millrace/language';

/** What rules may say of the objects of a subject. */
export interface Vocabulary {
  /** The fields that filters may name; absent: those of events. */
  readonly fields?: FilterFields;
  /** What everybody sees of an object they may see at all; absent: rules cannot hide fields of it. */
  readonly identity?: readonly string[];
}

const fields = (names: readonly string[], times: readonly string[] = []): FilterFields => ({
  names: new Set([...names, ...times]),
  times: new Set(times),
});

/** The subjects whose service looks at each object. Rules with conditions on others could never be kept, and are refused. */
const VOCABULARIES: ReadonlyMap<string, Vocabulary> = new Map([
  ['events', { identity: ['id', 'workspaceId', 'type', 'version', 'time', 'offset', 'epoch', 'recordedAt', 'keep'] }],
  [
    'runs',
    {
      fields: fields(
        ['id', 'automation', 'state', 'trigger.type', 'trigger.value', 'trigger.id', 'digest', 'correlationId', 'replayOf'],
        ['startedAt'],
      ),
    },
  ],
  ['automations', { fields: fields(['slug', 'name', 'labels']) }],
  ['files', { fields: fields(['id', 'name', 'type', 'size', 'visibility', 'owner'], ['createdAt', 'updatedAt', 'expiresAt']) }],
]);

/** What may be said of the objects of a subject; undefined: nothing, rules allow or deny all of them. */
export function vocabularyOf(subject: string): Vocabulary | undefined {
  return VOCABULARIES.get(subject);
}

/** The subjects that conditions may speak of, or field rules. */
export function subjectsWith(what: 'where' | 'fields'): readonly string[] {
  return [...VOCABULARIES].filter(([, { identity }]) => what === 'where' || identity !== undefined).map(([subject]) => subject);
}

/** Whether a field of a subject holds a time, which filters compare as milliseconds. */
export function isTimeOf({ fields: known }: Vocabulary): (field: string) => boolean {
  return (field) => (known === undefined ? field === 'time' : known.times.has(field));
}
