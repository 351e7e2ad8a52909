/**
 * Lets a few of many run at once, so that one client cannot keep others out: whoever asks stands in the lane of its
 * address, lanes take turns, and who has too much in the queue already is refused at once, before anything is worked
 * out. For one process; the counts of `Attempts` hold over all of them.
 */
import { Deferred, Effect } from "effect"

/** Who asks. */
export interface Client {
  /** The caller's address; absent when it is not known. */
  readonly address?: string | undefined
  /** What it is about, e.g. an e-mail address. */
  readonly account: string
}

/** How much may be in the queue, what runs included. */
export interface Limits {
  readonly atOnce: number
  /** Altogether. */
  readonly inQueue: number
  /** Of one address. */
  readonly perAddress: number
  /** Of one account, from one address. */
  readonly perAccount: number
}

/** A queue. `run` gives nothing when the client, or everybody, has too much in it. */
export interface FairQueue {
  readonly run: <A, E, R>(client: Client, work: Effect.Effect<A, E, R>) => Effect.Effect<A | undefined, E, R>
}

type Turn = Deferred.Deferred<void>

const step = (counts: Map<string, number>, key: string, by: 1 | -1) => {
  const next = (counts.get(key) ?? 0) + by
  if (next > 0) counts.set(key, next)
  else counts.delete(key)
}

/** Lanes that wait, the one whose turn is next first. */
const makeLanes = () => {
  const lanes = new Map<string, Array<Turn>>()
  return {
    add: (lane: string, turn: Turn) => void lanes.set(lane, [...(lanes.get(lane) ?? []), turn]),
    /** Takes the first of the next lane; that lane then waits for all others. */
    next: (): Turn | undefined => {
      for (const [lane, [turn, ...others]] of lanes) {
        lanes.delete(lane)
        if (others.length > 0) lanes.set(lane, others)
        if (turn !== undefined) return turn
      }
      return undefined
    },
    /** Takes one out that gave up. Says whether it still waited. */
    remove: (lane: string, turn: Turn): boolean => {
      const waiting = lanes.get(lane) ?? []
      const others = waiting.filter((one) => one !== turn)
      if (others.length > 0) lanes.set(lane, others)
      else lanes.delete(lane)
      return others.length < waiting.length
    }
  }
}

/** Makes an empty queue. */
export const make = (limits: Limits): FairQueue => {
  const lanes = makeLanes()
  const [ofAddress, ofAccount] = [new Map<string, number>(), new Map<string, number>()]
  let [running, inQueue] = [0, 0]

  /** Gives the place of one that ended, or that gave up with its turn, to the next lane. */
  const leave = Effect.suspend(() => {
    const next = lanes.next()
    if (next !== undefined) return Deferred.succeed(next, undefined)
    running -= 1
    return Effect.void
  })

  const wait = (lane: string) =>
    Effect.suspend(() => {
      if (running < limits.atOnce) {
        running += 1
        return Effect.void
      }
      const turn = Deferred.makeUnsafe<void>()
      lanes.add(lane, turn)
      return Effect.onInterrupt(Deferred.await(turn), () => (lanes.remove(lane, turn) ? Effect.void : leave))
    })

  return {
    run: (client, work) =>
      Effect.suspend(() => {
        const pair = JSON.stringify([client.address, client.account])
        // An unknown address is nobody's: each account then has a lane of its own.
        const lane = client.address === undefined ? pair : JSON.stringify([client.address])
        const isFull =
          inQueue >= limits.inQueue ||
          (ofAddress.get(lane) ?? 0) >= limits.perAddress ||
          (ofAccount.get(pair) ?? 0) >= limits.perAccount
        if (isFull) return Effect.succeed(undefined)
        const count = (by: 1 | -1) => {
          inQueue += by
          step(ofAddress, lane, by)
          step(ofAccount, pair, by)
        }
        count(1)
        return Effect.ensuring(
          Effect.uninterruptibleMask((restore) =>
            Effect.flatMap(restore(wait(lane)), () => Effect.ensuring(restore(work), leave))
          ),
          Effect.sync(() => count(-1))
        )
      })
  }
}
