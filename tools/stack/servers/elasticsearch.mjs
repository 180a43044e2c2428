import { cpSync, mkdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { java, javaHome } from '../installing/java.mjs';
import { fetchArtifact, MAVEN } from '../installing/maven.mjs';

const VERSION = '8.19.21';
const ARTIFACT = `org.elasticsearch.distribution.integ-test-zip:elasticsearch:${VERSION}:zip`;
const SHA256 = '215d5f3dbf0609a149f6218a9e47b6ae2df34ebbff3c5754e35f15a5e5393c8a';
const JAVA = { from: 17, to: 25 };
const SETTINGS = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..', 'deploy', 'elasticsearch', 'elasticsearch.yml');

/**
 * One node of Elasticsearch, as its makers build it for their own tests: the real server without the optional modules.
 * @type {import('../server.mjs').Server}
 */
export const server = {
  name: 'elasticsearch',
  version: VERSION,
  needs: [java(JAVA), MAVEN, { program: 'unzip', advice: 'On Debian: `apt-get install unzip`.' }],

  async install({ cache, run }) {
    const zip = await fetchArtifact({ artifact: ARTIFACT, sha256: SHA256, into: cache, run });
    await run('unzip', ['-q', zip, '-d', cache]);
    rmSync(zip);
  },

  async launch({ cache, folder, port }) {
    const home = join(cache, `elasticsearch-${VERSION}`);
    const config = configured(home, folder);
    const [http, transport] = [port(), port()];
    const url = `http://127.0.0.1:${http}`;
    return {
      command: join(home, 'bin', 'elasticsearch'),
      args: Object.entries({
        'network.host': '127.0.0.1',
        'http.port': http,
        'transport.port': transport,
        'path.data': join(folder, 'data'),
        'path.logs': join(folder, 'logs'),
        // A disk that is nearly full is the machine's affair: a test must not find its index read-only for it.
        'cluster.routing.allocation.disk.threshold_enabled': false,
      }).map(([name, value]) => `-E${name}=${value}`),
      env: {
        ES_JAVA_HOME: javaHome(JAVA) ?? '',
        ES_PATH_CONF: config,
        ES_TMPDIR: join(folder, 'tmp'),
        ES_JAVA_OPTS: '-Xms512m -Xmx512m',
      },
      user: 'nobody',
      settings: { MILLRACE_ELASTICSEARCH_URL: url },
      healthy: (signal) => isHealthy(url, signal),
      patience: 120_000,
    };
  },
};

/**
 * The server writes into its folder of settings, so each folder of data has one of its own.
 * @param {string} home
 * @param {string} folder
 */
function configured(home, folder) {
  const config = join(folder, 'config');
  for (const name of ['data', 'logs', 'tmp']) mkdirSync(join(folder, name), { recursive: true });
  cpSync(join(home, 'config'), config, { recursive: true });
  cpSync(SETTINGS, join(config, 'elasticsearch.yml'));
  return config;
}

/**
 * @param {string} url
 * @param {AbortSignal} signal
 */
async function isHealthy(url, signal) {
  const answer = await fetch(`${url}/_cluster/health`, { signal });
  const health = /** @type {{ status?: string }} */ (await answer.json());
  return answer.ok && health.status !== 'red';
}
