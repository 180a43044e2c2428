// Compares the API of the contracts as last released with that of today, and says what would break its callers. Run with
// `node --import ./tools/generate/typescript-sources.mjs tools/verify/api/compare.mjs`.
import { readFileSync } from 'node:fs';
import { createFileRegistry, fromBinary } from '@bufbuild/protobuf';
import { FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt';
import { callRoutes } from '../../../apps/gateway/src/interface/http/calls/call-route';
import { PUBLIC_SERVICES } from '../../../apps/gateway/src/interface/http/calls/public-services';
import { openApiDocument } from '../../../apps/gateway/src/interface/http/openapi/openapi-document';
import { breakingChanges } from './breaking.mjs';

/** @import { DescService } from '@bufbuild/protobuf' */
/** @import { Document } from './breaking.mjs' */

const RELEASED = 'proto/released.binpb';

/** @param {readonly DescService[]} services */
const documentOf = (services) => /** @type {Document} */ (/** @type {unknown} */ (openApiDocument(callRoutes(services))));

const files = createFileRegistry(fromBinary(FileDescriptorSetSchema, readFileSync(RELEASED))).files;
const released = [...files].flatMap(({ services }) => services);
const before = documentOf(released);
if (Object.keys(before.paths).length === 0) throw new Error(`${RELEASED} declares no route: it cannot be compared with.`);
const changes = breakingChanges(before, documentOf(PUBLIC_SERVICES), new Date().toISOString().slice(0, 10));
if (changes.length > 0) {
  console.error(changes.join('\n'));
  console.error(
    'Inside a version the API only grows: keep what was released, or serve what is new under another path (CONTRIBUTING.md, "Contracts").',
  );
  process.exitCode = 1;
}
