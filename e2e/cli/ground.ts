import { type MillraceUnderTest, FormBrowser, millraceUnderTest, temporaryFolder } from '@millrace/testing';
import { typed, type Around, type Typed } from '../../apps/cli/testing/typed';

const PASSWORD = 'a-password-for-tests';

/** A server, and a person with a command line of their own. */
export interface CliGround extends Disposable {
  readonly millrace: MillraceUnderTest;
  /** Where the person's targets and credentials stand. */
  readonly configFolder: string;
  /** Types a command in their shell. */
  type(words: readonly string[], around?: Around): Promise<Typed>;
  /** The same for a command whose words have no spaces: `workspaces list`. */
  say(line: string, around?: Around): Promise<Typed>;
  stop(): Promise<void>;
}

/** Opens a ground; the person is not signed in. */
export async function openCliGround(): Promise<CliGround> {
  const millrace = await millraceUnderTest();
  const folder = temporaryFolder();
  const type = (words: readonly string[], around: Around = {}): Promise<Typed> =>
    typed(words, { ...around, settings: { configFolder: folder.path, ...around.settings } });
  const close = (): void => folder[Symbol.dispose]();
  return {
    millrace,
    configFolder: folder.path,
    type,
    say: (line, around) => type(line.split(' '), around),
    stop: async () => {
      await millrace.stop();
      close();
    },
    [Symbol.dispose]: close,
  };
}

/** Does what a person does with the link and the code that `millrace login` shows: signs in in a browser. */
export async function connectDevice(notes: string, name: string): Promise<string> {
  const link = /Open\s+(\S+)/.exec(notes)?.[1] ?? '';
  const code = /Code\s+(\S+)/.exec(notes)?.[1] ?? '';
  const browser = new FormBrowser();
  const question = await browser.open(link);
  const confirm = question.text.includes('name="user_code"') ? await browser.submit(question, { user_code: code }) : question;
  const page = await browser.submit(confirm, { confirm: 'yes' });
  const done = await browser.submit(page, { name, password: process.env['MILLRACE_FIRST_PASSWORD'] ?? PASSWORD });
  return done.text;
}
