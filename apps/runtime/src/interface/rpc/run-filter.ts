import { timestampMs, type Timestamp } from '@bufbuild/protobuf/wkt';
import type { CancelRunsRequest, ListRunsRequest, RetryRunsRequest } from '@millrace/contracts';
import { runWhere, type RunFilter } from '../../application/inspecting/runs/list-runs';

/** The runs that a request asks for, after the checks of the schema have let it through. Refuses with `runtime.filter_invalid`. */
export function filterOf({
  automation,
  states,
  trigger,
  from,
  to,
  where,
}: ListRunsRequest | CancelRunsRequest | RetryRunsRequest): RunFilter {
  return {
    states: states as RunFilter['states'],
    ...(automation === '' ? {} : { automation }),
    ...(trigger === '' ? {} : { trigger: trigger as NonNullable<RunFilter['trigger']> }),
    ...momentOf('from', from),
    ...momentOf('to', to),
    ...(where === '' ? {} : { where: runWhere(where) }),
  };
}

function momentOf<N extends 'from' | 'to'>(name: N, time: Timestamp | undefined): { readonly [K in N]?: number } {
  return time === undefined ? {} : ({ [name]: timestampMs(time) } as { [K in N]: number });
}
