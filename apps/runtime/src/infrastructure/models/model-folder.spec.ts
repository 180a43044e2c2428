import { readdirSync, readFileSync, statSync, truncateSync, utimesSync, writeFileSync, mkdirSync, existsSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { temporaryFolder, VirtualTime } from '@millrace/testing';
import { KeptLog } from '../../application/testing/told';
import { ModelFolder } from './model-folder';
import { handedVersion, type HandedVersion } from './testing/handed-version';

const ONE = handedVersion('do: [] # ü');
const OTHER = handedVersion('do: [] # 2');

let folder: ReturnType<typeof temporaryFolder>;
let path: string;
let log: KeptLog;
const time = new VirtualTime(1_000_000);

beforeEach(() => {
  [folder, log] = [temporaryFolder(), new KeptLog()];
  path = join(folder.path, 'scratch', 'runtime');
});

afterEach(() => folder[Symbol.dispose]());

const opened = (most = 1_000_000) => new ModelFolder({ folder: path, most, clock: time, log });
const fileOf = (workspaceId: string, { digest }: HandedVersion) => join(path, 'kept', workspaceId, digest);

/** A folder that has kept these, and the next process that uses it. */
async function after(most: number, ...kept: readonly (readonly [string, HandedVersion])[]): Promise<ModelFolder> {
  const before = opened();
  for (const [workspaceId, { digest, files }] of kept) before.keep(workspaceId, digest, files);
  await before.close();
  return opened(most);
}

async function isHere(models: ModelFolder, workspaceId: string, { digest }: HandedVersion): Promise<boolean> {
  return (await models.find(workspaceId, digest)) !== undefined;
}

describe('a version on the disk', () => {
  it('is there in the next process as it was fetched, with the apps in it', async () => {
    const models = await after(1_000_000, ['ws_1', ONE]);
    expect(await models.find('ws_1', ONE.digest)).toMatchObject({
      automations: [{ file: 'automations/a.yaml', slug: 'a', text: 'do: [] # ü' }],
      apps: { crm: { app: 'mail', config: { from: 'a' }, automations: [{ text: 'do: []' }] } },
    });
    expect(await isHere(models, 'ws_2', ONE)).toBe(false);
    expect(log.lines).toEqual([]);
    await models.close();
  });

  it.each([
    ['truncated', (file: string) => truncateSync(file, 40)],
    ['empty', (file: string) => truncateSync(file, 0)],
    ['altered in one bit', (file: string) => writeFileSync(file, flipped(readFileSync(file), 20))],
    ['altered in an app', (file: string) => writeFileSync(file, flipped(readFileSync(file), readFileSync(file).length - 36))],
    ['longer', (file: string) => writeFileSync(file, Buffer.concat([readFileSync(file), Buffer.of(0)]))],
  ])('is not used when it is %s, and goes', async (_, spoil) => {
    const models = await after(1_000_000, ['ws_1', ONE]);
    spoil(fileOf('ws_1', ONE));
    expect(await isHere(models, 'ws_1', ONE)).toBe(false);
    await models.close();
    expect(existsSync(fileOf('ws_1', ONE))).toBe(false);
    expect(log.lines).toEqual(['A version on the disk is damaged; it is fetched again.']);
    models.keep('ws_1', ONE.digest, ONE.files);
    await models.close();
    expect(await isHere(models, 'ws_1', ONE)).toBe(true);
    await models.close();
  });

  it('is not used under the name of another, of its workspace or of another one', async () => {
    const models = await after(1_000_000, ['ws_1', ONE], ['ws_2', OTHER]);
    writeFileSync(fileOf('ws_2', ONE), readFileSync(fileOf('ws_1', ONE)));
    renameSync(fileOf('ws_1', ONE), fileOf('ws_1', OTHER));
    expect(await Promise.all([isHere(models, 'ws_1', OTHER), isHere(models, 'ws_2', ONE)])).toEqual([false, false]);
    await models.close();
  });

  it('is not kept when its files are not those of its digest', async () => {
    const models = await after(1_000_000, ['ws_1', { digest: OTHER.digest, files: ONE.files }]);
    expect(await isHere(models, 'ws_1', OTHER)).toBe(false);
    await models.close();
  });

  it('can be read by nobody else on the machine', async () => {
    await (await after(1_000_000, ['ws_1', ONE])).close();
    expect(log.lines).toEqual([]);
    const modes = [join(path, 'kept'), join(path, 'kept', 'ws_1'), fileOf('ws_1', ONE)].map((one) => modeOf(one));
    expect(modes).toEqual([0o700, 0o700, 0o600]);
  });
});

describe('the room for versions on the disk', () => {
  const size = async (): Promise<number> => {
    await (await after(1_000_000, ['ws_1', ONE])).close();
    return readFileSync(fileOf('ws_1', ONE)).length;
  };

  it('is bounded: what was not used for longest goes, also what the process before has used', async () => {
    const most = 2 * (await size());
    const models = await after(most, ['ws_1', ONE], ['ws_2', ONE]);
    utimesSync(fileOf('ws_1', ONE), 10, 10);
    utimesSync(fileOf('ws_2', ONE), 20, 20);
    await models.close();
    const next = opened(most);
    await next.close();
    expect(await isHere(next, 'ws_1', ONE)).toBe(true);
    next.keep('ws_3', ONE.digest, ONE.files);
    await next.close();
    expect(readdirSync(join(path, 'kept'))).toEqual(['ws_1', 'ws_3']);
    const small = opened(most / 2);
    await small.close();
    expect(readdirSync(join(path, 'kept'))).toEqual(['ws_3']);
  });

  it('takes nothing that is larger than all of it, and nothing at all when there is none', async () => {
    const most = (await size()) - 1;
    for (const models of [opened(most), opened(0)]) {
      models.keep('ws_1', ONE.digest, ONE.files);
      await models.close();
      expect(await isHere(models, 'ws_1', ONE)).toBe(false);
    }
  });

  it('is left by a workspace with all its versions, and by no other', async () => {
    const models = await after(1_000_000, ['ws_1', ONE], ['ws_1', OTHER], ['ws_11', ONE]);
    models.forgetIf(async () => true, 'ws_1');
    await models.close();
    expect(readdirSync(join(path, 'kept'))).toEqual(['ws_11']);
    expect(await isHere(models, 'ws_11', ONE)).toBe(true);
    await models.close();
  });
});

describe('a disk that fails', () => {
  it('is told of in the log and to nobody else', async () => {
    mkdirSync(join(folder.path, 'scratch'));
    writeFileSync(path, 'no folder');
    const models = opened();
    models.keep('ws_1', ONE.digest, ONE.files);
    expect(await isHere(models, 'ws_1', ONE)).toBe(false);
    await models.close();
    expect(new Set(log.lines)).toEqual(new Set(['The folder of versions cannot be used; versions are fetched.']));
  });
});

function flipped(bytes: Buffer, at: number): Buffer {
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  return bytes;
}

function modeOf(path: string): number {
  return statSync(path).mode & 0o777;
}
