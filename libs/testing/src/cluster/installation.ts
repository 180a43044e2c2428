import { Client } from 'minio';
import { createConnection } from 'mongoose';
import { stackSetting } from '../servers/stack-setting';

/** Removes what an installation left under its name on the servers that it shared: databases, indices, blobs. NATS and Keycloak are the caller's. */
export async function removeInstallation(installation: string): Promise<void> {
  await Promise.all([dropDatabases(`${installation}-`), dropHistory(installation), dropBucket(installation)]);
}

async function dropDatabases(prefix: string): Promise<void> {
  const connection = await createConnection(stackSetting('MILLRACE_MONGODB_URL')).asPromise();
  try {
    const { databases } = await connection.listDatabases();
    for (const { name } of databases) if (name.startsWith(prefix)) await connection.useDb(name).dropDatabase();
  } finally {
    await connection.close();
  }
}

/** Removes the history of an installation. */
export async function dropHistory(installation: string): Promise<void> {
  const prefix = `${installation}-events`;
  const url = stackSetting('MILLRACE_ELASTICSEARCH_URL');
  const found = await fetch(`${url}/_cat/indices/${prefix}*?format=json&h=index`);
  const indices = found.ok ? ((await found.json()) as readonly { readonly index: string }[]) : [];
  for (const { index } of indices) await fetch(`${url}/${index}`, { method: 'DELETE' });
  await fetch(`${url}/_index_template/${prefix}`, { method: 'DELETE' });
}

async function dropBucket(bucket: string): Promise<void> {
  const { hostname, port } = new URL(stackSetting('MILLRACE_S3_URL'));
  const client = new Client({
    endPoint: hostname,
    port: Number(port),
    useSSL: false,
    accessKey: stackSetting('MILLRACE_S3_ACCESS_KEY'),
    secretKey: stackSetting('MILLRACE_S3_SECRET_KEY'),
    region: 'us-east-1',
  });
  if (!(await client.bucketExists(bucket))) return;
  const names: string[] = [];
  for await (const { name } of client.listObjectsV2(bucket, '', true) as AsyncIterable<{ readonly name?: string }>)
    if (name !== undefined) names.push(name);
  for (const name of names) await client.removeObject(bucket, name);
  await client.removeBucket(bucket);
}
