/** One message of an event stream. */
export interface StreamMessage {
  readonly event: string;
  readonly id?: string;
  readonly data: unknown;
}

/** Reads an event stream as a client would, message by message. */
export class StreamReader {
  readonly messages: StreamMessage[] = [];
  /** The last id that the stream has said, with a message or without. */
  lastId = '';
  private text = '';
  private readonly chunks: ReadableStreamDefaultReader<Uint8Array>;
  private readonly decoder = new TextDecoder();

  constructor(body: ReadableStream<Uint8Array>) {
    this.chunks = body.getReader();
  }

  /** The messages so far, as soon as there are that many. Throws when the stream ends before. */
  async first(count: number): Promise<readonly StreamMessage[]> {
    while (this.messages.length < count)
      if (!(await this.more())) throw new Error(`The stream ended after ${this.messages.length} messages.`);
    return this.messages;
  }

  /** Resolves when the server has ended the stream. */
  async end(): Promise<readonly StreamMessage[]> {
    while (await this.more());
    return this.messages;
  }

  /** Resolves when the stream has said where it begins. */
  async begun(): Promise<string> {
    while (this.lastId === '') if (!(await this.more())) throw new Error('The stream ended before it began.');
    return this.lastId;
  }

  stop(): Promise<void> {
    return this.chunks.cancel();
  }

  private async more(): Promise<boolean> {
    const { done, value } = await this.chunks.read();
    if (done) return false;
    this.text += this.decoder.decode(value, { stream: true });
    const blocks = this.text.split('\n\n');
    this.text = blocks.pop() ?? '';
    for (const block of blocks) this.take(block);
    return true;
  }

  private take(block: string): void {
    const fields = new Map(block.split('\n').map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trim()]));
    const [event, id, data] = [fields.get('event'), fields.get('id'), fields.get('data')];
    this.lastId = id ?? this.lastId;
    if (event !== undefined) this.messages.push({ event, data: JSON.parse(data ?? 'null'), ...(id === undefined ? {} : { id }) });
  }
}
