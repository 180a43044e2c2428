// The least that steps which survive can cost: for each request STEPS fetches, each result put into SQLite in a transaction of its own,
// on the disk before the next one begins. Arguments: port, folder, URL of the sink, steps.
import { createServer } from 'node:http';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Pool } from 'undici';

const [port, folder = '', sink = '', steps] = process.argv.slice(2);
const { origin, pathname } = new URL(sink);
const pool = new Pool(origin);
const database = new DatabaseSync(join(folder, 'raw.db'));
database.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL');
database.exec('CREATE TABLE steps (run INTEGER, step INTEGER, result TEXT, PRIMARY KEY (run, step))');
const insert = database.prepare('INSERT INTO steps VALUES (?, ?, ?)');
let runs = 0;

async function run() {
  const id = runs++;
  let answer = '';
  for (let step = 0; step < Number(steps); step++) {
    const { body } = await pool.request({ path: pathname, method: 'POST', body: '{}' });
    answer = await body.text();
    insert.run(id, step, answer);
  }
  return answer;
}

createServer((request, response) => {
  request.resume();
  if (request.method === 'GET') response.end('alive');
  else request.once('end', () => void run().then((answer) => response.end(answer)));
}).listen(Number(port), '127.0.0.1');
