import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { temporaryFolder } from '@millrace/testing';
import { z } from 'zod';
import { shownSettings } from './shown-settings';

const schema = z.object({
  port: z.coerce.number().default(4000),
  adminToken: z.string().optional(),
  s3SecretKey: z.string(),
  natsUrl: z.string().transform((text) => text.split(' ')),
  issuerKeysUrl: z.string().default('https://id.example/certs'),
});

describe('settings as they are shown', () => {
  it('say where each comes from, and hold nothing secret', () => {
    using folder = temporaryFolder();
    const file = join(folder.path, 's3');
    writeFileSync(file, 'canary');
    const environment = { MILLRACE_NATS_URL: 'nats://user:canary@10.0.0.1:4222 nats://10.0.0.2:4222', MILLRACE_S3_SECRET_KEY_FILE: file };
    const shown = shownSettings(schema, environment);
    expect(shown).toEqual({
      MILLRACE_PORT: { value: 4000, from: 'default' },
      MILLRACE_ADMIN_TOKEN: { value: undefined, from: 'default' },
      MILLRACE_S3_SECRET_KEY: { value: 'REDACTED', from: 'file' },
      MILLRACE_NATS_URL: { value: ['nats://REDACTED@10.0.0.1:4222', 'nats://10.0.0.2:4222'], from: 'environment' },
      MILLRACE_ISSUER_KEYS_URL: { value: 'https://id.example/certs', from: 'default' },
    });
    expect(JSON.stringify(shown)).not.toContain('canary');
  });
});
