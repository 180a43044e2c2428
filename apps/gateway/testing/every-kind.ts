import { create, createFileRegistry, type DescMessage, type DescService } from '@bufbuild/protobuf';
import {
  FieldDescriptorProto_Label,
  FieldDescriptorProto_Type,
  FileDescriptorProtoSchema,
  file_google_protobuf_duration,
  file_google_protobuf_timestamp,
} from '@bufbuild/protobuf/wkt';

const { OPTIONAL, REPEATED } = FieldDescriptorProto_Label;
const T = FieldDescriptorProto_Type;
const SELF = '.test.EveryKind';

interface Plan {
  readonly type: FieldDescriptorProto_Type;
  readonly typeName?: string;
  readonly list?: boolean;
  readonly oneof?: number;
  readonly optional?: boolean;
}

const FIELDS: Readonly<Record<string, Plan>> = {
  a_text: { type: T.STRING },
  a_flag: { type: T.BOOL },
  an_int: { type: T.INT32 },
  a_count: { type: T.UINT32 },
  a_long: { type: T.INT64 },
  an_offset: { type: T.UINT64 },
  a_ratio: { type: T.DOUBLE },
  a_small_ratio: { type: T.FLOAT },
  some_bytes: { type: T.BYTES },
  a_color: { type: T.ENUM, typeName: '.test.Color' },
  a_child: { type: T.MESSAGE, typeName: SELF },
  texts: { type: T.STRING, list: true },
  longs: { type: T.INT64, list: true },
  colors: { type: T.ENUM, typeName: '.test.Color', list: true },
  children: { type: T.MESSAGE, typeName: SELF, list: true },
  counts: { type: T.MESSAGE, typeName: `${SELF}.CountsEntry`, list: true },
  relatives: { type: T.MESSAGE, typeName: `${SELF}.RelativesEntry`, list: true },
  one_text: { type: T.STRING, oneof: 0 },
  one_child: { type: T.MESSAGE, typeName: SELF, oneof: 0 },
  a_time: { type: T.MESSAGE, typeName: '.google.protobuf.Timestamp' },
  a_duration: { type: T.MESSAGE, typeName: '.google.protobuf.Duration' },
  maybe_text: { type: T.STRING, oneof: 1, optional: true },
};

const field = (name: string, number: number, { type, typeName, list, oneof, optional }: Plan) => ({
  name,
  jsonName: name.replaceAll(/_(.)/g, (_, letter: string) => letter.toUpperCase()),
  number,
  type,
  label: list === true ? REPEATED : OPTIONAL,
  ...(typeName === undefined ? {} : { typeName }),
  ...(oneof === undefined ? {} : { oneofIndex: oneof }),
  ...(optional === true ? { proto3Optional: true } : {}),
});

const entry = (name: string, value: Plan) => ({
  name,
  field: [field('key', 1, { type: T.STRING }), field('value', 2, value)],
  options: { mapEntry: true },
});

const file = create(FileDescriptorProtoSchema, {
  name: 'test/every_kind.proto',
  package: 'test',
  syntax: 'proto3',
  dependency: [file_google_protobuf_timestamp.proto.name, file_google_protobuf_duration.proto.name],
  enumType: [{ name: 'Color', value: ['COLOR_UNSPECIFIED', 'COLOR_RED', 'COLOR_BLUE'].map((name, number) => ({ name, number })) }],
  messageType: [
    {
      name: 'EveryKind',
      field: Object.entries(FIELDS).map(([name, plan], index) => field(name, index + 1, plan)),
      nestedType: [entry('CountsEntry', { type: T.INT32 }), entry('RelativesEntry', { type: T.MESSAGE, typeName: SELF })],
      oneofDecl: [{ name: 'one' }, { name: '_maybe_text' }],
    },
  ],
  service: [{ name: 'CarelessService', method: [{ name: 'Open', inputType: SELF, outputType: SELF }] }],
});

const known = [file_google_protobuf_timestamp, file_google_protobuf_duration];
const registry = createFileRegistry(file, (name) => known.find(({ proto }) => proto.name === name));

/** A message with a field of every kind there is. */
export const EveryKindSchema: DescMessage = registry.getMessage('test.EveryKind') ?? missing();

/** A service whose one method does not say who may call it. */
export const CarelessService: DescService = registry.getService('test.CarelessService') ?? missing();

function missing(): never {
  throw new Error('The test schema lacks what it declares.');
}
