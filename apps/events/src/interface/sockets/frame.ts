const FINAL_TEXT = 0x81;
const LENGTH_IN_16_BITS = 126;
const LENGTH_IN_64_BITS = 127;
/** Bytes up to which copying the tail costs less than writing from two places. */
const WORTH_A_COPY = 16 * 1024;

/**
 * A text message of the WebSocket protocol, as a server sends it, in one piece or two: `head`, plain ASCII, is of this message alone; `tail` is
 * as it is and may be shared by many. Together they are longer than 125 bytes: shorter ones are written in another way.
 */
export function textFrame(head: string, tail: Uint8Array): readonly Uint8Array[] {
  const length = head.length + tail.length;
  const isLong = length > 0xffff;
  const before = isLong ? 10 : 4;
  const isCopied = tail.length <= WORTH_A_COPY;
  const first = Buffer.allocUnsafe(before + (isCopied ? length : head.length));
  first[0] = FINAL_TEXT;
  first[1] = isLong ? LENGTH_IN_64_BITS : LENGTH_IN_16_BITS;
  if (isLong) first.writeBigUInt64BE(BigInt(length), 2);
  else first.writeUInt16BE(length, 2);
  first.write(head, before, 'latin1');
  if (!isCopied) return [first, tail];
  first.set(tail, before + head.length);
  return [first];
}
