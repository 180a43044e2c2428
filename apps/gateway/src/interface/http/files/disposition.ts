/** Types that a browser may show on an origin where nothing of ours is; whatever can hold a script is kept as a file. */
const SHOWABLE = /^(?:image\/(?!svg)[a-z0-9.+-]+|application\/pdf|text\/plain)$/;

/** `Content-Disposition` for a file (RFC 6266): shown only where it may be, else kept under its name. */
export function dispositionOf(name: string, type: string, mayShow: boolean): string {
  const kind = mayShow && SHOWABLE.test(type) ? 'inline' : 'attachment';
  const plain = name.replace(/[^\x20-\x7e]|["\\%]/g, '_');
  const exact = encodeURIComponent(name).replace(/['()*]/g, (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`);
  return plain === name ? `${kind}; filename="${plain}"` : `${kind}; filename="${plain}"; filename*=UTF-8''${exact}`;
}
