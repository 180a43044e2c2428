import { create, equals, fromJsonString, toBinary, toJsonString, type Message } from '@bufbuild/protobuf';
import { EventsService } from '@millrace/contracts';
import { describe, expect, it } from '@jest/globals';
import { EveryKindSchema } from '../../../../testing/every-kind';
import { refusalOf } from '../../../../testing/refusal-of';
import { JsonText } from '../json/json-text';
import { MessageReader } from './read-message';
import { messageWriter, writerInTurns } from './write-message';

const reader = new MessageReader(EveryKindSchema);

function read(text: string, by = reader): Message {
  const json = new JsonText(text);
  const message = by.read(json);
  json.end();
  return message;
}

const errorsOf = (text: string): readonly object[] => refusalOf(() => read(text)).errors;

const EVERYTHING = {
  aText: 'Zoë "\\ \u0001',
  aFlag: true,
  anInt: -7,
  aCount: 4294967295,
  aLong: '-9223372036854775808',
  anOffset: '18446744073709551615',
  aRatio: -1.5e-7,
  aSmallRatio: 0.5,
  someBytes: 'aGVsbG8=',
  aColor: 'COLOR_RED',
  aChild: { aText: 'child', aChild: { anInt: 1 } },
  texts: ['a', ''],
  longs: ['1', '-2'],
  colors: ['COLOR_BLUE', 'COLOR_UNSPECIFIED'],
  children: [{ aText: 'b' }, {}],
  counts: { a: 1, constructor: 2 },
  relatives: { x: { texts: ['y'] } },
  oneText: '',
  aTime: '2026-11-21T10:00:00.125Z',
  aDuration: '1.500s',
  maybeText: '',
};

