/**
 * First loads, day by day (rules C8, K-R15, P-R13, X-R11): every day of the history is planned once and loaded once,
 * what is late is reported once and not before it is late, and what is complete is complete.
 */
import { DataClass, Day, Progress } from "@portolan/domain"
import { Duration } from "effect"
import { type Ledger, ledger } from "./Ledger.ts"
import { hour, id, type Oracle, type World } from "./Oracle.ts"

interface Promise {
  due: number
  reported: boolean
}

/** What a person would keep on paper: for each class, each day and how far it is. */
interface Paper {
  readonly days: Map<string, Map<number, "owed" | "stuck" | "over">>
  readonly promises: Map<string, Promise>
  /** When each class that is owed was planned, or planned again. */
  readonly since: Map<string, number>
  phase: "absent" | "running" | "complete" | "cancelled"
  overdue: boolean
  /** When it was planned last, in hours. */
  plannedAt?: number
}

const classes = ["advertising", "sales", "inventory", "content"] as const

const sourcesOf = (world: World): ReadonlyArray<DataClass.Source> =>
  classes
    .filter(() => world.chance(50))
    .flatMap((dataClass) =>
      Array.from({ length: world.chance(15) ? 2 : 1 }, () => ({
        dataClass,
        depthDays: world.pick(0, 1, 2, 9, 40),
        windowDays: world.pick(1, 3, 10),
        lagDays: world.pick(0, 0, 1, 3),
        due: Duration.hours(world.pick(24, 72))
      }))
    )

const stateOf = (paper: Paper, dataClass: string) => [...(paper.days.get(dataClass)?.values() ?? [])]
const isComplete = (paper: Paper, dataClass: string) => stateOf(paper, dataClass).every((day) => day === "over")
const owesSync = (paper: Paper) =>
  [...paper.days.keys()].some((dataClass) => DataClass.countsForSync(dataClass) && !isComplete(paper, dataClass))

const plan = (world: World, paper: Paper, now: number, own: Ledger) => {
  // A plan of the same instant is the same plan.
  if (paper.plannedAt === now && paper.phase !== "cancelled") return
  paper.plannedAt = now
  const sources = sourcesOf(world)
  const today = 20_000 + Math.floor(now / 24)
  own.plan({
    _tag: "Plan",
    backfill: {
      id: id("backfill"),
      organizationId: id("organization"),
      connectionId: id("connection"),
      accountId: id("account")
    },
    sources,
    today: Day.fromNumber(today),
    finalisedAt: hour(now)
  })
  const wasCancelled = paper.phase === "cancelled"
  const owedBefore = new Set([...paper.days.keys()].filter((one) => !wasCancelled && !isComplete(paper, one)))
  let changed = paper.phase === "absent"
  for (const [dataClass, days] of paper.days) {
    for (const [day, how] of days) {
      if (how !== "stuck" && !(wasCancelled && how === "owed")) continue
      days.set(day, "owed")
      changed = true
      paper.since.set(dataClass, owedBefore.has(dataClass) ? (paper.since.get(dataClass) ?? now) : now)
    }
  }
  for (const { dataClass, depthDays, lagDays = 0 } of sources) {
    const days = paper.days.get(dataClass) ?? new Map<number, "owed">()
    const last = today - lagDays
    // What was had once has no gap behind it, four years back at most; the present alone has no history.
    const first = Math.max(Math.min(...days.keys()), last - 1459)
    const from = Math.min(last - depthDays + 1, depthDays > 1 && days.size > 0 ? first : Infinity)
    for (let day = last; day >= from; day--) {
      if (days.has(day)) continue
      days.set(day, "owed")
      paper.days.set(dataClass, days)
      changed = true
    }
  }
  if (!changed) return
  renew(paper, { now, owedBefore, sources })
  paper.phase = [...paper.days.keys()].every((one) => isComplete(paper, one)) ? "complete" : "running"
}

/** A class that is owed anew has a deadline from now on; one that was owed before keeps the one it had. */
const renew = (
  paper: Paper,
  {
    now,
    owedBefore,
    sources
  }: {
    readonly now: number
    readonly owedBefore: ReadonlySet<string>
    readonly sources: ReadonlyArray<DataClass.Source>
  }
) => {
  for (const dataClass of paper.days.keys()) {
    const own = sources.filter((source) => source.dataClass === dataClass)
    if (isComplete(paper, dataClass) || owedBefore.has(dataClass) || own.length === 0) continue
    const due = Math.max(...own.map((source) => now + Duration.toHours(source.due)))
    paper.promises.set(dataClass, { due, reported: false })
    paper.since.set(dataClass, now)
  }
}

