import type { DescField } from '@bufbuild/protobuf';
import { headerOf } from '@millrace/contracts';
import type { CallRoute } from '../calls/call-route';
import { fitsQuery } from '../transcoding/request-reader';

/** The parts of a route's request, by where they stand. */
export interface Places {
  readonly path: readonly DescField[];
  readonly header: readonly DescField[];
  readonly query: readonly DescField[];
  readonly body: readonly DescField[];
}

export function placesOf({ method, path, body }: CallRoute): Places {
  const { fields } = method.input;
  const inPath = fields.filter(({ name }) => path.includes(`{${name}}`));
  const header = fields.filter((field) => headerOf(field) !== undefined);
  const free = fields.filter((field) => !inPath.includes(field) && !header.includes(field));
  const inBody = body === undefined ? [] : free.filter(({ name }) => body === '*' || name === body);
  return {
    path: inPath,
    header,
    body: inBody,
    query: body === '*' ? [] : free.filter((field) => !inBody.includes(field) && fitsQuery(field)),
  };
}
