/**
 * A number from 0 to `slots` - 1 that follows from a text: the same for the same text, and spread evenly over texts
 * (FNV-1a, http://www.isthe.com/chongo/tech/comp/fnv/). It puts work of many accounts at different times, each at its
 * own time every day. Nothing secret depends on it.
 */
export const spread = (text: string, slots: number): number => {
  let hash = 0x811c9dc5
  for (let index = 0; index < text.length; index++) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193)
  }
  return (hash >>> 0) % slots
}
