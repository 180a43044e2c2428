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
    overload: z.strictObject({ late: duration, calls: z.int().min(1) }).partial(),
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

type Written = z.output<typeof rules>;

interface Mistake {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/** What `gateway.yaml` may say. */
export const gatewayFile = rules.superRefine((written, context) => {
  const known = new Set([...Object.keys(DEFAULT_CLASSES), ...Object.keys(written.classes ?? {})]);
  for (const { path, message } of [...unknownClasses(written, known), ...wrongClasses(written), ...openLimits(written)]) {
    context.addIssue({ code: 'custom', path: [...path], message });
  }
});

/** Names that are those of no class. */
function unknownClasses({ limits = {}, timeouts = {}, routes = [] }: Written, known: ReadonlySet<string>): readonly Mistake[] {
  const named: (readonly [string, readonly (string | number)[]])[] = [
    ...Object.keys(limits).map((name) => [name, ['limits', name]] as const),
    ...Object.keys(timeouts).flatMap((name) => (name === 'default' ? [] : [[name, ['timeouts', name]] as const])),
    ...routes.flatMap(({ class: name }, index) => (name === undefined ? [] : [[name, ['routes', index, 'class']] as const])),
  ];
  const message = `is no class. The classes are ${[...known].join(', ')}.`;
  return named.filter(([name]) => !known.has(name)).map(([, path]) => ({ path, message }));
}

/** Classes of the operators that are there already, or like none that is. */
function wrongClasses({ classes = {} }: Written): readonly Mistake[] {
  return Object.entries(classes).flatMap(([name, { like }]) => [
    ...(DEFAULT_CLASSES[name] === undefined
      ? []
      : [{ path: ['classes', name], message: 'is a class already; set its limits under "limits".' }]),
    ...(DEFAULT_CLASSES[like] === undefined
      ? [{ path: ['classes', name, 'like'], message: `is none of ${Object.keys(DEFAULT_CLASSES).join(', ')}.` }]
      : []),
  ]);
}

/** Limits that keep secrets from being guessed and would be gone. */
function openLimits({ limits = {} }: Written): readonly Mistake[] {
  const isOpen = (set: unknown): boolean => set === null || (typeof set === 'object' && Object.values(set).includes(null));
  return Object.entries(limits)
    .filter(([name, set]) => DEFAULT_CLASSES[name]?.strict === true && isOpen(set))
    .map(([name]) => ({ path: ['limits', name], message: 'cannot be off: it keeps secrets from being guessed.' }));
}
