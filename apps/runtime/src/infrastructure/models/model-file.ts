import { createHash } from 'node:crypto';
import { toBinary, type DescFile } from '@bufbuild/protobuf';
import { FileDescriptorProtoSchema } from '@bufbuild/protobuf/wkt';
import { sizeDelimitedDecodeStream, sizeDelimitedEncode } from '@bufbuild/protobuf/wire';
import { WorkspacesService, type FetchModelResponse } from '@millrace/contracts';

const SEAL = 32;
const HANDED = WorkspacesService.method.fetchModel.output;
/** What releases that hand out the same have in common: what another one has written may lack what this one reads. */
const FORM = formOf(HANDED.file);

/** A version as one file of the disk: the files that were handed out for it, one after the other, and 32 bytes that seal them under a name. */
export function modelFile(name: string, files: readonly FetchModelResponse[]): Uint8Array {
  const content = Buffer.concat(files.map((file) => sizeDelimitedEncode(HANDED, file)));
  return Buffer.concat([content, sealOf(name, content)]);
}

/** The files in it. Throws when these are not the bytes that this release, or one that reads the same, has written under the name. */
export function filesIn(name: string, bytes: Uint8Array): AsyncIterable<FetchModelResponse> {
  const content = bytes.subarray(0, Math.max(0, bytes.length - SEAL));
  if (!sealOf(name, content).equals(bytes.subarray(content.length))) throw new Error(`The file of ${name} is not what was written.`);
  return sizeDelimitedDecodeStream(HANDED, once(content));
}

function sealOf(name: string, content: Uint8Array): Buffer {
  return createHash('sha256').update(FORM).update(`${name}\n`).update(content).digest();
}

function formOf(file: DescFile): Buffer {
  const hash = createHash('sha256').update(toBinary(FileDescriptorProtoSchema, file.proto));
  for (const dependency of file.dependencies) hash.update(formOf(dependency));
  return hash.digest();
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
