/**
 * A part of the house that is mutated: its sources, and the specs that have to notice. Specs that draw at random are left out: what they
 * find in one run they may miss in the next.
 * @typedef {{ sources: string, specs: string[] }} Part
 */

const CONFORMANCE = 'libs/language/src/offline/conformance.spec.ts';

/** @type {Record<string, Part[]>} */
export const TARGETS = {
  language: [
    {
      sources: 'libs/language/src/expressions',
      specs: ['libs/language/src/{expressions,values,time}/**/!(properties).spec.ts', CONFORMANCE],
    },
    {
      sources: 'libs/language/src/step',
      specs: ['libs/language/src/{step,instructions}/**/!(properties).spec.ts', 'libs/language/src/offline/offline.spec.ts', CONFORMANCE],
    },
  ],
};
