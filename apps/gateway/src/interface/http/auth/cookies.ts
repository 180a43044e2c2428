import type { IncomingHttpHeaders } from 'node:http';

/** How cookies of this door are named and set: with all that browsers offer to keep them, as far as the connection allows it. */
export class Cookies {
  private readonly prefix: string;
  private readonly attributes: string;

  /** `publicUrl`: how browsers reach the door. Plain HTTP is for one machine, which `__Host-` and `Secure` would not work on. */
  constructor(publicUrl: string) {
    const isSecure = publicUrl.startsWith('https:');
    this.prefix = isSecure ? '__Host-' : '';
    this.attributes = `Path=/; HttpOnly; SameSite=Lax${isSecure ? '; Secure' : ''}`;
  }

  /** The value of the cookie. Of two with one name none counts: one of them is somebody else's. */
  read({ cookie = '' }: IncomingHttpHeaders, name: string): string | undefined {
    const start = `${this.prefix}${name}=`;
    const [value, ...others] = cookie.split(';').flatMap((pair) => (pair.trim().startsWith(start) ? pair.trim().slice(start.length) : []));
    return others.length > 0 || value === '' ? undefined : value;
  }

  /** The header `Set-Cookie`; `life`: milliseconds. */
  set(name: string, value: string, life: number): string {
    return `${this.prefix}${name}=${value}; Max-Age=${Math.floor(life / 1000)}; ${this.attributes}`;
  }

  /** The header `Set-Cookie` that removes it. */
  clear(name: string): string {
    return this.set(name, '', 0);
  }
}