describe('a message read from JSON', () => {
  it('is what the Protobuf JSON mapping says, for every kind of field', () => {
    const text = JSON.stringify(EVERYTHING);
    expect(equals(EveryKindSchema, read(text), fromJsonString(EveryKindSchema, text))).toBe(true);
    expect(() => toBinary(EveryKindSchema, read(text))).not.toThrow();
  });

  it('comes back when it is written', () => {
    const message = read(JSON.stringify(EVERYTHING));
    const written = messageWriter(EveryKindSchema)(message);
    expect(equals(EveryKindSchema, read(written), message)).toBe(true);
    expect(equals(EveryKindSchema, fromJsonString(EveryKindSchema, written), message)).toBe(true);
  });

  it('takes null for absent', () => {
    const text = JSON.stringify(Object.fromEntries(Object.keys(EVERYTHING).map((name) => [name, null])));
    expect(toJsonString(EveryKindSchema, read(text))).toBe('{}');
  });

  it('takes the last of a oneof', () => {
    expect(read('{"oneText":"a","oneChild":{"anInt":2}}')).toMatchObject({ one: { case: 'oneChild', value: { anInt: 2 } } });
  });

  it('takes a long as a number too, and base64 of either alphabet', () => {
    expect(read('{"aLong":12}')).toMatchObject({ aLong: 12n });
    expect(read('{"someBytes":"-_8"}')).toMatchObject({ someBytes: Uint8Array.of(0xfb, 0xff) });
  });

  it.each([
    ['{"aText":1}', '/aText', 'This must be a text, not a number.'],
    ['{"aText":"\\ud800"}', '/aText', 'This must be a text.'],
    ['{"aFlag":"true"}', '/aFlag', 'This must be true or false, not a text.'],
    ['{"anInt":"7"}', '/anInt', 'not a text'],
    ['{"anInt":1.5}', '/anInt', 'a whole number from -2147483648 to 2147483647'],
    ['{"anInt":2147483648}', '/anInt', 'a whole number'],
    ['{"aCount":-1}', '/aCount', 'a whole number from 0 to 4294967295'],
    ['{"aLong":"9223372036854775808"}', '/aLong', 'as a text'],
    ['{"anOffset":"-1"}', '/anOffset', 'a whole number'],
    ['{"anOffset":true}', '/anOffset', 'not true or false'],
    ['{"aRatio":1e400}', '/aRatio', 'This must be a number.'],
    ['{"aRatio":"1"}', '/aRatio', 'not a text'],
    ['{"someBytes":"a"}', '/someBytes', 'This must be base64.'],
    ['{"aColor":"COLOR_REED"}', '/aColor', 'did you mean "COLOR_RED"?'],
    ['{"aColor":1}', '/aColor', 'one of COLOR_UNSPECIFIED, COLOR_RED, COLOR_BLUE, not a number'],
    ['{"aChild":[]}', '/aChild', 'This must be an object, not a list.'],
    ['{"texts":"a"}', '/texts', 'This must be a list, not a text.'],
    ['{"texts":["a",null]}', '/texts/1', 'This must be a text, not null.'],
    ['{"children":[{},{"aChild":{"anInt":{}}}]}', '/children/1/aChild/anInt', 'not an object'],
    ['{"counts":{"a/b":"x"}}', '/counts/a~1b', 'not a text'],
    ['{"counts":[]}', '/counts', 'This must be an object, not a list.'],
    ['{"aTime":"yesterday"}', '/aTime', 'a time like 2027-01-31T08:00:00.000Z (RFC 3339)'],
    ['{"aTime":5}', '/aTime', 'a time like'],
    ['{"aDuration":"PT1S"}', '/aDuration', 'a duration in seconds'],
    ['[]', '', 'This must be an object, not a list.'],
  ])('refuses %s', (text, pointer, detail) => {
    expect(errorsOf(text)).toEqual([{ pointer, code: 'api.field_type', detail: expect.stringContaining(detail) }]);
  });

  it('refuses an unknown field wherever it stands, with the name that may have been meant', () => {
    expect(errorsOf('{"children":[{},{"atext":"x"}]}')).toEqual([
      { pointer: '/children/1/atext', code: 'api.field_unknown', detail: 'There is no field "atext" here. Did you mean "aText"?' },
    ]);
    expect(errorsOf('{"relatives":{"a":{"zzz":[{"deep":1}]}}}')).toMatchObject([{ pointer: '/relatives/a/zzz' }]);
    expect(errorsOf('{"a_text":"proto names are not the API\'s"}')).toMatchObject([{ pointer: '/a_text', code: 'api.field_unknown' }]);
  });

  it('names all misfits at once, under the code of the first', () => {
    const refusal = refusalOf(() => read('{"nmae":1,"aText":2,"texts":[3]}'));
    expect(refusal.code).toBe('api.field_unknown');
    expect(refusal.errors.map((error) => [error.pointer, error.code])).toEqual([
      ['/nmae', 'api.field_unknown'],
      ['/aText', 'api.field_type'],
      ['/texts/0', 'api.field_type'],
    ]);
  });

  it('refuses a repeated key at once', () => {
    expect(refusalOf(() => read('{"aChild":{"aText":"a","aText":"b"}}'))).toMatchObject({
      code: 'api.json_duplicate',
      errors: [{ pointer: '/aChild/aText' }],
    });
  });

  it('keeps a JSON document as it is written, null included', () => {
    const emit = new MessageReader(EventsService.method.emitEvents.input);
    const message = read(
      '{"events":[{"type":"a.b","payload":{"n": 1.0, "big":12345678901234567890}},{"type":"a.b","payload":null}]}',
      emit,
    );
    const written = messageWriter(EventsService.method.emitEvents.input)(message);
    expect(written).toContain('"payload":{"n": 1.0, "big":12345678901234567890}');
    expect(written).toContain('"payload":null');
  });

  it('refuses a list as soon as it has more items than the checks allow, before it has read them', () => {
    const emit = new MessageReader(EventsService.method.emitEvents.input);
    const many = `{"events":[${'{},'.repeat(500)}{"type":`;
    expect(refusalOf(() => read(many, emit))).toMatchObject({ code: 'api.json_items', errors: [{ pointer: '/events' }] });
  });

  it('refuses a JSON document with a key that stands twice or is __proto__', () => {
    const emit = new MessageReader(EventsService.method.emitEvents.input);
    const event = (payload: string): string => `{"events":[{"type":"a.b","payload":${payload}}]}`;
    expect(refusalOf(() => read(event('{"a":{"b":1,"b":2}}'), emit))).toMatchObject({ errors: [{ pointer: '/events/0/payload/a/b' }] });
    expect(refusalOf(() => read(event('[{"__proto__":1}]'), emit))).toMatchObject({
      errors: [{ pointer: '/events/0/payload/0/__proto__' }],
    });
  });
});

describe('a message written as JSON', () => {
  it('always holds lists, maps, numbers and booleans, and leaves out what is empty or absent', () => {
    expect(JSON.parse(messageWriter(EveryKindSchema)(create(EveryKindSchema)))).toEqual({
      aFlag: false,
      anInt: 0,
      aCount: 0,
      aLong: '0',
      anOffset: '0',
      aRatio: 0,
      aSmallRatio: 0,
      texts: [],
      longs: [],
      colors: [],
      children: [],
      counts: {},
      relatives: {},
    });
  });

  it('is the same when it is written with turns for others', async () => {
    const message = { ...read(JSON.stringify(EVERYTHING)), longs: Array.from({ length: 200 }, (_, at) => BigInt(at)) };
    let turns = 0;
    const count = (): void => {
      turns += 1;
      next = setImmediate(count);
    };
    let next = setImmediate(count);
    expect(await writerInTurns(EveryKindSchema)(message)).toBe(messageWriter(EveryKindSchema)(message));
    clearImmediate(next);
    expect(turns).toBeGreaterThan(0);
    const wanted = new Map([['texts', true as const]]);
    expect(await writerInTurns(EveryKindSchema, wanted)(message)).toBe(messageWriter(EveryKindSchema, wanted)(message));
  });

  it('writes an enum value it does not know as its number', () => {
    const message = { ...create(EveryKindSchema), aColor: 9 };
    expect(messageWriter(EveryKindSchema)(message)).toContain('"aColor":9');
  });
});
