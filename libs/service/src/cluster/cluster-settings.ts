import { z } from 'zod';
import type { Need } from '../platform';

const natsUrl = /^(nats|tls|wss?):\/\/[^/\s,]+$/;

/** Says that a setting is missing, what needs it, and what one looks like; or what is wrong with the one that is there. */
const missing = (example: string, wrong: string) => ({
  error: ({ input }: { readonly input?: unknown }) =>
    input === undefined ? `is not set, and this service on the cluster platform needs it. For example: ${example}` : wrong,
});

const address = (protocol: RegExp, example: string) => z.url({ protocol, ...missing(example, `is no address like ${example}.`) });
const text = (example: string) => z.string(missing(example, `is no text like ${example}.`));

/** Settings that every service has on the cluster platform. */
const everywhere = {
  /** The NATS servers, separated by commas, as `nats://10.0.0.1:4222,nats://10.0.0.2:4222`. */
  natsUrl: text('nats://127.0.0.1:4222')
    .transform((list) => list.split(',').map((server) => server.trim()))
    .refine(
      (servers) => servers.every((server) => natsUrl.test(server)),
      'is no list of addresses like nats://10.0.0.1:4222,nats://10.0.0.2:4222.',
    ),
  /** The NATS user of this service; it may do what deploy/nats allows it. Absent: whoever the servers take for nobody. */
  natsUser: z.string().optional(),
  /** The password of that user. */
  natsPassword: z.string().optional(),
  /** On how many NATS servers events and keys are kept. */
  natsReplicas: z.coerce.number().int().min(1).max(5).default(1),
  /**
   * Sets this Millrace apart from others on the same MongoDB, Elasticsearch and S3: what it has there is named `millrace-<installation>`,
   * and `millrace` when this is absent. On NATS each has an account or servers of its own.
   */
  installation: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,29}$/, 'has at most 30 small letters, digits and "-".')
    .optional()
    .transform((installation) => (installation === undefined ? 'millrace' : `millrace-${installation}`)),
};

/** Of whoever prepares the NATS servers. */
const setup = {
  /** The NATS user that may make streams and buckets. The process that is given it makes them at its start; the others wait for them. */
  natsSetupUser: z.string().optional(),
  /** The password of that user. */
  natsSetupPassword: z.string().optional(),
};

const eventLog = {
  /** Monitoring address of a NATS server: there it is seen that it syncs as `durability` promises. */
  natsMonitorUrl: address(/^https?$/, 'http://127.0.0.1:8222'),
};
const documents = {
  /** Where MongoDB is, as `mongodb://127.0.0.1:27017`. A gateway needs it only when it signs people in itself. */
  mongodbUrl: address(/^mongodb(\+srv)?$/, 'mongodb://127.0.0.1:27017'),
};
const history = {
  /** Where Elasticsearch is, as `http://127.0.0.1:9200`. */
  elasticsearchUrl: address(/^https?$/, 'http://127.0.0.1:9200'),
};
const blobs = {
  /** Where the S3 server is, as `http://127.0.0.1:9000`. */
  s3Url: address(/^https?$/, 'http://127.0.0.1:9000'),
  /** The name of the key that opens it. */
  s3AccessKey: text('the name of a key'),
  /** The secret of that key. */
  s3SecretKey: text('its secret'),
};

/** Where the cluster platform stands. What a service does not use need not be set. */
export function clusterSettings(needs: readonly Need[]) {
  const stands = (need: Need): boolean => needs.includes(need);
  return {
    /** As for every process. */
    platform: z.literal('cluster'),
    ...everywhere,
    ...setup,
    /** The bucket for blobs; named as the installation when absent. */
    s3Bucket: z
      .string()
      .regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, 'is no name of a bucket: 3 to 63 small letters, digits, "." and "-".')
      .optional(),
    ...optionalUnless(stands('eventLog') || stands('documents'), eventLog),
    ...optionalUnless(stands('documents'), documents),
    ...optionalUnless(stands('history'), history),
    ...optionalUnless(stands('blobs'), blobs),
  };
}

export type ClusterSettings = z.infer<z.ZodObject<ReturnType<typeof clusterSettings>>>;

type Optional<S extends z.ZodRawShape> = { [K in keyof S]: S[K] | z.ZodOptional<S[K]> };

function optionalUnless<S extends Record<string, z.ZodType>>(needed: boolean, shape: S): Optional<S> {
  if (needed) return shape;
  return Object.fromEntries(Object.entries(shape).map(([name, schema]) => [name, schema.optional()])) as unknown as Optional<S>;
}
