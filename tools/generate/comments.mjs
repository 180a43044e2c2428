// Takes the comments of our schemas out of them, by full name, for the documents made at run time: descriptors in the code hold none.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createFileRegistry, fromBinary } from '@bufbuild/protobuf';
import { FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt';
import { format, resolveConfig } from 'prettier';

/** @import { DescEnum, DescFile, DescMessage, DescService } from '@bufbuild/protobuf' */
/** @import { FileDescriptorProto } from '@bufbuild/protobuf/wkt' */

const OUT = 'apps/gateway/src/interface/http/openapi/gen/comments.ts';
const OURS = /^millrace\/.+\/v\d+\//;

/** Numbers of fields in google/protobuf/descriptor.proto, which paths of source locations are made of. */
const FILE = { message: 4, enum: 5, service: 6 };
const MEMBER = { field: 2, method: 2, value: 2, nested: 3 };

function image() {
  const folder = mkdtempSync(join(tmpdir(), 'millrace-image-'));
  try {
    const file = join(folder, 'image.binpb');
    execFileSync('node_modules/.bin/buf', ['build', '-o', file], { stdio: 'inherit' });
    return fromBinary(FileDescriptorSetSchema, readFileSync(file));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/**
 * The comments of one file: path in the descriptor → text on one line.
 * @param {FileDescriptorProto} file
 */
function commentsOf(file) {
  const locations = file.sourceCodeInfo?.location ?? [];
  const commented = locations.filter(({ leadingComments }) => leadingComments !== '');
  return new Map(commented.map(({ path, leadingComments }) => [path.join('.'), leadingComments.trim().replaceAll(/\s*\n\s*/g, ' ')]));
}

/**
 * @param {DescMessage} message
 * @param {string} path
 * @returns {[string, string][]} names with their paths
 */
function placesOfMessage(message, path) {
  return [
    [message.typeName, path],
    ...message.fields.map(
      (field, index) => /** @type {[string, string]} */ ([`${message.typeName}.${field.name}`, `${path}.${MEMBER.field}.${index}`]),
    ),
    ...message.nestedMessages.flatMap((nested, index) => placesOfMessage(nested, `${path}.${MEMBER.nested}.${index}`)),
  ];
}

/**
 * @param {DescEnum} declared
 * @param {string} path
 * @returns {[string, string][]}
 */
const placesOfEnum = (declared, path) => [
  [declared.typeName, path],
  ...declared.values.map(
    (value, index) => /** @type {[string, string]} */ ([`${declared.typeName}.${value.name}`, `${path}.${MEMBER.value}.${index}`]),
  ),
];

/**
 * @param {DescService} service
 * @param {string} path
 * @returns {[string, string][]}
 */
const placesOfService = (service, path) => [
  [service.typeName, path],
  ...service.methods.map(
    (method, index) => /** @type {[string, string]} */ ([`${service.typeName}.${method.name}`, `${path}.${MEMBER.method}.${index}`]),
  ),
];

/** @param {DescFile} file */
const placesOf = (file) => [
  ...file.messages.flatMap((message, index) => placesOfMessage(message, `${FILE.message}.${index}`)),
  ...file.enums.flatMap((declared, index) => placesOfEnum(declared, `${FILE.enum}.${index}`)),
  ...file.services.flatMap((service, index) => placesOfService(service, `${FILE.service}.${index}`)),
];

const entries = [...createFileRegistry(image()).files]
  .filter(({ proto }) => OURS.test(proto.name))
  .flatMap((file) => {
    const comments = commentsOf(file.proto);
    return placesOf(file).flatMap(([name, path]) => (comments.has(path) ? [[name, comments.get(path)]] : []));
  });
const sorted = Object.fromEntries(entries.sort(([a = ''], [b = '']) => (a < b ? -1 : 1)));
const text = `// Written by tools/generate/comments.mjs from proto/. Do not edit.\n/** What the schemas say of themselves, by full name. */\nexport const COMMENTS: Readonly<Record<string, string>> = ${JSON.stringify(sorted)};\n`;
writeFileSync(OUT, await format(text, { ...(await resolveConfig(OUT)), parser: 'typescript' }));
