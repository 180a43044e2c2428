import type { FilterFields } from '@millrace/language';

/** What conditions and field rules may say of the objects of a subject. */
export interface Vocabulary {
  /** The fields that filters may name; absent: those of events. */
  readonly fields?: FilterFields;
  /** What everybody sees of an object they may see at all: field rules leave these alone. */
  readonly identity: readonly string[];
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
      identity: ['id', 'automation', 'state', 'startedAt', 'endedAt'],
    },
  ],
  ['automations', { fields: fields(['slug', 'name', 'description', 'labels']), identity: ['slug', 'name', 'etag'] }],
  ['schedules', { fields: fields(['automation']), identity: ['id', 'automation'] }],
]);

/** What may be said of the objects of a subject; undefined: nothing, rules allow or deny all of them. */
export function vocabularyOf(subject: string): Vocabulary | undefined {
  return VOCABULARIES.get(subject);
}

/** The subjects that conditions may speak of. */
export function conditionalSubjects(): readonly string[] {
  return [...VOCABULARIES.keys()];
}

/** Whether a field of a subject holds a time, which filters compare as milliseconds. */
export function isTimeOf({ fields: known }: Vocabulary): (field: string) => boolean {
  return (field) => (known === undefined ? field === 'time' : known.times.has(field));
}
