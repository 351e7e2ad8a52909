/**
 * Carries out changes one after the other, in a thread of its own: one that loops for ever is ended from outside. The
 * modules of the adapter are loaded anew for each change, all others once.
 */
import { readFileSync } from "node:fs"
import { registerHooks } from "node:module"
import { fileURLToPath, pathToFileURL } from "node:url"
import { parentPort, workerData } from "node:worker_threads"
import { budgets } from "../src/Budget.ts"
import { dataSink } from "../src/laws/sink/dataSink.ts"
import { mailer } from "../src/laws/mailer/mailer.ts"
import { notifier } from "../src/laws/notifier/notifier.ts"
import { providerApi } from "../src/laws/provider/provider.ts"
import { repository } from "../src/laws/repository/repository.ts"
import { scheduler } from "../src/laws/scheduler/scheduler.ts"
import { secrets } from "../src/laws/secrets/secrets.ts"
import { tokenVault } from "../src/laws/vault/tokenVault.ts"
import { workers } from "../src/laws/workers/workers.ts"
import type { Plan } from "../src/judge.ts"
import type { Port } from "../src/Port.ts"
import { open, partsOf, runPart } from "../src/run.ts"
import type { Instance, Subject } from "../src/Subject.ts"
import { isSubjects, type Subjects } from "../src/Subjects.ts"
import type { Site } from "./sites.ts"

/** What a thread is told to do. */
export interface Order {
  readonly root: string
  readonly folder: string
  readonly subjects: string
  readonly work: ReadonlyArray<{ readonly index: number; readonly site: Site; readonly ports: ReadonlyArray<string> }>
}

/** What became of a change: which law noticed, or nothing. */
export interface Outcome {
  readonly index: number
  readonly killedBy?: string
}

const plan: Plan = {
  budget: { ...budgets.smoke, partMillis: 20_000, caseMillis: 4_000 },
  seed: 0,
  freshSeed: 0,
  known: [],
  today: "1970-01-01"
}

/** Runs the laws of a port until one is broken. */
const firstBroken = async <I extends Instance>(port: Port<I>, subject: Subject<I> | undefined) => {
  if (subject === undefined) return undefined
  const opened = await open(subject)
  try {
    for (const { law, part } of partsOf(port, subject, () => true)) {
      const { verdict } = await runPart(opened, law, part, plan)
      if (verdict._tag === "Fail" || verdict._tag === "Error") return `${law.id}/${part.name}`
      // What a change made too slow to judge is noticed as well.
      if (verdict._tag === "NotVerified" && !verdict.excused) return `${law.id}/${part.name}`
    }
    return undefined
  } finally {
    await opened.close()
  }
}

const runs: Readonly<Record<string, (subjects: Subjects) => Promise<string | undefined>>> = {
  "token-vault": (subjects) => firstBroken(tokenVault, subjects.tokenVault),
  repository: (subjects) => firstBroken(repository, subjects.repository),
  workers: (subjects) => firstBroken(workers, subjects.workers),
  scheduler: (subjects) => firstBroken(scheduler, subjects.scheduler),
  secrets: (subjects) => firstBroken(secrets, subjects.secrets),
  "data-sink": (subjects) => firstBroken(dataSink, subjects.dataSink),
  mailer: (subjects) => firstBroken(mailer, subjects.mailer),
  notifier: (subjects) => firstBroken(notifier, subjects.notifier),
  "provider-api": (subjects) => firstBroken(providerApi, subjects.providerApi)
}

const order: Order = workerData
const base = pathToFileURL(order.root).href
const own = new URL(order.folder, base).href

let present: Site | undefined

registerHooks({
  resolve: (specifier, context, next) => {
    const resolved = next(specifier, context)
    const mark = /\?mutant=\d+$/.exec(context.parentURL ?? "")?.[0]
    const isOwn = resolved.url.startsWith(own) && !resolved.url.includes("?")
    return mark !== undefined && isOwn ? { ...resolved, url: `${resolved.url}${mark}` } : resolved
  },
  load: (url, context, next) => {
    const [address = ""] = url.split("?mutant=")
    if (address === url || present === undefined) return next(url, context)
    const text = readFileSync(fileURLToPath(address), "utf8")
    const isChanged = address === new URL(present.file, base).href
    const source = isChanged ? text.slice(0, present.start) + present.after + text.slice(present.end) : text
    return { format: "module-typescript", source, shortCircuit: true }
  }
})

const outcomeOf = async (index: number, site: Site, ports: ReadonlyArray<string>): Promise<Outcome> => {
  present = site
  try {
    const module: { readonly default?: unknown } = await import(`${new URL(order.subjects, base).href}?mutant=${index}`)
    if (!isSubjects(module.default)) return { index, killedBy: "it offers no subjects" }
    for (const port of ports) {
      const killedBy = await runs[port]?.(module.default)
      if (killedBy !== undefined) return { index, killedBy }
    }
    return { index }
  } catch (error) {
    return { index, killedBy: `it does not start: ${error instanceof Error ? error.message.split("\n")[0] : ""}` }
  }
}

for (const { index, ports, site } of order.work) {
  const outcome = await outcomeOf(index, site, ports)
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
  parentPort?.postMessage(outcome)
}
