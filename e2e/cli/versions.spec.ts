import { existsSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { TestFolder } from '../../apps/cli/testing/folder';
import { openCliGround, type CliGround } from './ground';

const GREET = `when: { events: [guest.came] }
do:
  - emit: { event: guest.greeted, payload: { name: '{{payload.name}}' } }
output: 'Hello, {{name}}!'
`;

describe('what is published, from the command line', () => {
  let ground: CliGround;
  let folder: TestFolder;

  const say = (line: string) => ground.say(`${line} -w lac`, { folder: folder.path });

  beforeAll(async () => {
    ground = await openCliGround();
    folder = new TestFolder({
      'automations/greet.yaml': GREET,
      'automations/broken.yaml': "do:\n  - set: { name: a, value: '{% 1 / 0 %}' }\n",
    });
    const token = await ground.millrace.token('ada');
    await ground.type(['login', ground.millrace.url, '--token-stdin', '-q'], { input: token });
    await ground.say('workspaces create Lac --slug lac -q');
    await say('apply -q -m first');
    folder.write('automations/greet.yaml', GREET.replace('Hello', 'Welcome'));
    await say('apply -q -m second');
  });

  afterAll(async () => {
    folder[Symbol.dispose]();
    await ground.stop();
  });

  it('runs, and what fails fails', async () => {
    const ran = await ground.type(['run', 'greet', '-w', 'lac', '-d', '{"name": "Ada"}']);
    expect(ran).toEqual({ code: 0, output: 'Welcome, Ada!\n', notes: expect.stringMatching(/^run {5}run_\w+\n$/) });
    expect(await say('run broken -q')).toMatchObject({ code: 1, output: '', notes: expect.stringContaining('no finite number') });
    expect(await say('run nobody')).toMatchObject({ code: 3 });
  });

  it('runs as the draft has it, when that is asked for', async () => {
    folder.write('automations/greet.yaml', GREET.replace('Hello', 'Salut'));
    expect(await say('apply -q --draft')).toMatchObject({ code: 0 });
    expect(await say('run greet -q --draft -d {"name":"Ada"}')).toMatchObject({ output: 'Salut, Ada!\n' });
    expect(await say('run greet -q -d {"name":"Ada"}')).toMatchObject({ output: 'Welcome, Ada!\n' });
  });

  it('is shown and compared', async () => {
    expect((await say('versions show 1')).output).toMatch(
      /^version {5}1\n(.*\n)*runs {8}no\nfiles {7}automations\/broken\.yaml {2}\d+ bytes\n/,
    );
    const diff = await say('versions diff 1 2');
    expect(diff.code).toBe(1);
    expect(diff.output).toMatch(/^~ automations\/greet\.yaml\n {2}~ key \/output\n/);
    expect(diff.output).toContain("-output: 'Hello, {{name}}!'\n+output: 'Welcome, {{name}}!'");
    expect(await say('versions diff 2')).toMatchObject({ code: 1, output: expect.stringContaining('Salut') });
    expect(await say('versions diff 2 2')).toMatchObject({ code: 0, output: '' });
  });

  it('comes back into the draft, or runs again', async () => {
    expect(await say('versions checkout 2')).toMatchObject({ code: 0, output: expect.stringContaining('~ automations/greet.yaml') });
    expect(await say('versions diff 2')).toMatchObject({ code: 0 });
    expect(await say('versions activate 1')).toMatchObject({ code: 0 });
    expect(await say('run greet -q -d {"name":"Ada"}')).toMatchObject({ output: 'Hello, Ada!\n' });
    expect(await say('versions activate 9')).toMatchObject({ code: 3 });
  });

  it('is exported, the same bytes each time', async () => {
    for (const name of ['one.zip', 'two.zip', 'one.tar.gz'])
      expect(await say(`versions export 2 --out ${name}`)).toMatchObject({ code: 0 });
    const bytes = (name: string): Buffer => readFileSync(join(folder.path, name));
    expect(bytes('one.zip').equals(bytes('two.zip'))).toBe(true);
    expect([bytes('one.zip').subarray(0, 2).toString('latin1'), bytes('one.tar.gz')[0]]).toEqual(['PK', 0x1f]);
    expect(await say('versions export 9 --out nine.zip')).toMatchObject({ code: 3 });
    expect(existsSync(join(folder.path, 'nine.zip'))).toBe(false);
    expect(await say('versions export 2')).toMatchObject({ code: 2 });
  });

  it('is moved elsewhere as an archive', async () => {
    expect(await say('workspaces export --out lac.zip --apps -q')).toMatchObject({ code: 0 });
    const asked = 'workspaces import lac.zip';
    const tell = (line: string) => ground.say(line, { folder: folder.path });
    expect(await tell(`${asked} --slug moved --name Moved --dry-run`)).toMatchObject({
      output: expect.stringMatching(/no, this is what would be done\n.*2 created, 0 changed/),
    });
    expect((await tell(`${asked} --slug moved --name Moved -o name`)).output).toBe('moved\n');
    await tell('versions publish -w moved -q');
    await tell('workspaces export moved --out moved.zip --apps -q');
    const bytes = (name: string): Buffer => readFileSync(join(folder.path, name));
    expect(bytes('moved.zip').equals(bytes('lac.zip'))).toBe(true);
    expect(await tell(`${asked} --into moved --prune`)).toMatchObject({ output: expect.stringContaining('2 as they were') });
    expect(await tell(`${asked} --app crm@1.0.0`)).toMatchObject({ code: 2, notes: expect.stringContaining('It holds none') });
    folder.write('no.zip', 'no archive');
    expect(await tell('workspaces import no.zip --name No')).toMatchObject({ code: 2, notes: expect.stringContaining('neither a zip') });
    expect(await tell('workspaces import nowhere.zip')).toMatchObject({ code: 3 });
    await tell('workspaces create Empty --slug empty -q');
    expect(await tell('workspaces export empty --out empty.zip')).toMatchObject({ code: 3 });
  });

  it('is brought in from a folder, one of the seed system translated, whatever lies beside it', async () => {
    folder.write('seed/index.yml', 'name: Old Hotel\nslug: old-hotel\n');
    folder.write('seed/automations/book.yml', 'slug: book\nname: Book\nwhen: { endpoint: true }\ndo: []\noutput: booked\n');
    folder.write('seed/.git/config', 'hidden');
    symlinkSync('/etc/hostname', join(folder.path, 'seed/linked.txt'));
    const tell = (line: string) => ground.say(line, { folder: folder.path });
    const told = await tell('workspaces import seed');
    expect(told).toMatchObject({ code: 0, output: expect.stringMatching(/slug +old-hotel\n/) });
    expect(told.output).toContain('automations/book.yml translated');
    expect(told.output).not.toMatch(/linked|hidden|\.git/);
    expect(await tell('versions publish -w old-hotel -q')).toMatchObject({ code: 0 });
    expect(await tell('run book -w old-hotel -q')).toMatchObject({ output: 'booked\n' });
    expect(await tell('workspaces import seed --into old-hotel')).toMatchObject({
      output: expect.stringContaining('0 created, 0 changed'),
    });
    folder.write('seed/large.txt', 'x'.repeat(262_145));
    expect(await tell('workspaces import seed')).toMatchObject({ code: 2, notes: expect.stringContaining('large.txt') });
  });

  it('has secrets, set from standard input and never shown', async () => {
    const set = (value: string, ...more: readonly string[]) =>
      ground.type(['secrets', 'set', 'CRM_KEY', '-w', 'lac', ...more], { folder: folder.path, input: value });
    expect(await say('secrets set CRM_KEY')).toMatchObject({ code: 2, notes: expect.stringContaining('no value on standard input') });
    expect(await set('one\n', '--description', 'of the CRM')).toMatchObject({ code: 0, output: expect.stringMatching(/version +1/) });
    expect(await set('two')).toMatchObject({ code: 0, output: expect.stringMatching(/version +2/) });
    expect((await say('secrets list')).output).toMatch(/CRM_KEY +of the CRM +2/);
    expect(JSON.stringify(await say('secrets list -o json'))).not.toContain('two');
    expect(await say('secrets unset CRM_KEY --yes')).toMatchObject({ code: 0 });
    expect(await say('secrets unset CRM_KEY --yes')).toMatchObject({ code: 3 });
  });

  it('reacts to events, of which each says what it started', async () => {
    const emitted = await say('events emit guest.came -o name -d {"name":"Bob"}');
    const id = emitted.output.trim();
    const greeted = await ground.type(['events', 'search', '-w', 'lac', '--type', 'guest.greeted', '-o', 'ndjson']);
    expect(greeted.code).toBe(0);
    let explained = '';
    for (const end = Date.now() + 20_000; !explained.includes('succeeded') && Date.now() < end;) {
      explained = (await say(`events explain ${id}`)).output;
    }
    expect(explained).toMatch(/\ngreet +starts +guest\.came/);
    expect(explained).toMatch(/\ngreet +succeeded +run_/);
    expect((await say(`events show ${id}`)).output).toMatch(/\ntype {8}guest\.came\n/);
    const replayed = await say(`events replay ${id}`);
    expect(replayed).toMatchObject({ code: 0, output: expect.stringMatching(/\ngreet +succeeded +run_\w+ +emit/) });
    expect(await say('events show evt_none')).toMatchObject({ code: 3 });
  });
});
