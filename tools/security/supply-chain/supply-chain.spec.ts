import { execFileSync, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { ESLint, Linter } from 'eslint';
import { ACCEPTED, WITHOUT_THEIR_SCRIPT } from './accepted.mjs';
import { outcomeOf } from './advisories.mjs';
import { isAllowed, refusedLicences } from '../../verify/packages.mjs';

const MOST_DIRECT = 40;
const SOURCES = ['apps', 'libs'];

interface Locked {
  /** Where the folder is called otherwise. */
  readonly name?: string;
  readonly version?: string;
  readonly resolved?: string;
  readonly integrity?: string;
  readonly hasInstallScript?: boolean;
}

interface Bill {
  readonly bomFormat: string;
  readonly components: readonly {
    readonly name: string;
    readonly version: string;
    readonly purl: string;
    readonly hashes?: readonly { readonly alg: string }[];
  }[];
}

const json = (file: string): unknown => JSON.parse(readFileSync(file, 'utf8'));
const manifest = json('package.json') as Record<string, Readonly<Record<string, string>> | undefined>;
const { packages } = json('package-lock.json') as { readonly packages: Readonly<Record<string, Locked>> };
const locked = Object.entries(packages).filter(([path]) => path !== '');

describe('what is installed', () => {
  it('runs no script while it is installed', () => {
    expect(readFileSync('.npmrc', 'utf8')).toMatch(/^ignore-scripts=true$/m);
  });

  it('would run none but those that are known to do without', () => {
    const named = locked.filter(([, { hasInstallScript }]) => hasInstallScript).map(([path]) => path.split('node_modules/').at(-1));
    expect([...new Set(named)].toSorted()).toEqual(Object.keys(WITHOUT_THEIR_SCRIPT).toSorted());
  });

  it('is what the lock file says, to the last package', () => {
    const npm = ['ci', '--dry-run', '--ignore-scripts', '--offline', '--loglevel=error'];
    const { status, stderr } = spawnSync('npm', npm, { encoding: 'utf8' });
    expect([status, stderr]).toEqual([0, '']);
  });

  it('has every version exactly, with the digest of its bytes', () => {
    const wanted = ['dependencies', 'devDependencies', 'optionalDependencies'].flatMap((kind) => Object.entries(manifest[kind] ?? {}));
    expect(wanted.filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(version))).toEqual([]);
    expect(locked.filter(([, { integrity = '' }]) => !integrity.startsWith('sha512-')).map(([path]) => path)).toEqual([]);
    // The lock file names no place: packages come from where npm is set up to get them, and must be these bytes.
    expect(locked.filter(([, { resolved }]) => resolved !== undefined).map(([path]) => path)).toEqual([]);
  });

  it('is little, and under licences of the list', () => {
    expect(Object.keys(manifest['dependencies'] ?? {}).length).toBeLessThanOrEqual(MOST_DIRECT);
    expect(refusedLicences()).toBeUndefined();
    expect(isAllowed('GPL-3.0')).toBe(false);
  });

  it('can be listed for whoever runs it: a bill of materials names each package', () => {
    const bill = JSON.parse(
      execFileSync('npm', ['sbom', '--package-lock-only', '--sbom-format=cyclonedx'], {
        encoding: 'utf8',
        maxBuffer: 64 * 1_048_576,
      }),
    ) as Bill;
    expect(bill.bomFormat).toBe('CycloneDX');
    // What stands under another name is in the bill by either.
    const named = new Set(
      bill.components.flatMap(({ name, version, purl }) => [`${name}@${version}`, decodeURIComponent(purl).slice('pkg:npm/'.length)]),
    );
    const all = locked.map(([path, { name = path.split('node_modules/').at(-1), version = '' }]) => `${name}@${version}`);
    expect(all.filter((each) => !named.has(each))).toEqual([]);
    const direct = Object.entries(manifest['dependencies'] ?? {}).map(([name, version]) => `${name}@${version}`);
    expect(direct.filter((each) => !named.has(each))).toEqual([]);
    expect(bill.components.filter(({ purl }) => !purl.startsWith('pkg:npm/'))).toEqual([]);
    expect(bill.components.filter(({ hashes = [] }) => hashes.every(({ alg }) => alg !== 'SHA-512'))).toEqual([]);
  });
});

