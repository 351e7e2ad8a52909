/**
 * `npm run bench -- simulate`: the whole system on a virtual clock. Accounts live in organizations of ten, each of
 * which is a world of its own: domain, use cases, background work, memory adapters and the scripted provider.
 */
import { createHash } from "node:crypto"
import { Worker } from "node:worker_threads"
import { type Lived, lifeOf, type World } from "./simulate/life.ts"

/** What is simulated. */
export interface Options {
  readonly days: number
  readonly accounts: number
  readonly seed: number
  /** Threads that live through organizations side by side; none: this one does. The outcome is the same. */
  readonly threads: number
  /** Told after each organization how much of the whole is done, from 0 to 1. */
  readonly progress?: (done: number) => void
}

/** What came of it. */
export interface Simulated {
  readonly accountDays: number
  readonly accountDaysPerSecond: number
  readonly accountDaysPerCpuSecond: number
  readonly calls: number
  readonly refreshes: number
  readonly windows: number
  readonly events: number
  /** Sentences about laws that were broken. */
  readonly broken: ReadonlyArray<string>
  /** Over the whole history, in order: the same for the same days, accounts and seed. */
  readonly digest: string
}

/** Accounts of one organization. */
const perWorld = 10

/** Hands out the worlds to threads, one at a time to each. */
const onThreads = (worlds: ReadonlyArray<World>, threads: number, done: (lived: Lived) => void): Promise<unknown> => {
  const waiting = [...worlds]
  const thread = () =>
    new Promise<void>((resolve, reject) => {
      const worker = new Worker(new URL("./simulate/worker.ts", import.meta.url))
      const next = () => {
        const world = waiting.shift()
        if (world !== undefined) return worker.postMessage(world, [])
        void worker.terminate().then(() => resolve())
      }
      worker.on("error", reject)
      worker.on("message", (lived: Lived) => {
        done(lived)
        next()
      })
      next()
    })
  return Promise.all(Array.from({ length: Math.min(threads, worlds.length) }, thread))
}

/** Simulates accounts for some days. */
export const simulate = async ({ accounts, days, progress, seed, threads }: Options): Promise<Simulated> => {
  const worlds = Array.from({ length: Math.ceil(accounts / perWorld) }, (_, n): World => {
    return { n, seed, days, accounts: Math.min(perWorld, accounts - n * perWorld) }
  })
  const lives: Array<Lived> = []
  const [began, spent] = [performance.now(), process.cpuUsage()]
  const done = (lived: Lived) => {
    lives[lived.n] = lived
    progress?.(Object.keys(lives).length / worlds.length)
  }
  if (threads > 0) await onThreads(worlds, threads, done)
  else for (const world of worlds) done(await lifeOf(world))
  const cpu = process.cpuUsage(spent)
  const sum = (of: (lived: Lived) => number) => lives.reduce((total, lived) => total + of(lived), 0)
  const accountDays = accounts * days
  return {
    accountDays,
    accountDaysPerSecond: Math.round((accountDays * 1000) / (performance.now() - began)),
    accountDaysPerCpuSecond: Math.round((accountDays * 1_000_000) / (cpu.user + cpu.system)),
    calls: sum(({ calls }) => calls),
    refreshes: sum(({ refreshes }) => refreshes),
    windows: sum(({ windows }) => windows),
    events: sum(({ events }) => events),
    broken: lives.flatMap(({ broken }) => broken),
    digest: createHash("sha256")
      .update(lives.map(({ digest }) => digest).join())
      .digest("hex")
  }
}
