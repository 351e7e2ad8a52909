/**
 * For what a page reads that does not depend on each other: a store may answer it with one question of its own. A page
 * shows a hundred rows at most.
 */
export const together = { concurrency: 128 } as const
