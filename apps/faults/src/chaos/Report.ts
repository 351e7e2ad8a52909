/** What a run saw. */
export interface Report {
  readonly cuts: number
  /** Processes that ended without having been asked to. */
  readonly died: number
  /** What was acknowledged, or promised by a position or a job, and is not there. */
  readonly lost: number
  /** What is there twice, or was told twice. */
  readonly doubled: number
  /** Requests without an answer within `answerMillis`, and cuts after which nothing was ready within a minute. */
  readonly hung: number
  /** The longest time from the end of a fault until a read, a write and a fresh piece of background work were done. */
  readonly worstRecoverySeconds: number
}

/** How long a request may take until it counts as hung, in milliseconds. */
export const answerMillis = 45_000

/** What counts by name: how often each was found, of those that must be there exactly once. */
export const countOnce = (
  expected: Iterable<string>,
  found: Iterable<string>
): { readonly lost: ReadonlyArray<string>; readonly doubled: ReadonlyArray<string> } => {
  const counts = new Map<string, number>()
  for (const name of found) counts.set(name, (counts.get(name) ?? 0) + 1)
  const lost = [...new Set(expected)].filter((name) => !counts.has(name))
  return { lost, doubled: [...counts].filter(([, count]) => count > 1).map(([name]) => name) }
}
