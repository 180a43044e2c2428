// What `npm start`, `npm test` and every `npm run …` call: `node tools/launch/launch.mjs <command> [arguments]`. Needs nothing installed and
// runs on the system's Node; what it starts runs on the pinned one. Loaded in two steps, so that an old Node is told so, not shown a
// syntax error.
import { tooOldToLaunch } from './node-versions.mjs';

const problem = tooOldToLaunch(process.versions.node);
if (problem === undefined) {
  const { launch } = await import('./commands.mjs');
  process.exitCode = await launch(process.argv.slice(2));
} else {
  console.error(problem);
  process.exitCode = 1;
}
