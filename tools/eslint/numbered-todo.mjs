const UNNUMBERED = /\b(TODO|FIXME|XXX)\b(?!\(#\d+\))/;

/**
 * A note of unfinished work names the issue that will finish it: `TODO(#12)`.
 * @type {import('eslint').Rule.RuleModule}
 */
export const numberedTodo = {
  meta: { type: 'suggestion', schema: [], messages: { number: 'Say which issue will finish this: `TODO(#12): …`.' } },
  create: (context) => ({
    Program() {
      for (const comment of context.sourceCode.getAllComments()) {
        if (comment.loc && UNNUMBERED.test(comment.value)) context.report({ loc: comment.loc, messageId: 'number' });
      }
    },
  }),
};
