// A server that speaks as MongoDB does: mongo-java-server, kept in one file. docs/adr/0027 says why this one.
import { createConnection } from 'mongoose';
import { join } from 'node:path';
import { java, javaHome } from '../installing/java.mjs';
import { MAVEN } from '../installing/maven.mjs';

const VERSION = '1.47.0';
const SOURCES = join(import.meta.dirname, '../mongodb');
const COPY = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies';
/** For how long one question whether it is well may take, in milliseconds. */
const ASKED_MS = 1_000;
const JAVAS = { from: 17, to: 25 };

/** @type {import('../server.mjs').Server} */
export const server = {
  name: 'mongodb',
  version: VERSION,
  needs: [
    java(JAVAS),
    { program: 'javac', advice: 'On Debian: `apt-get install openjdk-17-jdk-headless`.' },
    { program: 'sha256sum', advice: 'It comes with GNU coreutils.' },
    MAVEN,
  ],

  async install({ cache, run }) {
    const lib = join(cache, 'lib');
    const pom = join(SOURCES, 'pom.xml');
    await run('mvn', ['--batch-mode', '--no-transfer-progress', '--file', pom, COPY, `-DoutputDirectory=${lib}`], { cwd: cache });
    await run('sha256sum', ['--check', '--strict', '--quiet', join(SOURCES, 'sha256sums')], { cwd: lib });
    await run('javac', ['--release', '17', '-cp', join(lib, '*'), '-d', join(cache, 'classes'), join(SOURCES, 'DocumentServer.java')]);
  },

  async launch({ cache, folder, port }) {
    const at = port();
    const url = `mongodb://127.0.0.1:${at}`;
    return {
      command: join(javaHome(JAVAS) ?? '', 'bin', 'java'),
      args: [
        ...['-Xms64m', '-Xmx256m', '-XX:+UseSerialGC'],
        ...['-cp', `${join(cache, 'lib', '*')}:${join(cache, 'classes')}`, 'DocumentServer'],
        ...['127.0.0.1', String(at), folder],
      ],
      settings: { MILLRACE_MONGODB_URL: url },
      healthy: () => answers(url),
      patience: 60_000,
    };
  },
};

/** @param {string} url */
async function answers(url) {
  const connection = createConnection(url, { serverSelectionTimeoutMS: ASKED_MS, socketTimeoutMS: ASKED_MS });
  try {
    await connection.asPromise();
    return (await connection.db?.admin().ping())?.['ok'] === 1;
  } finally {
    await connection.close();
  }
}
