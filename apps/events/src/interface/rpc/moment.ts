import { timestampMs, type Timestamp } from '@bufbuild/protobuf/wkt';

/** One end of a span of time, in milliseconds, under its name; nothing when it is open. */
export function momentOf<N extends 'from' | 'to'>(name: N, time: Timestamp | undefined): { readonly [K in N]?: number } {
  return time === undefined ? {} : ({ [name]: timestampMs(time) } as { [K in N]: number });
}
