/** A TCP proxy that can be told to misbehave as networks do. */
import { connect, createServer, type Socket } from "node:net"
import { pause } from "./random.ts"

interface Pair {
  readonly near: Socket
  readonly far: Socket
  /** Nothing passes any more, and neither side is told. */
  isDead: boolean
}

/** The switches. */
export interface Proxy {
  readonly port: number
  /** Resets every connection. */
  readonly reset: () => void
  /** Refuses new connections, by a reset, until it is called again with `false`. */
  readonly refuse: (on: boolean) => void
  /** Swallows what comes on every connection, new ones included; with `false`, resets those and serves new ones. */
  readonly hang: (on: boolean) => void
  /** Holds every piece of data back for so long. */
  readonly delay: (millis: number) => void
  /** Swallows what comes on the connections that are open now; new ones are served. */
  readonly blackHole: () => void
  readonly close: () => Promise<void>
}

/** How long both ends of a black hole stay open, in milliseconds: longer than any limit of those who fell into it. */
const blackHoleMillis = 45_000

/** Passes on what comes from one side, in its order. */
const forward = ({ from, pair, to }: Way, delayOf: () => number, end: (pair: Pair) => void) => {
  let queue = Promise.resolve()
  from.on("data", (chunk: Buffer) => {
    const held = delayOf()
    queue = queue.then(async () => {
      if (held > 0) await pause(held)
      if (!pair.isDead && !to.destroyed) to.write(chunk)
    })
  })
  from.on("error", () => undefined)
  from.on("close", () => {
    if (!pair.isDead) void queue.then(() => end(pair))
  })
}

interface Way {
  readonly pair: Pair
  readonly from: Socket
  readonly to: Socket
}

/** Starts a proxy in front of a port of this machine. */
export const start = async (target: number): Promise<Proxy> => {
  const pairs = new Set<Pair>()
  let isHanging = false
  let isRefusing = false
  let delayMillis = 0

  const end = (pair: Pair) => {
    pairs.delete(pair)
    for (const socket of [pair.near, pair.far]) socket.resetAndDestroy()
  }
  const server = createServer({ noDelay: true }, (near) => {
    near.on("error", () => undefined)
    if (isRefusing) {
      near.resetAndDestroy()
      return
    }
    const pair: Pair = { near, far: connect({ port: target, host: "127.0.0.1", noDelay: true }), isDead: isHanging }
    pairs.add(pair)
    const { far } = pair
    forward({ pair, from: near, to: far }, () => delayMillis, end)
    forward({ pair, from: far, to: near }, () => delayMillis, end)
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  const address = server.address()
  const bury = (pair: Pair) => {
    pair.isDead = true
  }
  return {
    port: typeof address === "object" && address !== null ? address.port : 0,
    reset: () => {
      for (const pair of pairs) if (!pair.isDead) end(pair)
    },
    refuse: (on) => {
      isRefusing = on
    },
    hang: (on) => {
      isHanging = on
      if (on) for (const pair of pairs) bury(pair)
      else for (const pair of pairs) end(pair)
    },
    delay: (millis) => {
      delayMillis = millis
    },
    blackHole: () => {
      for (const pair of pairs) {
        bury(pair)
        setTimeout(() => end(pair), blackHoleMillis).unref()
      }
    },
    close: async () => {
      for (const pair of pairs) end(pair)
      await new Promise<void>((resolve) => server.close(() => resolve()))
    }
  }
}
