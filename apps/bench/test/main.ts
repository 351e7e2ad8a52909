/** `npm run bench`: what is measured, by name. README.md says what each figure means. */
import { availableParallelism } from "node:os"
import { Effect, Logger } from "effect"
import type { Figure } from "../src/measure.ts"
import { bar, numberOption, numbersOption } from "./report.ts"

/** A measurement: what `--json` prints, and the lines that a person reads. */
interface Measured {
  readonly json: unknown
  readonly lines: ReadonlyArray<string>
}

type Bench = (args: ReadonlyArray<string>) => Promise<Measured>

const quiet = <A, E>(effect: Effect.Effect<A, E>) => Effect.runPromise(Effect.provide(effect, Logger.layer([])))

const perSecond = (figure: number) => `${figure.toLocaleString("en-US").padStart(12)} / s`

const figures = (found: ReadonlyArray<Figure>): Measured => ({
  json: found,
  lines: found.map(
    ({ name, perSecond: rate, ratio, spread }) =>
      `${perSecond(rate)}  ${ratio.toFixed(3).padStart(8)} (${spread.map((one) => one.toFixed(3)).join(" to ")})  ${name}`
  )
})

/** Requests over HTTP: how fast, as a share of the yardstick, and how many statements each sends. */
const requests = (found: {
  readonly [name: string]: { readonly perSecond: number; readonly ratio: number; readonly statements: number }
}): Measured => ({
  json: found,
  lines: Object.entries(found).map(
    ([name, { perSecond: rate, ratio, statements }]) =>
      `${perSecond(rate)}  ratio ${ratio}  ${statements} statements  ${name}`
  )
})

const scale: Bench = async (args) => {
  const accounts = numbersOption(args, "accounts", "1000,100000")
  const millis = numberOption(args, "millis", 300)
  const found = await quiet((await import("./scale.ts")).scale({ accounts, millis, progress: bar() }))
  const lines = Object.entries(found).flatMap(([route, sizes]) => [
    route,
    ...sizes.map(
      ({ accounts: count, perSecond: rate, slower, spread }) =>
        `${perSecond(rate)}  ${slower.toFixed(2).padStart(6)} (${spread.join(" to ")})  ${count.toLocaleString("en-US")}`
    )
  ])
  return { json: found, lines }
}

const simulate: Bench = async (args) => {
  const progress = bar()
  const found = await (
    await import("./simulate.ts")
  ).simulate({
    days: numberOption(args, "days", 365),
    accounts: numberOption(args, "accounts", 1_000),
    seed: numberOption(args, "seed", 1),
    threads: numberOption(args, "threads", availableParallelism()),
    progress: (done) => progress("account-days", done)
  })
  if (found.broken.length > 0) process.exitCode = 1
  const { broken, ...numbers } = found
  const lines = Object.entries(numbers).map(([name, value]) => `${name.padEnd(24)} ${value.toLocaleString("en-US")}`)
  return { json: found, lines: [...lines, ...(broken.length === 0 ? ["no law was broken"] : broken)] }
}

const start: Bench = async () => {
  const found = await (await import("./start.ts")).start()
  return {
    json: found,
    lines: Object.entries(found).map(([what, some]) => `${what.padEnd(14)} ${JSON.stringify(some)}`)
  }
}

const queue: Bench = async () => {
  const found = await quiet((await import("./queue.ts")).queue())
  const { drainRatio, fetchIdle, idleStatementsPerMinute } = found
  return {
    json: found,
    lines: [
      `look without work  ${fetchIdle.at1k} ms at 1,000 accounts, ${fetchIdle.at100k} ms at 100,000`,
      `drain              ${drainRatio} of bare pg-boss`,
      `idle worker        ${idleStatementsPerMinute} statements a minute`
    ]
  }
}

const load: Bench = async (args) => {
  const workers = numbersOption(args, "workers", "1,4")
  const found = await quiet((await import("./load.ts")).load({ workers, progress: bar() }))
  const { conflicts, perSecond: rates, speedup, statementsPerWindow } = found
  const lines = Object.entries(rates).map(([many, rate]) => `${perSecond(rate)}  windows, ${many} workers`)
  return {
    json: found,
    lines: [...lines, `speedup ${speedup}`, `${conflicts} conflicts`, `${statementsPerWindow} statements a window`]
  }
}

/** Every measurement by name; the first argument chooses. */
const benches: { readonly [name: string]: Bench } = {
  reads: async () => requests(await quiet((await import("./reads.ts")).reads(1_500))),
  writes: async () => requests(await quiet((await import("./writes.ts")).writes(1_500))),
  queue,
  load,
  scale,
  simulate,
  start,
  domain: async () => figures(await quiet((await import("./domain.ts")).domain(400))),
  simulator: async () => figures(await quiet((await import("./simulator.ts")).simulator(400)))
}

const [name = "", ...args] = process.argv.slice(2)
const bench = Object.hasOwn(benches, name) ? benches[name] : undefined
if (bench !== undefined) {
  const { json, lines } = await bench(args)
  process.stdout.write(args.includes("--json") ? `${JSON.stringify(json)}\n` : `${lines.join("\n")}\n`)
  process.exit()
}
if (name !== "" && !name.startsWith("-")) {
  process.stderr.write(`There is no measurement ${name}; there are ${Object.keys(benches).join(", ")}.\n`)
  process.exit(1)
}
await import("../src/main.ts")
