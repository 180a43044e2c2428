// Writes docs/reference/openapi.json: the document that a gateway serves at /openapi.json. Run with
// `node --import ./tools/generate/typescript-sources.mjs tools/generate/openapi.mjs`.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { HAND_ROUTES } from '../../apps/gateway/src/interface/http/hand-routes/all';
import { callRoutes } from '../../apps/gateway/src/interface/http/calls/call-route';
import { PUBLIC_SERVICES } from '../../apps/gateway/src/interface/http/calls/public-services';
import { openApiDocument } from '../../apps/gateway/src/interface/http/openapi/openapi-document';

const OUT = 'docs/reference/openapi.json';

mkdirSync(dirname(OUT), { recursive: true });
const json = JSON.stringify(openApiDocument(callRoutes(PUBLIC_SERVICES), HAND_ROUTES));
writeFileSync(OUT, await format(json, { ...(await resolveConfig(OUT)), parser: 'json' }));
