import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { TestFolder } from '../../apps/cli/testing/folder';
import { openCliGround, type CliGround } from './ground';

const doc = (output: string): string => `# kept\nwhen: { events: [asked] }\ndo: []\noutput: ${output}\n`;
/** No text in any encoding. */
const PICTURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0xff, 0xfe, 0xc3, 0x28, 0xed, 0xa0, 0x80]);
/** More than a request of JSON may have. */
const LARGE = Buffer.alloc(3 * 1_048_576, PICTURE);
const A = 'automations/a.yaml';
const B = 'automations/b.yaml';

describe('a folder and a server', () => {
  let ground: CliGround;
  let made = 0;

  beforeAll(async () => {
    ground = await openCliGround();
    const token = await ground.millrace.token('ada');
    await ground.type(['login', ground.millrace.url, '--token-stdin'], { input: token });
  });

  afterAll(async () => {
    await ground.stop();
  });

  /** A folder, and a workspace that it has not met. */
  const meet = async (files: Readonly<Record<string, string>>) => {
    made += 1;
    const slug = `place-${made}`;
    await ground.say(`workspaces create ${slug} --slug ${slug}`);
    const folder = new TestFolder(files);
    const say = (line: string, folderPath = folder.path) => ground.say(`${line} -w ${slug}`, { folder: folderPath });
    return { slug, folder, say, read: (path: string) => readFileSync(join(folder.path, path), 'utf8') };
  };

  it('meet: the plan says what would be done, the apply does it and publishes it, and then there is nothing to do', async () => {
    const { say } = await meet({ [A]: doc('1'), [B]: doc('2'), 'README.md': 'hello\n', 'actions/x/action.yaml': 'name: x\n' });
    const plan = await say('plan');
    expect(plan).toMatchObject({ code: 10, output: expect.stringContaining(`+ README.md\n+ ${A}\n+ ${B}\n3 changes in `) });
    expect((await say('automations list -o name')).output).toBe('');
    const applied = await say('apply -q -o json');
    expect(applied).toMatchObject({ code: 0, notes: '' });
    const version = JSON.parse(applied.output) as { number: number; digest: string };
    expect(version.number).toBe(1);
    expect(await say('plan')).toMatchObject({ code: 0, output: expect.stringMatching(/^0 changes in \S+, 3 files as they are\.\n$/) });
    const again = JSON.parse((await say('apply -q -o json')).output) as { number: number; digest: string };
    expect(again).toMatchObject({ number: 1, digest: version.digest });
  });

  it('have the same assets, byte for byte, whichever side they come from', async () => {
    const { say, folder, slug } = await meet({ [A]: doc('1') });
    folder.write('assets/img/logo.png', PICTURE);
    folder.write('assets/twin.png', PICTURE);
    folder.write('assets/large.bin', LARGE);
    folder.write('assets/empty', '');
    expect(await say('plan')).toMatchObject({ code: 10, output: expect.stringContaining('+ assets/img/logo.png\n') });
    expect(await say('apply -q')).toMatchObject({ code: 0 });
    expect(await say('plan')).toMatchObject({ code: 0, output: expect.stringContaining('5 files as they are') });
    const other = new TestFolder({ 'workspace.yaml': 'name: Other\n' });
    expect(await ground.say(`pull -w ${slug}`, { folder: other.path })).toMatchObject({ code: 0 });
    const both = ['assets/img/logo.png', 'assets/twin.png', 'assets/large.bin', 'assets/empty', A];
    for (const path of both) expect(readFileSync(join(other.path, path)).equals(readFileSync(join(folder.path, path)))).toBe(true);

    other.write('assets/img/logo.png', Buffer.concat([PICTURE, Buffer.of(0xff)]));
    expect(await ground.say(`apply -q -w ${slug} --take mine`, { folder: other.path })).toMatchObject({ code: 0 });
    expect(await say('plan')).toMatchObject({
      code: 5,
      output: expect.stringContaining('! assets/img/logo.png  it changed on the server'),
    });
    expect(await say('pull')).toMatchObject({ code: 0, notes: expect.stringContaining('< assets/img/logo.png\n') });
    expect(readFileSync(join(folder.path, 'assets/img/logo.png'))).toEqual(Buffer.concat([PICTURE, Buffer.of(0xff)]));
    expect(await say('plan')).toMatchObject({ code: 0 });
    other[Symbol.dispose]();
  });

  it('take no file that is too large, and say which', async () => {
    const { say, folder } = await meet({ [A]: doc('1') });
    folder.write('assets/huge.bin', new Uint8Array(5 * 1_048_576 + 1));
    folder.write('README.md', 'x'.repeat(262_145));
    const refused = await say('plan');
    expect([refused.code, refused.notes]).toEqual([
      expect.any(Number),
      expect.stringContaining('README.md (262145 bytes, of at most 262144), assets/huge.bin (5242881 bytes'),
    ]);
    expect(refused.code).not.toBe(0);
    folder[Symbol.dispose]();
  });

  it('meet by names that both read: another one is refused, and a folder of the seed system is to be imported', async () => {
    const { say, folder } = await meet({ 'automations/a.yml': doc('one'), 'automations/b.json': '{ "do": [], "output": "two" }' });
    expect(await say('apply -q')).toMatchObject({ code: 0 });
    expect(await say('run b -q')).toMatchObject({ output: 'two\n' });
    expect(await say('plan')).toMatchObject({ code: 0 });
    folder.write('workspace.yml', 'name: W\n');
    expect(await say('plan')).toMatchObject({ code: 2, notes: expect.stringContaining('workspace.yml would do nothing') });
    folder.write('index.yml', 'name: W\n');
    expect(await say('plan')).toMatchObject({ code: 2, notes: expect.stringContaining('millrace workspaces import .') });
    folder.write('workspace.yaml', 'name: W\n');
    expect(await say('plan')).toMatchObject({ code: 2, notes: expect.stringContaining('workspace.yml would do nothing') });
  });

  it('keep apart what only the server has, until that shall go', async () => {
    const { say, folder } = await meet({ [A]: doc('1'), [B]: doc('2') });
    await say('apply -q');
    const lone = new TestFolder({ [A]: doc('1') });
    expect(await say('plan', lone.path)).toMatchObject({ code: 0, output: expect.stringContaining(`? ${B}\n`) });
    expect(await say('plan --prune', lone.path)).toMatchObject({ code: 10, output: expect.stringContaining(`- ${B}\n`) });
    expect(await say('apply -q --prune', lone.path)).toMatchObject({ code: 0 });
    expect(await say('automations list -o name')).toEqual({ code: 0, output: 'a\n', notes: '' });
    lone[Symbol.dispose]();
    folder[Symbol.dispose]();
  });

  it('switch an automation off and on, and tell where it is named', async () => {
    const { say, folder } = await meet({ [A]: doc('1'), [B]: 'do:\n  - a: {}\n' });
    await say('apply -q');
    expect(await say('automations usages a')).toEqual({
      code: 0,
      output: expect.stringMatching(/automations\/b\.yaml:2:\d+ +call\n$/),
      notes: '',
    });
    expect((await say('automations usages b')).notes).toBe('Nothing in the draft names `b`.\n');
    expect(await say('automations disable a')).toMatchObject({ code: 0, output: expect.stringMatching(/^slug +a\ndisabled +yes\n$/) });
    expect((await say('automations show a')).output).toContain('disabled: true');
    expect((await say('automations list')).output).toMatch(/^a .*disabled/m);
    expect(await say('automations enable a -o name')).toEqual({ code: 0, output: 'a\n', notes: '' });
    expect((await say('automations list')).output).not.toMatch(/^a .*disabled/m);
    expect(await say('automations disable missing')).toMatchObject({ code: 3, notes: expect.stringContaining('missing') });
    folder[Symbol.dispose]();
  });

  it('send nothing that has errors or fails its tests', async () => {
    const { say, folder } = await meet({ [A]: 'do: []\nouput: 1\n' });
    expect(await say('plan')).toMatchObject({ code: 1, output: expect.stringContaining(`error ${A}:2:1 `) });
    expect(await say('apply')).toMatchObject({ code: 1, output: '', notes: expect.stringContaining(`${A}:2:1 error`) });
    folder.write(A, doc('1'));
    folder.write('tests/a.test.yaml', 'automation: a\ncases:\n  - name: gives two\n    on: { event: asked }\n    expect: { output: 2 }\n');
    expect(await say('apply')).toMatchObject({ code: 1, notes: expect.stringContaining('FAIL tests/a.test.yaml  gives two') });
    expect((await say('versions list')).output).toBe('');
    expect(await say('apply -q --skip-tests')).toMatchObject({ code: 0 });
  });

  it('stop where the server has changed meanwhile, and go on as one decides', async () => {
    const { say, folder, read } = await meet({ [A]: doc('1'), [B]: doc('1') });
    await say('apply -q');
    const other = new TestFolder({ 'a.yaml': doc('theirs'), 'b.yaml': doc('theirs') });
    await say('automations put a a.yaml', other.path);
    folder.write(B, doc('mine'));
    expect(await say('plan')).toMatchObject({ code: 5, output: expect.stringContaining(`! ${A}  it changed on the server\n`) });
    expect(await say('apply -q')).toMatchObject({ code: 5 });
    await say('automations put b b.yaml', other.path);
    expect(await say('plan')).toMatchObject({ code: 5, output: expect.stringContaining(`! ${B}  both sides changed it\n`) });

    expect(await say('pull')).toMatchObject({ code: 5, notes: `< ${A}\n! ${B}  both sides changed it: --take mine or theirs\n` });
    expect([read(A), read(B)]).toEqual([doc('theirs'), doc('mine')]);
    expect(await say('plan')).toMatchObject({ code: 5 });
    expect(await say(`plan --take mine:${B}`)).toMatchObject({ code: 10, output: expect.stringContaining(`~ ${B}\n`) });
    expect(await say('plan --take theirs')).toMatchObject({ code: 0 });
    expect(await say(`apply -q --take mine:${B}`)).toMatchObject({ code: 0 });
    expect((await say('automations show b')).output).toBe(doc('mine'));
    expect(await say('pull')).toMatchObject({ code: 0, notes: 'Nothing has changed there.\n' });
    other[Symbol.dispose]();
  });

  it('do not write over what was left to the server, as long as the folder has not seen it', async () => {
    const { say, folder } = await meet({ [A]: doc('1'), [B]: doc('1') });
    await say('apply -q');
    const other = new TestFolder({ 'a.yaml': doc('theirs') });
    await say('automations put a a.yaml', other.path);
    folder.write(B, doc('2'));
    expect(await say('apply -q --take theirs')).toMatchObject({ code: 0 });
    expect((await say('automations show a')).output).toBe(doc('theirs'));
    expect(await say('apply -q')).toMatchObject({ code: 5 });
    expect(await say('pull -q')).toMatchObject({ code: 0 });
    expect(await say('plan')).toMatchObject({ code: 0 });
    other[Symbol.dispose]();
  });

  it('stop where they never met, and both have a file', async () => {
    const { say, folder } = await meet({ [A]: doc('mine') });
    const other = new TestFolder({ 'a.yaml': doc('theirs') });
    await say('automations put a a.yaml', other.path);
    expect(await say('plan')).toMatchObject({ code: 5 });
    expect(await say('apply -q --take mine')).toMatchObject({ code: 0 });
    expect(await say('plan')).toMatchObject({ code: 0 });
    other[Symbol.dispose]();
    folder[Symbol.dispose]();
  });

  it('hold a saved plan to what was looked at', async () => {
    const { say, folder } = await meet({ [A]: doc('1') });
    await say('plan --out plan.json');
    folder.write(A, doc('2'));
    expect(await say('apply -q --plan plan.json')).toMatchObject({ code: 5, notes: expect.stringContaining('cli.plan_stale') });
    folder.write(A, doc('1'));
    expect(await say('apply -q --plan plan.json')).toMatchObject({ code: 0 });
    expect(await say('apply -q --plan plan.json')).toMatchObject({ code: 5 });
  });

  it('go back to an older version', async () => {
    const { say, folder } = await meet({ [A]: doc('1') });
    await say('apply -q');
    expect(await say('rollback')).toMatchObject({ code: 3, notes: expect.stringContaining('cli.no_version_before') });
    folder.write(A, doc('2'));
    await say('apply -q');
    expect(await say('rollback')).toMatchObject({ code: 0, output: expect.stringMatching(/^version {5}1\n/) });
    expect((await say('versions list')).output).toMatch(/\n {3}2 .*\n\* +1 /);
    expect(await say('rollback 2')).toMatchObject({ code: 0 });
    expect(await say('rollback 7')).toMatchObject({ code: 3 });
    expect((await say('automations show a')).output).toBe(doc('2'));
  });

  it('send more than one request holds', async () => {
    const filler = '# '.padEnd(200_000, 'x');
    const many = Object.fromEntries([1, 2, 3, 4, 5, 6].map((n) => [`automations/big-${n}.yaml`, `${filler}${n}\n${doc(String(n))}`]));
    const { say } = await meet(many);
    expect(await say('apply -q')).toMatchObject({ code: 0 });
    expect((await say('automations list -o name')).output.trim().split('\n')).toHaveLength(6);
  });

  it('are enough for a newcomer: a new folder, applied, answers', async () => {
    using folder = new TestFolder();
    await ground.say('init hello -q', { folder: folder.path });
    await ground.say('workspaces create hello --slug hello -q');
    expect(await ground.say('apply -q -w hello', { folder: join(folder.path, 'hello') })).toMatchObject({ code: 0 });
    const body = JSON.stringify({ name: 'Ada' });
    const answer = await fetch(`${ground.millrace.url}/e/hello/greet`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    });
    expect([answer.status, await answer.json()]).toEqual([200, { message: 'Hello Ada' }]);
  });
});
