/**
 * First loads, day by day (rules C8, K-R15, P-R13, X-R11): every day of the history is planned once and loaded once,
 * what is late is reported once and not before it is late, and what is complete is complete.
 */
import { type Backfill, DataClass, Day, Progress } from "@portolan/domain"
import { Duration } from "effect"
import { drive, type Driven, hour, id, type Oracle, type World } from "./Oracle.ts"

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
}

type Sent = Driven<"backfill">
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

const plan = (world: World, paper: Paper, now: number, load: Sent) => {
  const sources = sourcesOf(world)
  const today = 20_000 + Math.floor(now / 24)
  load.send({
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
    for (let back = 0; back < depthDays; back++) {
      const day = today - lagDays - back
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

const move = (world: World, paper: Paper, now: number, load: Sent) => {
  const state = load.state()
  if (state._tag === "Absent" || state.windows.length === 0) return
  const window = state.windows[world.below(state.windows.length)]
  if (window === undefined) return
  const { dataClass, from, id: windowId, until } = window
  const at = hour(now)
  const what = world.pick("Load", "Load", "Load", "Load", "Skip", "Block", "Request", "Restart")
  if (what === "Load") load.send({ _tag: "LoadWindow", windowId, rows: 1, at })
  else if (what === "Skip") load.send({ _tag: "SkipWindow", windowId, reason: "Gone.", at })
  else if (what === "Block") load.send({ _tag: "BlockWindow", windowId, reason: "Act.", at })
  else if (what === "Request") load.send({ _tag: "RequestWindow", windowId, ticket: "1", at })
  else load.send({ _tag: "RestartWindow", windowId, reason: "Again.", at })
  const days = paper.days.get(dataClass)
  if (paper.phase !== "running" || days === undefined) return
  for (let day = Day.toNumber(from); day < Day.toNumber(until); day++) {
    if (days.get(day) === "over") continue
    if (what === "Load" || what === "Skip") days.set(day, "over")
    else days.set(day, what === "Block" ? "stuck" : "owed")
  }
  if (paper.overdue && !owesSync(paper)) {
    world.same("P-R13: what was late and came is reported", true, load.events().includes("LoadCaughtUp"))
    paper.overdue = false
  }
  if ([...paper.days.keys()].every((one) => isComplete(paper, one))) paper.phase = "complete"
}

const check = (world: World, paper: Paper, now: number, load: Sent) => {
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
  load.send({ _tag: "CheckSync", at: hour(now) })
  const starts = [...paper.since]
    .filter(([one]) => DataClass.countsForSync(one) && !isComplete(paper, one))
    .map(([, since]) => since)
  const isOverdue = paper.phase === "running" && !paper.overdue && starts.some((since) => now >= since + 48)
  world.same("P-R13: not in sync is reported after 48 hours", isOverdue, load.events().includes("LoadOverdue"))
  if (isOverdue) paper.overdue = true
}

const cancel = (_: World, paper: Paper, now: number, load: Sent) => {
  load.send({ _tag: "Cancel", at: hour(now) })
  if (paper.phase === "running") Object.assign(paper, { phase: "cancelled", overdue: false })
}

const phases = { Absent: "absent", Running: "running", Complete: "complete", Cancelled: "cancelled" } as const

const compare = (world: World, paper: Paper, now: number, state: Backfill.State) => {
  world.same("where the load is", paper.phase, phases[state._tag])
  if (state._tag === "Absent") return
  const planned = new Map<string, number>()
  for (const { dataClass, from, until } of state.windows) {
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
  for (const one of Progress.perClass(state, hour(now))) {
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
    const load = drive("backfill", world)
    const paper: Paper = { days: new Map(), promises: new Map(), since: new Map(), phase: "absent", overdue: false }
    let now = 0
    plan(world, paper, now, load)
    for (let step = 0; step < 60; step++) {
      if (world.chance(40)) now += world.pick(1, 12, 24, 50, 24 * 40)
      actions[world.below(world.chance(85) ? 7 : actions.length)]?.(world, paper, now, load)
      compare(world, paper, now, load.state())
    }
  }
}
