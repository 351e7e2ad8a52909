/**
 * Statements that are sent again and again with one text. The server parses such a statement once a connection, when it
 * has a name; the name is this process's own.
 */

/** Calls of functions of ours, as they stand in the text of a statement. */
const often = /^select [^']*?\bportolan\.(read_tokens_by_key|read_token|read_batch|claim_jobs|settle_jobs)\(/

/** The most texts that get a name; each of the functions above is called by one or two. */
const most = 50

const names = new Map<string, string | undefined>()

/** The name of a statement; nothing for one that is sent seldom, or whose text differs from time to time. */
export const nameOf = (text: string): string | undefined => {
  if (names.has(text)) return names.get(text)
  const name = often.test(text) && names.size < most ? `portolan_${names.size}` : undefined
  if (name !== undefined) names.set(text, name)
  return name
}

/** What the server says when it has no such statement, or when it would now answer with other columns. */
export const isOutdated = (code: string): boolean => code === "26000" || code === "0A000"
