/** The bytes of pieces, as they come; whoever stops reading stops whoever sends. */
export async function* bytesOf(pieces: AsyncIterator<{ readonly bytes: Uint8Array }>): AsyncGenerator<Uint8Array> {
  try {
    for (let next = await pieces.next(); next.done !== true; next = await pieces.next()) yield next.value.bytes;
  } finally {
    await pieces.return?.();
  }
}