const move = (world: World, paper: Paper, now: number, own: Ledger) => {
  const windows = own.windows()
  const window = windows[world.below(Math.max(1, windows.length))]
  if (window === undefined) return
  const { dataClass, from, until, windowId } = window
  const at = hour(now)
  const commands = {
    Load: { _tag: "Load", rows: 1, at },
    Skip: { _tag: "Skip", reason: "Gone.", at },
    Block: { _tag: "Block", reason: "Act.", at },
    Request: { _tag: "Request", ticket: "1", at },
    Restart: { _tag: "Restart", reason: "Again.", at }
  } as const
  const what = world.pick("Load", "Load", "Load", "Load", "Skip", "Block", "Request", "Restart")
  const followed = own.move(windowId, commands[what])
  const days = paper.days.get(dataClass)
  if (paper.phase !== "running" || days === undefined) return
  for (let day = Day.toNumber(from); day < Day.toNumber(until); day++) {
    if (days.get(day) === "over") continue
    if (what === "Load" || what === "Skip") days.set(day, "over")
    else days.set(day, what === "Block" ? "stuck" : "owed")
  }
  if (paper.overdue && !owesSync(paper)) {
    world.same("P-R13: what was late and came is reported", true, followed.includes("LoadCaughtUp"))
    paper.overdue = false
  }
  if ([...paper.days.keys()].every((one) => isComplete(paper, one))) paper.phase = "complete"
}

const check = (world: World, paper: Paper, now: number, { load, tallies }: Ledger) => {
  const dataClass = world.pick(...classes)
  load.send({ _tag: "CheckDeadline", dataClass, at: hour(now) })
  const promise = paper.promises.get(dataClass)
  const isMissed =
    paper.phase === "running" &&
    promise !== undefined &&
    !promise.reported &&
    now >= promise.due &&
    !isComplete(paper, dataClass)
  world.same(
    `C8: ${dataClass} is reported late once, after its deadline`,
    isMissed,
    load.events().includes("DeadlineMissed")
  )
  if (isMissed) promise.reported = true
  load.send({ _tag: "CheckSync", tallies: tallies(), at: hour(now) })
  const starts = [...paper.since]
    .filter(([one]) => DataClass.countsForSync(one) && !isComplete(paper, one))
    .map(([, since]) => since)
  const isOverdue = paper.phase === "running" && !paper.overdue && starts.some((since) => now >= since + 48)
  world.same("P-R13: not in sync is reported after 48 hours", isOverdue, load.events().includes("LoadOverdue"))
  if (isOverdue) paper.overdue = true
}

const cancel = (_: World, paper: Paper, now: number, { load }: Ledger) => {
  load.send({ _tag: "Cancel", at: hour(now) })
  if (paper.phase === "running") Object.assign(paper, { phase: "cancelled", overdue: false })
}

const phases = { Absent: "absent", Running: "running", Complete: "complete", Cancelled: "cancelled" } as const

const compare = (world: World, paper: Paper, now: number, { load, tallies, windows }: Ledger) => {
  const state = load.state()
  world.same("where the load is", paper.phase, phases[state._tag])
  if (state._tag === "Absent") return
  const planned = new Map<string, number>()
  for (const { dataClass, from, until } of windows()) {
    for (let day = Day.toNumber(from); day < Day.toNumber(until); day++) {
      const key = `${dataClass} ${day}`
      planned.set(key, (planned.get(key) ?? 0) + 1)
    }
  }
  const demanded = [...paper.days].flatMap(([dataClass, days]) => [...days.keys()].map((day) => `${dataClass} ${day}`))
  world.same("C8: every day is planned once", demanded.toSorted(), [...planned.keys()].toSorted())
  world.same(
    "C8: no day is planned twice",
    true,
    [...planned.values()].every((times) => times === 1)
  )
  for (const one of Progress.perClass(state, tallies(), hour(now))) {
    const days = stateOf(paper, one.dataClass)
    world.same(`${one.dataClass}: days that are there`, days.filter((day) => day === "over").length, one.daysDone)
    world.same(`${one.dataClass}: done means every day`, isComplete(paper, one.dataClass), one.status === "done")
  }
}

const actions = [move, move, move, move, move, check, check, plan, cancel]

/** First loads and the plans that follow them. */
export const loading: Oracle = {
  name: "loading",
  run: (world) => {
    const own = ledger(world)
    const paper: Paper = { days: new Map(), promises: new Map(), since: new Map(), phase: "absent", overdue: false }
    let now = 0
    plan(world, paper, now, own)
    for (let step = 0; step < 60; step++) {
      if (world.chance(40)) now += world.pick(1, 12, 24, 50, 24 * 40)
      actions[world.below(world.chance(85) ? 7 : actions.length)]?.(world, paper, now, own)
      compare(world, paper, now, own)
    }
  }
}
