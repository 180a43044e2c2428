import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { ESLint, Linter } from 'eslint';
import { outcomeOf } from './advisories.mjs';
import { isAllowed, refusedLicences } from '../../verify/packages.mjs';

const MOST_DIRECT = 40;
const SOURCES = ['apps', 'libs'];

interface Locked {
  readonly version?: string;
  readonly resolved?: string;
  readonly integrity?: string;
  readonly hasInstallScript?: boolean;
}

interface Bill {
  readonly bomFormat: string;
  readonly components: readonly { readonly name: string; readonly version: string; readonly purl: string }[];
}

const json = (file: string): unknown => JSON.parse(readFileSync(file, 'utf8'));
const manifest = json('package.json') as Record<string, Readonly<Record<string, string>> | undefined>;
const { packages } = json('package-lock.json') as { readonly packages: Readonly<Record<string, Locked>> };
const locked = Object.entries(packages).filter(([path]) => path !== '');

describe('what is installed', () => {
  it('runs no script while it is installed', () => {
    expect(readFileSync('.npmrc', 'utf8')).toMatch(/^ignore-scripts=true$/m);
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
    const named = new Set(bill.components.map(({ name, version }) => `${name}@${version}`));
    const direct = Object.entries(manifest['dependencies'] ?? {}).map(([name, version]) => `${name}@${version}`);
    expect(direct.filter((each) => !named.has(each))).toEqual([]);
    expect(bill.components.every(({ purl }) => purl.startsWith('pkg:npm/'))).toBe(true);
  });
});

describe('what is known of weaknesses', () => {
  it('is bad when a package that we ship has a high one', () => {
    const audit = { metadata: { vulnerabilities: {} }, vulnerabilities: { lib: { severity: 'high' }, other: { severity: 'moderate' } } };
    expect(outcomeOf(JSON.stringify(audit)).tests).toEqual([{ name: 'lib (high)', status: 'failed' }]);
    expect(outcomeOf(JSON.stringify({ ...audit, vulnerabilities: {} })).tests).toMatchObject([{ status: 'passed' }]);
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
    ['node:vm', "import { runInNewContext } from 'node:vm';", 'no-restricted-imports'],
    ['a program it starts', "import { exec } from 'node:child_process';", 'no-restricted-imports'],
    ['the environment, read anywhere', "export const home = process.env['HOME'];", 'no-restricted-properties'],
  ])('may not have %s', async (_, source, rule) => {
    const { rules } = await config;
    const found = new Linter().verify(source, [{ rules: { [rule]: rules[rule] ?? 'off' } }]);
    expect(found.map(({ ruleId, severity }) => [ruleId, severity])).toEqual([[rule, 2]]);
  });

  it('has none of it under an exception, either', () => {
    const files = SOURCES.flatMap((folder) =>
      readdirSync(folder, { recursive: true, encoding: 'utf8' })
        .filter((file) => file.endsWith('.ts') && !file.endsWith('.spec.ts') && !file.includes('node_modules') && !file.includes('/gen/'))
        .map((file) => `${folder}/${file}`),
    );
    const excepted =
      /eslint-disable[^\n]*(?:no-eval|no-new-func|no-restricted-imports|no-restricted-properties)|eslint-disable(?:-next-line)?\s*(?:\*\/)?\s*$/m;
    expect(files.length).toBeGreaterThan(300);
    expect(files.filter((file) => excepted.test(readFileSync(file, 'utf8')))).toEqual([]);
  });
});
