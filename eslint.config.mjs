import tseslint from 'typescript-eslint';
import { DOMAIN, EVERYWHERE, PURE, TESTS } from './tools/eslint/house-rules.mjs';
import { numberedTodo } from './tools/eslint/numbered-todo.mjs';

const DOMAINS = ['apps/*/src/domain/**/*.ts'];
const PURE_CODE = ['apps/*/src/application/**/*.ts', 'libs/language/**/*.ts'];
const SPECS = ['**/*.spec.ts', '**/*.contract.ts', 'e2e/**/*.ts'];
const WORKSHOP = ['tools/**', 'bench/**', 'e2e/**', 'libs/testing/**', '*.mjs'];

/** @param {Array<object[]>} groups */
const syntax = (...groups) => ({ 'no-restricted-syntax': ['error', ...groups.flat()] });

/** @param {string[]} modules */
const imports = (...modules) => ({
  'no-restricted-imports': [
    'error',
    ...modules
      .flatMap((name) => [name, `node:${name}`])
      .map((name) => ({ name, message: 'Not here: see CONTRIBUTING.md, "House rules".' })),
  ],
});

const sizes = {
  'max-lines': ['error', { max: 300 }],
  'max-lines-per-function': ['error', { max: 60 }],
  complexity: ['error', { max: 12 }],
  'max-params': 'off',
  '@typescript-eslint/max-params': ['error', { max: 5 }],
};

const house = {
  'no-eval': 'error',
  'no-new-func': 'error',
  'no-restricted-properties': ['error', { object: 'process', property: 'env', message: 'Settings are read once, in config.ts.' }],
  'house/numbered-todo': 'error',
  ...imports('vm', 'repl', 'child_process'),
  ...syntax(EVERYWHERE),
};

const typed = {
  '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
  '@typescript-eslint/consistent-type-imports': 'error',
  '@typescript-eslint/no-extraneous-class': ['error', { allowWithDecorator: true }],
  '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
  '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_', ignoreRestSiblings: true }],
  '@typescript-eslint/no-misused-spread': ['error', { allow: ['string'] }],
  // What was caught may be passed on as it is.
  '@typescript-eslint/only-throw-error': ['error', { allowThrowingUnknown: true }],
  '@typescript-eslint/prefer-promise-reject-errors': ['error', { allowThrowingUnknown: true }],
  // Matters of style that the house leaves to the writer.
  '@typescript-eslint/no-confusing-void-expression': 'off',
  '@typescript-eslint/no-invalid-void-type': 'off',
  '@typescript-eslint/no-unnecessary-type-parameters': 'off',
  '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
  // An adapter that answers at once still keeps its port's promise, and a throw in it still becomes a rejection.
  '@typescript-eslint/require-await': 'off',
};

export default tseslint.config(
  { ignores: ['dist/', 'coverage/', '.cache/', '.millrace/', '.stack/', '**/gen/', 'bench/peers/', '**/*.d.ts'] },
  {
    files: ['**/*.ts', '**/*.mjs'],
    extends: [tseslint.configs.strictTypeChecked],
    plugins: { house: { rules: { 'numbered-todo': numberedTodo } } },
    languageOptions: { parserOptions: { projectService: { allowDefaultProject: ['*.mjs'] }, tsconfigRootDir: import.meta.dirname } },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: { ...typed, ...sizes, ...house },
  },
  { files: PURE_CODE, rules: syntax(EVERYWHERE, PURE) },
  { files: DOMAINS, rules: syntax(EVERYWHERE, PURE, DOMAIN) },
  { files: ['**/config.ts'], rules: { 'no-restricted-properties': 'off' } },
  { files: [...WORKSHOP, ...SPECS], rules: { 'no-restricted-properties': 'off', ...imports('vm', 'repl') } },
  {
    files: SPECS,
    rules: { 'max-lines': ['error', { max: 500 }], 'max-lines-per-function': 'off', ...syntax(EVERYWHERE, TESTS) },
  },
  {
    // These do not see the casts of JSDoc; tsc, which does, checks JavaScript too.
    files: ['**/*.mjs'],
    rules: {
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
    },
  },
  { files: ['*.mjs'], extends: [tseslint.configs.disableTypeChecked] },
);
