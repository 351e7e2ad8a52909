/** Numbers from 0 to 1 that a seed repeats, so that a run can be made again. */
export const random = (seed: number): (() => number) => {
  let state = seed
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296
    return state / 4_294_967_296
  }
}

/** Waits. */
export const pause = (millis: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, millis))

/** Looks twenty times a second until it sees something; `undefined` when the time is over. */
export const within = async <A>(millis: number, look: () => Promise<A | undefined>): Promise<A | undefined> => {
  const until = performance.now() + millis
  for (;;) {
    const found = await look()
    if (found !== undefined || performance.now() > until) return found
    await pause(50)
  }
}
