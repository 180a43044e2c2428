// The house rules that are a matter of syntax. Each group is a list of no-restricted-syntax entries; eslint.config.mjs says where it holds.

/** Everywhere. */
export const EVERYWHERE = [
  { selector: 'ExportAllDeclaration', message: 'Name what is exported: `export *` promises what nobody chose.' },
  {
    selector: 'ImportSpecifier[imported.name=/^(forwardRef|Global)$/]',
    message: 'No forwardRef and no @Global: a module says what it needs, and two that need each other are one.',
  },
  {
    selector: 'MemberExpression[object.name="Scope"][property.name="REQUEST"]',
    message: 'No request scope: pass what belongs to a call as an argument.',
  },
  ...[
    'ImportExpression[source.value=/^(node:)?(vm|repl)$/]',
    'CallExpression[callee.name="require"][arguments.0.value=/^(node:)?(vm|repl)$/]',
    // The constructor of functions, reached by way of one.
    ':matches(CallExpression, NewExpression)[callee.property.name="constructor"]',
    'NewExpression[callee.name="Worker"] Property[key.name="eval"]',
    'MemberExpression[object.name="process"][property.name=/^(binding|_linkedBinding|dlopen)$/]',
  ].map((selector) => ({ selector, message: 'Nothing is made code that was text: see CONTRIBUTING.md, "House rules".' })),
];

const CLOCK_AND_CHANCE = 'Pure code has no clock and no chance: take the time or the id as an argument (Clock, Ids of @millrace/kernel).';

/** In domain/, application/ and libs/language. */
export const PURE = [
  'CallExpression[callee.object.name="Date"][callee.property.name="now"]',
  'NewExpression[callee.name="Date"][arguments.length=0]',
  'CallExpression[callee.name="Date"]',
  'MemberExpression[object.name="Math"][property.name="random"]',
  'MemberExpression[object.name="performance"]',
  'MemberExpression[object.name="crypto"]',
  'CallExpression[callee.name=/^(setTimeout|setInterval|setImmediate)$/]',
].map((selector) => ({ selector, message: CLOCK_AND_CHANCE }));

/** In domain/. */
export const DOMAIN = [
  {
    selector: 'ThrowStatement > NewExpression[callee.name=/^(Error|TypeError|RangeError)$/]',
    message: 'A domain refuses with a DomainError of its errors.ts: a stable code, a refusal, a sentence that says what to do.',
  },
];

/** In specs, contract suites and journeys. */
export const TESTS = [
  {
    selector: 'MemberExpression[object.name="jest"][property.name=/^(fn|mock|spyOn|unstable_mockModule)$/]',
    message: 'No mocks: use the embedded adapter, or a small fake that is read as a value.',
  },
  {
    selector: 'NewExpression[callee.name="Promise"] CallExpression[callee.name=/^(setTimeout|setImmediate)$/]',
    message: 'Never sleep in a test: wait for the event that says it happened.',
  },
  {
    selector: 'ImportDeclaration[source.value=/^(node:)?timers.promises$/]',
    message: 'Never sleep in a test: wait for the event that says it happened.',
  },
  {
    selector: 'MemberExpression[object.name=/^(it|test|describe)$/][property.name=/^(only|skip|todo)$/]',
    message: 'A test runs or does not exist.',
  },
  { selector: 'CallExpression[callee.name=/^(fit|fdescribe|xit|xtest|xdescribe)$/]', message: 'A test runs or does not exist.' },
];
