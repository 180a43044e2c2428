/** The style sheet of the documentation: light and dark, readable on a telephone, nothing from elsewhere. */
export const DOCS_STYLE = `:root { color-scheme: light dark; --ink: #16212b; --soft: #51606d; --paper: #fff; --line: #c3ced6; --accent: #0b5d74; --alarm: #a3161f; }
@media (prefers-color-scheme: dark) { :root { --ink: #e9eff3; --soft: #a9b7c2; --paper: #131b22; --line: #3a4853; --accent: #6cc5dd; --alarm: #ff9a9f; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 60rem; padding: 1rem; background: var(--paper); color: var(--ink); font: 1rem/1.5 system-ui, sans-serif; }
h1 small, small, caption, em { color: var(--soft); font-weight: normal; }
a { color: var(--accent); }
label { display: block; margin: .75rem 0; }
input, textarea { display: block; width: 100%; padding: .5rem; border: 1px solid var(--line); border-radius: .375rem; background: transparent; color: inherit; font: inherit; }
code, textarea, pre { font-family: ui-monospace, monospace; font-size: .9em; }
details { border-top: 1px solid var(--line); padding: .5rem 0; }
summary { cursor: pointer; }
summary span { color: var(--soft); }
.verb { display: inline-block; min-width: 4.5rem; color: var(--accent); }
.warning { color: var(--alarm); }
button { padding: .5rem 1.5rem; border: 1px solid var(--accent); border-radius: .375rem; background: var(--accent); color: var(--paper); font: inherit; cursor: pointer; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
pre { overflow: auto; max-height: 30rem; padding: .75rem; border: 1px solid var(--line); border-radius: .375rem; white-space: pre-wrap; overflow-wrap: anywhere; }
table { border-collapse: collapse; margin: .75rem 0; }
caption { text-align: left; }
th, td { text-align: left; padding: .125rem .75rem .125rem 0; vertical-align: top; }
[hidden] { display: none; }
`;
