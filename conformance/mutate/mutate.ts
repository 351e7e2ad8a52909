/** Changes a subject's source in every place, one at a time, and lets the laws alone find out. */
import { readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { Worker } from "node:worker_threads"
import { type Site, sitesOf } from "./sites.ts"
import { targets } from "./targets.ts"
import { type SurvivorVerdict, verdicts } from "./verdicts.ts"
import type { Order, Outcome } from "./worker.ts"

/** The root of the repository. */
const root = fileURLToPath(new URL("../../", import.meta.url))

/** A change that no law noticed. */
export interface Survivor extends Omit<Site, "start" | "end"> {
  readonly on: string
  readonly verdict: SurvivorVerdict["verdict"] | "none yet"
  readonly why: string
}

/** What came of it. */
export interface Result {
  readonly subject: string
  readonly mutants: number
  readonly killed: number
  /** Not noticed, and not equivalent. */
  readonly survived: number
  readonly equivalent: number
  /** Of those that ran into a limit of time; counted as killed. */
  readonly timedOut: number
  /** Killed, in per cent of those not equivalent. */
  readonly score: number
  readonly survivors: ReadonlyArray<Survivor>
  readonly leftOut: Readonly<Record<string, string>>
}

/** How long one change may keep a thread busy. */
const limitMillis = 150_000

type Work = Order["work"][number]

/** Runs changes in one thread after another; one that hangs is ended, and its change counts as noticed. */
const runAll = (
  order: Omit<Order, "work">,
  work: ReadonlyArray<Work>,
  after: (outcome: Outcome) => void
): Promise<void> =>
  new Promise((resolve, reject) => {
    const [first] = work
    if (first === undefined) return resolve()
    let done = 0
    const worker = new Worker(new URL("worker.ts", import.meta.url), {
      workerData: { ...order, work },
      stdout: true,
      stderr: true
    })
    worker.stdout.resume()
    worker.stderr.resume()
    const goOn = (rest: ReadonlyArray<Work>) => {
      clearTimeout(timer)
      worker.removeAllListeners()
      void worker.terminate().then(() => runAll(order, rest, after).then(resolve, reject))
    }
    const hangs = () => {
      const stuck = work[done]
      if (stuck !== undefined) after({ index: stuck.index, killedBy: "time" })
      goOn(work.slice(done + 1))
    }
    let timer = setTimeout(hangs, limitMillis)
    worker.on("message", (outcome: Outcome) => {
      after(outcome)
      done += 1
      clearTimeout(timer)
      if (done === work.length) return goOn([])
      // Modules that were loaded stay: a thread is changed before they weigh too much.
      if (done === 40) return goOn(work.slice(done))
      timer = setTimeout(hangs, limitMillis)
    })
    worker.on("error", hangs)
  })

const lineOf = ({ file, line }: Site) => readFileSync(`${root}${file}`, "utf8").split("\n")[line - 1]?.trim() ?? ""

const survivorOf = (site: Site): Survivor => {
  const { after, before, file, line, operator } = site
  const on = lineOf(site)
  const known = verdicts.find((each) => each.file === file && each.on === on && each.operators.includes(operator))
  return { file, line, operator, before, after, on, verdict: known?.verdict ?? "none yet", why: known?.why ?? "" }
}

/** Which changes are tried: those of the files whose names hold the text, when one is given. */
export interface Choice {
  readonly only?: string | undefined
  readonly threads?: number
  readonly after?: (line: string) => void
}

/** Runs all changes of a subject. Throws when there is no such subject. */
export const mutate = async (
  subject: string,
  { after = () => undefined, only = "", threads = 2 }: Choice = {}
): Promise<Result> => {
  const target = targets[subject]
  if (target === undefined)
    throw new Error(`the source of '${subject}' is not at hand; there is ${Object.keys(targets).join(", ")}`)
  const work = Object.entries(target.files)
    .filter(([file]) => file.includes(only))
    .flatMap(([file, ports]) => sitesOf(file, readFileSync(`${root}${file}`, "utf8")).map((site) => ({ site, ports })))
    .map((each, index): Work => ({ ...each, index }))
  const outcomes = new Map<number, Outcome>()
  const note = (outcome: Outcome) => {
    outcomes.set(outcome.index, outcome)
    const site = work[outcome.index]?.site
    if (site !== undefined && outcome.killedBy === undefined) {
      after(`SURVIVED  ${site.file}:${site.line} ${site.operator}: ${site.before} -> ${site.after}`)
    }
    if (outcomes.size % 50 === 0) after(`${outcomes.size} of ${work.length}`)
  }
  const order = { root, folder: target.folder, subjects: target.subjects }
  await Promise.all(
    Array.from({ length: threads }, (_, thread) =>
      runAll(
        order,
        work.filter((_each, index) => index % threads === thread),
        note
      )
    )
  )
  const all = [...outcomes.values()].toSorted((one, other) => one.index - other.index)
  const survivors = all
    .filter(({ killedBy }) => killedBy === undefined)
    .flatMap(({ index }) => work[index]?.site ?? [])
    .map(survivorOf)
  const equivalent = survivors.filter(({ verdict }) => verdict === "equivalent").length
  const killed = all.length - survivors.length
  return {
    subject,
    mutants: all.length,
    killed,
    survived: survivors.length - equivalent,
    equivalent,
    timedOut: all.filter(({ killedBy }) => killedBy === "time").length,
    score: Math.round((1_000 * killed) / Math.max(1, all.length - equivalent)) / 10,
    survivors,
    leftOut: target.leftOut
  }
}
