/** What happens in an interleaving, and in which order: drawn from a seed, so that every run of it is the same. */

/** A source of numbers below 1 that a seed decides (https://en.wikipedia.org/wiki/Linear_congruential_generator). */
export const numbers = (seed: number): (() => number) => {
  let state = (seed * 2_654_435_761 + 1_013_904_223) >>> 0
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return (state >>> 8) / 2 ** 24
  }
}

type Party = "owner" | "forger" | "guest" | "weather"
const sequences = {
  owner: ["connect", "choose", "look"],
  forger: ["forge", "choose", "look", "see-advertising", "choose", "honest", "choose", "look"],
  guest: ["forge", "choose"],
  weather: ["outage", "calm"]
} as const

/** One step of one party. */
export interface Step {
  readonly who: Party
  readonly act: string
}

/** What an interleaving is made of. */
export interface Plan {
  readonly seed: number
  readonly mayAsk: boolean
  /** Steps of one group happen at once. */
  readonly groups: ReadonlyArray<ReadonlyArray<Step>>
}

/** Draws the plan of a seed: the steps of each party in their order, merged at random. */
export const planOf = (seed: number): Plan => {
  const next = numbers(seed)
  const mayAsk = next() < 0.7
  const rounds = { owner: 1, forger: 1 + Math.floor(next() * 2), guest: 1, weather: next() < 0.4 ? 1 : 0 }
  const queues = (Object.keys(sequences) as ReadonlyArray<Party>).map((who) => {
    const begin = who === "forger" ? Math.floor(next() * 4) : 0
    const all = Array.from({ length: rounds[who] }, () => sequences[who]).flat()
    return [...all.slice(begin), ...all.slice(0, begin)].map((act): Step => ({ who, act }))
  })
  const groups: Array<ReadonlyArray<Step>> = []
  while (queues.some((queue) => queue.length > 0)) {
    const open = queues.filter((queue) => queue.length > 0)
    const first = open[Math.floor(next() * open.length)]?.shift()
    const other =
      next() < 0.3 ? open.find((queue) => queue.length > 0 && queue[0]?.who !== first?.who)?.shift() : undefined
    groups.push([first, other].filter((step) => step !== undefined))
  }
  return { seed, mayAsk, groups }
}
