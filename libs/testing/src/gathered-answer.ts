import type { HandleEndpointResponse, HandleResultResponse } from '@millrace/contracts';

/** The answer of an endpoint, all of it. */
export interface GatheredAnswer {
  readonly status: number | undefined;
  readonly headers: Readonly<Record<string, string>>;
  /** The pieces of the body, as they came. */
  readonly chunks: readonly string[];
}

const decoder = new TextDecoder();

/** Takes the answer of an endpoint from the wire, until it ends. */
export async function gatheredAnswer(parts: AsyncIterable<HandleEndpointResponse | HandleResultResponse>): Promise<GatheredAnswer> {
  let status: number | undefined;
  let headers: Record<string, string> = {};
  const chunks: string[] = [];
  for await (const { part } of parts) {
    if (part.case === 'head') {
      const { headerLines } = part.value;
      ({ status } = part.value);
      headers = Object.fromEntries(headerLines.flatMap((name, at) => (at % 2 === 0 ? [[name, headerLines[at + 1] ?? '']] : [])));
    }
    const piece = part.case === 'head' ? part.value.body : part.value;
    if (piece !== undefined && piece.length > 0) chunks.push(decoder.decode(piece));
  }
  return { status, headers, chunks };
}
