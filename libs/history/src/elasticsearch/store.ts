import { Client, errors, Transport } from '@elastic/elasticsearch';
import type { DomainError } from '@millrace/kernel';
import { historyClosed, storeNotSupported, storeUnavailable } from '../refusals';

// Answers of the server, or of a proxy before it, that say "not now".
const NOT_NOW = new Set([408, 429, 502, 503, 504]);

/** Asks in the words of version 8, which servers of 8 and 9 both know: a server of 8 answers nothing that is said in the words of 9. */
class EitherMajor extends Transport {
  constructor(options: ConstructorParameters<typeof Transport>[0]) {
    const type = (format: string): string => `application/vnd.elasticsearch+${format}; compatible-with=8`;
    const [json, ndjson] = [type('json'), type('x-ndjson')];
    const vendoredHeaders = { jsonContentType: json, ndjsonContentType: ndjson, accept: `${json},text/plain` };
    // That the server let go of a connection is found out by using it: once more, at once. Trying again later is for whoever asks.
    super({ ...options, vendoredHeaders, retryBackoff: () => 0 });
  }
}

/** An Elasticsearch server, asked in one way: what it cannot answer now is refused as `history.store_unavailable`. */
export class Store {
  private readonly client: Client;
  private readonly host: string;
  private isOpen = true;

  /** `url` may hold user and password; `timeout` in milliseconds, for one answer. Nothing is asked yet. */
  constructor(url: string, timeout = 30_000) {
    this.host = new URL(url).host;
    this.client = new Client({
      node: url,
      Transport: EitherMajor,
      requestTimeout: timeout,
      maxRetries: 1,
      enableMetaHeader: false,
    });
  }

  /** Asks the server. What is wrong with the question, or the server, is thrown on as it is. */
  async ask<T>(question: (client: Client) => Promise<T>): Promise<T> {
    this.requireOpen();
    try {
      return await question(this.client);
    } catch (error) {
      this.requireOpen();
      if (isAbsent(error)) throw this.unavailable(reasonOf(error));
      throw isAnother(error) ? storeNotSupported(this.host, reasonOf(error)) : error;
    }
  }

  /** The refusal of what the server cannot do now. */
  unavailable(cause: string): DomainError {
    return storeUnavailable(this.host, cause);
  }

  /** Refuses with `history.closed` when it was closed. */
  requireOpen(): void {
    if (!this.isOpen) throw historyClosed();
  }

  /** Lets go of the connections; what is under way is cut. */
  async close(): Promise<void> {
    if (!this.isOpen) return;
    this.isOpen = false;
    await this.client.close();
  }
}

function isAbsent(error: unknown): boolean {
  if (error instanceof errors.ResponseError) return NOT_NOW.has(error.statusCode ?? 0);
  return (
    error instanceof errors.ConnectionError || error instanceof errors.TimeoutError || error instanceof errors.NoLivingConnectionsError
  );
}

/** Another product, or a version that does not know the words. */
function isAnother(error: unknown): boolean {
  if (error instanceof errors.ProductNotSupportedError) return true;
  return error instanceof errors.ResponseError && error.message.includes('media_type_header_exception');
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
