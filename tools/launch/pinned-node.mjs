import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { Halt } from './halt.mjs';
import { chooseNode, pinnedPackage } from './node-versions.mjs';

/** The path of the Node that runs Millrace; a Halt where there is none. */
export function pinnedNode() {
  const { platform, arch, execPath, versions } = process;
  const chosen = chooseNode(pinned(platform, arch), { path: execPath, version: versions.node, machine: `${platform}-${arch}` });
  if ('problem' in chosen) throw new Halt(chosen.problem);
  return chosen.path;
}

/**
 * @param {string} platform
 * @param {string} architecture
 */
function pinned(platform, architecture) {
  const name = pinnedPackage(platform, architecture);
  if (name === undefined) return undefined;
  const path = fileURLToPath(new URL(`../../node_modules/${name}/bin/node`, import.meta.url));
  const answer = spawnSync(path, ['--version'], { encoding: 'utf8' });
  return { path, version: answer.status === 0 ? answer.stdout.trim().slice(1) : undefined };
}
