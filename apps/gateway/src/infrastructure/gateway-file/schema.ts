import { z } from 'zod';
import { DEFAULT_CLASSES } from '../../application/policies/default-classes';
import { duration, network, pathPattern, rate, size } from './values';

const OFF = 'off';
const rateOrNone = z.union([z.literal(OFF).transform(() => null), rate], {
  error: 'is a rate such as 600/min, or off.',
});
const limit = z.union([
  rateOrNone,
  z.strictObject({ caller: rateOrNone, principal: rateOrNone, address: rateOrNone, user: rateOrNone, workspace: rateOrNone }).partial(),
]);

const trusted = z.strictObject({
  addresses: z.array(network).min(1),
  header: z.enum(['forwarded', 'x-forwarded-for', 'x-real-ip']).default('x-forwarded-for'),
});

const route = z.strictObject({
  match: z
    .strictObject({ path: pathPattern, method: z.string().toUpperCase().optional(), host: z.string().toLowerCase().optional() })
    .transform(({ path, ...rest }) => ({ ...path, ...rest })),
  class: z.string().optional(),
  limit: rate.optional(),
  timeout: duration.optional(),
  body: size.optional(),
  off: z.boolean().optional(),
});

const rules = z
  .strictObject({
    origins: z.array(z.string().regex(/^https?:\/\/[^/\s]+$/, 'is an origin such as https://app.example.org.')),
    trustedProxies: z.array(
      z.union([network.transform((address) => ({ addresses: [address], header: 'x-forwarded-for' as const })), trusted]),
    ),
    limits: z.record(z.string(), limit),
    classes: z.record(z.string().regex(/^[a-z][a-z0-9-]{0,39}$/), z.strictObject({ like: z.string(), limit: limit.optional() })),
    timeouts: z.record(z.string(), duration),
    blacklist: z.strictObject({ addresses: z.array(network), paths: z.array(pathPattern.transform(({ path }) => path)) }).partial(),
    maintenance: z.record(z.string(), z.string().min(1).max(500)),
    headers: z.record(
      z
        .string()
        .regex(/^[a-z0-9-]+$/i, 'is no name of a header.')
        .toLowerCase(),
      z.string().regex(/^[\x20-\x7e]*$/, 'holds what no header may.'),
    ),
    routes: z.array(route),
  })
  .partial();

/** What `gateway.yaml` may say. */
export const gatewayFile = rules.superRefine((written, context) => {
  const known = new Set([...Object.keys(DEFAULT_CLASSES), ...Object.keys(written.classes ?? {})]);
  const check = (name: string, path: (string | number)[]): void => {
    if (!known.has(name)) context.addIssue({ code: 'custom', path, message: `is no class. The classes are ${[...known].join(', ')}.` });
  };
  for (const [name, { like }] of Object.entries(written.classes ?? {})) {
    if (DEFAULT_CLASSES[name] !== undefined)
      context.addIssue({ code: 'custom', path: ['classes', name], message: 'is a class already; set its limits under "limits".' });
    if (DEFAULT_CLASSES[like] === undefined) check(`${like} of our own`, ['classes', name, 'like']);
  }
  for (const [name, set] of Object.entries(written.limits ?? {})) {
    check(name, ['limits', name]);
    if (DEFAULT_CLASSES[name]?.strict === true && set === null)
      context.addIssue({ code: 'custom', path: ['limits', name], message: 'cannot be off: it keeps secrets from being guessed.' });
  }
  for (const name of Object.keys(written.timeouts ?? {})) if (name !== 'default') check(name, ['timeouts', name]);
  for (const [index, { class: name }] of (written.routes ?? []).entries()) if (name !== undefined) check(name, ['routes', index, 'class']);
});
