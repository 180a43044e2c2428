import { BlockList, isIP } from 'node:net';
import { z } from 'zod';
import { rateOf } from '../../domain/policies/rate';

const MILLISECONDS = { ms: 1, s: 1_000, min: 60_000, h: 3_600_000 } as const;
const BYTES = { B: 1, KiB: 1_024, MiB: 1_048_576 } as const;

/** `30s`, `2min`: milliseconds. */
export const duration = z
  .string({ error: 'is a time such as 30s or 2min.' })
  .regex(/^[1-9]\d{0,8}(?:ms|s|min|h)$/, 'is a time such as 30s or 2min.')
  .transform((text) => Number.parseInt(text, 10) * MILLISECONDS[/[a-z]+$/.exec(text)?.[0] as keyof typeof MILLISECONDS]);

/** `256KiB`: bytes. */
export const size = z
  .string({ error: 'is a size such as 256KiB.' })
  .regex(/^[1-9]\d{0,8}(?:B|KiB|MiB)$/, 'is a size such as 256KiB.')
  .transform((text) => Number.parseInt(text, 10) * BYTES[/[A-Za-z]+$/.exec(text)?.[0] as keyof typeof BYTES]);

const RATE = 'is a rate such as 600/min or 200/s, with "burst N" behind it where fewer may come at once.';

/** `600/min`, `200/s burst 50`. */
export const rate = z
  .string({ error: RATE })
  .regex(/^[1-9]\d{0,8}\/(?:s|min|h)(?: burst [1-9]\d{0,8})?$/, RATE)
  .transform((text) => {
    const [, limit, window, burst] = /^(\d+)\/([a-z]+)(?: burst (\d+))?$/.exec(text) ?? [];
    const milliseconds = MILLISECONDS[window as keyof typeof MILLISECONDS];
    return burst === undefined ? rateOf(Number(limit), milliseconds) : rateOf(Number(limit), milliseconds, Number(burst));
  });

/** `203.0.113.7`, `10.0.0.0/8`. */
export const network = z.string().refine(isNetwork, 'is an address or a network such as 10.0.0.0/8.');

/** `/v1/workspaces/*\/events`: `*` is one part of a path, `**` at the end all the rest. */
export const pathPattern = z
  .string()
  .regex(/^\/[^\s?#]*$/, 'is a path such as /v1/workspaces/*/events; * is one part, ** at the end the rest.')
  .transform((written) => ({ written, path: patternOf(written) }));

function patternOf(written: string): RegExp {
  const source = written
    .split(/(\*\*$|\*)/)
    .map((piece) => (piece === '**' ? '.*' : piece === '*' ? '[^/]+' : piece.replaceAll(/[.+^${}()|[\]\\]/g, String.raw`\$&`)))
    .join('');
  return new RegExp(`^${source}$`);
}

function isNetwork(text: string): boolean {
  const [address = '', prefix, ...more] = text.split('/');
  if (isIP(address) === 0 || more.length > 0) return false;
  if (prefix === undefined) return true;
  try {
    new BlockList().addSubnet(address, /^\d{1,3}$/.test(prefix) ? Number(prefix) : Number.NaN, isIP(address) === 4 ? 'ipv4' : 'ipv6');
    return true;
  } catch {
    return false;
  }
}
