/** A launch that cannot go on for a reason a person can mend: the message is the whole answer, and no stack is shown. */
export class Halt extends Error {}
