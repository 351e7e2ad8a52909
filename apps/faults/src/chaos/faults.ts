/** The ways in which a database goes away. */
import type { Proxy } from "../processes/Proxy.ts"
import { pause } from "../processes/random.ts"
import type { Fault } from "./Subject.ts"

/** A database server that can be stopped and started. */
export interface DatabaseServer {
  /** Ends every connection of programs (`pg_terminate_backend`). */
  readonly terminateAll: () => Promise<void>
  /** A fast shutdown, as `pg_ctl stop -m fast` makes it. */
  readonly halt: () => Promise<void>
  readonly resume: () => Promise<void>
}

/** Every fault, in a fixed order. Spans are drawn by `chance`, from 0 to 1. */
export const faults = (server: DatabaseServer, proxy: Proxy, chance: () => number): ReadonlyArray<Fault> => [
  { name: "terminate", strike: () => server.terminateAll() },
  {
    name: "restart",
    strike: async () => {
      await server.halt()
      await pause(chance() * 800)
      await server.resume()
    }
  },
  { name: "reset", strike: async () => proxy.reset() },
  {
    name: "refuse",
    strike: async () => {
      proxy.refuse(true)
      proxy.reset()
      await pause(200 + chance() * 800)
      proxy.refuse(false)
    }
  },
  {
    name: "hang",
    strike: async () => {
      proxy.hang(true)
      await pause(500 + chance() * 2_000)
      proxy.hang(false)
    }
  },
  {
    name: "delay",
    strike: async () => {
      proxy.delay(50 + chance() * 250)
      await pause(1_000)
      proxy.delay(0)
    }
  },
  { name: "black hole", strike: async () => proxy.blackHole() }
]
