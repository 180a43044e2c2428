import { freePort, startStandaloneProcess, temporaryFolder } from '@millrace/testing';
import type { Ground } from './ground';
import { manySignIns } from './many-sign-ins';

const PASSWORD = 'a mill by the lake';

/** A standalone of its own, whose people sign in at the provider inside it. */
export async function embeddedGround(environment: Readonly<Record<string, string>> = {}): Promise<Ground> {
  const folder = temporaryFolder();
  const ports = { http: await freePort(), admin: await freePort() };
  const settings = { ...manySignIns(folder.path), ...environment };
  const millrace = await startStandaloneProcess({ folder: folder.path, password: PASSWORD, ports, environment: settings });
  return {
    url: millrace.url,
    issuerUrl: `${millrace.url}/realms/millrace`,
    password: PASSWORD,
    fields: { name: 'name', password: 'password' },
    letDeviceIn: { confirm: 'yes' },
    letGo: { logout: 'yes' },
    async [Symbol.asyncDispose]() {
      await millrace.stop();
      folder[Symbol.dispose]();
    },
  };
}