describe('what is known of weaknesses', () => {
  it('is bad when a package that we ship has a high one', () => {
    const audit = { metadata: { vulnerabilities: {} }, vulnerabilities: { lib: { severity: 'high' }, other: { severity: 'moderate' } } };
    expect(outcomeOf(JSON.stringify(audit)).tests).toEqual([{ name: 'lib (high)', status: 'failed' }]);
    expect(outcomeOf(JSON.stringify({ ...audit, vulnerabilities: {} })).tests).toMatchObject([{ status: 'passed' }]);
  });

  describe('and stays for a while', () => {
    const url = 'https://github.com/advisories/GHSA-1111-2222-3333';
    const output = JSON.stringify({
      metadata: { vulnerabilities: {} },
      vulnerabilities: {
        lib: {
          severity: 'high',
          via: [
            { url, severity: 'high' },
            { url: 'https://github.com/advisories/GHSA-low', severity: 'low' },
          ],
        },
        needsLib: { severity: 'high', via: ['lib'] },
      },
    });
    const accepted = [{ advisory: 'GHSA-1111-2222-3333', why: 'Only of use against servers, and we have none.', until: '2026-12-01' }];
    const failing = (...asked: Parameters<typeof outcomeOf>) => outcomeOf(...asked).tests.filter(({ status }) => status === 'failed');

    it('fails the gate by what it comes from, and not once more by each that needs it', () => {
      expect(failing(output, [])).toEqual([{ name: 'lib (high) GHSA-1111-2222-3333', status: 'failed' }]);
    });

    it('is let through with a reason until the day that was set, and no longer', () => {
      expect(failing(output, accepted, '2026-11-30T23:59:59Z')).toEqual([]);
      expect(failing(output, accepted, '2026-12-01T00:00:00Z')).toHaveLength(1);
    });

    it('is to be taken from the list once nothing has it', () => {
      const clean = JSON.stringify({ metadata: { vulnerabilities: {} } });
      expect(failing(clean, accepted, '2026-11-30')).toEqual([
        { name: 'GHSA-1111-2222-3333 is accepted, but nothing has it any more', status: 'failed' },
      ]);
    });

    it('is on the list with a reason and a day', () => {
      for (const { advisory, why, until } of ACCEPTED) {
        expect(advisory).toMatch(/^GHSA(-[0-9a-z]{4}){3}$/);
        expect(why.length).toBeGreaterThan(20);
        expect(until).toMatch(/^\d{4}-\d\d-\d\d$/);
      }
    });
  });

  it.each(['', 'npm error audit endpoint returned an error', '{"message":"405","error":{}}'])(
    'is not taken for good when nobody answers: %j',
    (output) => {
      expect(outcomeOf(output)).toMatchObject({ absent: expect.stringContaining('not run'), tests: [] });
    },
  );
});

describe('our own code', () => {
  // The rules as they are in force for a file of ours, and nothing of its types: that is what takes the linter its time.
  const config = new ESLint().calculateConfigForFile('apps/gateway/src/interface/http/routes.ts') as Promise<{
    readonly rules: Linter.RulesRecord;
  }>;

  it.each([
    ['eval', 'eval("1");', 'no-eval'],
    ['a function made of text', 'export const f = new Function("return 1");', 'no-new-func'],
    ['eval by another name', "const run = eval; run('1');", 'no-eval'],
    ['eval of the global object', "globalThis.eval('1');", 'no-eval'],
    ['a function made of text without new', "export const f = Function('return 1');", 'no-new-func'],
    ['a function made by the constructor of another', "export const f = (async () => {}).constructor('return 1');", 'no-restricted-syntax'],
    ['a thread made of text', "new Worker('1', { eval: true });", 'no-restricted-syntax'],
    ['what lies under Node', "process.binding('fs');", 'no-restricted-syntax'],
    ['node:vm', "import { runInNewContext } from 'node:vm';", 'no-restricted-imports'],
    ['vm', "import { runInNewContext } from 'vm';", 'no-restricted-imports'],
    ['node:vm, later', "export const vm = await import('node:vm');", 'no-restricted-syntax'],
    ['node:repl', "import { start } from 'node:repl';", 'no-restricted-imports'],
    ['a program it starts', "import { exec } from 'node:child_process';", 'no-restricted-imports'],
    ['the environment, read anywhere', "export const home = process.env['HOME'];", 'no-restricted-properties'],
  ])('may not have %s', async (_, source, rule) => {
    const { rules } = await config;
    const found = new Linter().verify(source, [
      { languageOptions: { globals: { globalThis: 'readonly' } }, rules: { [rule]: rules[rule] ?? 'off' } },
    ]);
    expect(found.map(({ ruleId, severity }) => [ruleId, severity])).toEqual([[rule, 2]]);
  });

  it('has none of it under an exception, either', () => {
    const files = SOURCES.flatMap((folder) =>
      readdirSync(folder, { recursive: true, encoding: 'utf8' })
        .filter((file) => file.endsWith('.ts') && !file.endsWith('.spec.ts') && !file.includes('node_modules') && !file.includes('/gen/'))
        .map((file) => `${folder}/${file}`),
    );
    const excepted =
      /eslint-disable[^\n]*(?:no-eval|no-new-func|no-implied-eval|no-restricted-(?:imports|properties|syntax))|eslint-disable(?:-next-line)?\s*(?:\*\/)?\s*$/m;
    expect(files.length).toBeGreaterThan(300);
    expect(files.filter((file) => excepted.test(readFileSync(file, 'utf8')))).toEqual([]);
  });
});
