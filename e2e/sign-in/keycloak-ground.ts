import { freePort, KeycloakRealm, startStandaloneProcess, temporaryFolder } from '@millrace/testing';
import type { RemovingGround } from './leaving';
import { manySignIns } from './many-sign-ins';

const PASSWORD = 'a mill by the lake';

/** A standalone of its own, whose people sign in at a realm of its own in the stack's Keycloak. */
export async function keycloakGround(): Promise<RemovingGround> {
  const folder = temporaryFolder();
  const ports = { http: await freePort(), admin: await freePort() };
  const realm = await KeycloakRealm.create({ publicUrl: `http://127.0.0.1:${ports.http}` });
  for (const person of ['ada', 'bob']) await realm.setPassword(person, PASSWORD);
  const environment = {
    ...manySignIns(folder.path),
    MILLRACE_IDENTITY: 'external',
    MILLRACE_ISSUER_URL: realm.issuerUrl,
    MILLRACE_CONSOLE_SECRET: await realm.secretOf('millrace-console'),
    MILLRACE_GATEWAY_SECRET: await realm.secretOf('millrace-gateway'),
  };
  const millrace = await startStandaloneProcess({ folder: folder.path, password: 'not asked for', ports, environment });
  return {
    url: millrace.url,
    issuerUrl: realm.issuerUrl,
    password: PASSWORD,
    fields: { name: 'username', password: 'password' },
    letDeviceIn: { accept: 'Yes' },
    letGo: { confirmLogout: 'Logout' },
    removeAccount: (username) => realm.removeUser(username),
    async [Symbol.asyncDispose]() {
      await millrace.stop();
      await realm[Symbol.asyncDispose]();
      folder[Symbol.dispose]();
    },
  };
}
