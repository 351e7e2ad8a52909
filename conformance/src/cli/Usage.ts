/** A mistake of the caller, told in one sentence: the command ends with 2. */
export class Usage extends Error {}
