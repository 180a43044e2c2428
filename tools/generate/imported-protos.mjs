// Lays out the schemas that ours import, from the pinned npm packages, where buf finds them (buf.yaml). google/api ships as .proto;
// buf/validate ships only as a descriptor inside @bufbuild/protovalidate, so it is printed from there: names, numbers and types – all
// that a file importing it needs.
import { copyFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { file_buf_validate_validate } from '@bufbuild/protovalidate/gen/buf/validate/validate_pb.js';

/** @import { DescriptorProto, EnumDescriptorProto, FieldDescriptorProto, FileDescriptorProto } from '@bufbuild/protobuf/wkt' */

const OUT = '.cache/proto';
const SCALARS =
  'double float int64 uint64 int32 fixed64 fixed32 bool string group message bytes uint32 enum sfixed32 sfixed64 sint32 sint64'.split(' ');
/** @type {Record<number, string>} */
const LABELS = { 1: 'optional', 2: 'required', 3: 'repeated' };

/** @param {FieldDescriptorProto} field */
const typeOf = (field) => (field.typeName ? field.typeName : SCALARS[field.type - 1]);

/**
 * @param {FieldDescriptorProto} field
 * @param {boolean} inOneof
 */
function printField(field, inOneof) {
  const label = inOneof ? '' : `${LABELS[field.label]} `;
  return `${label}${typeOf(field)} ${field.name} = ${field.number};`;
}

/**
 * @param {DescriptorProto} message
 * @returns {string[]}
 */
function printMessage(message) {
  const lines = [`message ${message.name} {`];
  message.oneofDecl.forEach((oneof, index) => {
    const members = message.field.filter(
      (field) => Object.hasOwn(field, 'oneofIndex') && field.oneofIndex === index && !field.proto3Optional,
    );
    lines.push(`oneof ${oneof.name} {`, ...members.map((field) => printField(field, true)), '}');
  });
  /** @param {FieldDescriptorProto} field */
  const inOneof = (field) => Object.hasOwn(field, 'oneofIndex') && !field.proto3Optional;
  lines.push(...message.field.filter((field) => !inOneof(field)).map((field) => printField(field, false)));
  lines.push(...message.enumType.flatMap(printEnum), ...message.nestedType.flatMap(printMessage));
  for (const range of message.extensionRange) lines.push(`extensions ${range.start} to ${range.end > 536870000 ? 'max' : range.end - 1};`);
  return [...lines, '}'];
}

/** @param {EnumDescriptorProto} declaration */
function printEnum(declaration) {
  return [`enum ${declaration.name} {`, ...declaration.value.map((value) => `${value.name} = ${value.number};`), '}'];
}

/** @param {FileDescriptorProto} file */
function printFile(file) {
  return [
    'syntax = "proto2";',
    `package ${file.package};`,
    ...file.dependency.map((name) => `import "${name}";`),
    ...file.enumType.flatMap(printEnum),
    ...file.messageType.flatMap(printMessage),
    ...file.extension.flatMap((field) => [`extend ${field.extendee} {`, printField(field, false), '}']),
    '',
  ].join('\n');
}

rmSync(OUT, { recursive: true, force: true });
const google = dirname(createRequire(import.meta.url).resolve('protobufjs/package.json'));
mkdirSync(join(OUT, 'google/api'), { recursive: true });
for (const name of ['annotations', 'http']) copyFileSync(join(google, `google/api/${name}.proto`), join(OUT, `google/api/${name}.proto`));
mkdirSync(join(OUT, 'buf/validate'), { recursive: true });
writeFileSync(join(OUT, 'buf/validate/validate.proto'), printFile(file_buf_validate_validate.proto));
