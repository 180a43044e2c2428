import type { DescMethod } from '@bufbuild/protobuf';
import * as contracts from '@millrace/contracts';

/** Every method that a service of the platform declares. */
export const METHODS: readonly DescMethod[] = Object.values(contracts).flatMap((value) =>
  typeof value === 'object' && 'kind' in value && value.kind === 'service' ? value.methods : [],
);
