/**
 * Checks the simulator from outside: each rule that is played refuses as its row says, each promise is kept, and each
 * mutant, a simulator that breaks one of them, is caught.
 */
import * as Rule from "../core/Rule.ts"
import type { Options, Simulator } from "../core/SimulatorApi.ts"
import { makeAround, type Around } from "../core/Simulator.ts"
import * as Amazon from "./amazonPlays.ts"
import { mutants as amazonMutants } from "./amazonMutants.ts"
import { judge } from "./Check.ts"
import { mutants as loginMutants } from "./loginMutants.ts"
import * as Login from "./loginPlays.ts"
import type { Mutant } from "./Mutant.ts"
import { Player } from "./Player.ts"
import { promises } from "./promises.ts"
import * as Walmart from "./walmartPlays.ts"
import { mutants as walmartMutants } from "./walmartMutants.ts"

/** What is checked: by the id of a rule or promise. */
type Checked = {
  readonly id: string
  readonly about: string
  readonly wrong: (player: Player) => Promise<string | undefined>
}

/** Something that is not as it should be. */
export type Wrong = { readonly id: string; readonly about: string; readonly why: string }

/** What was found. The counts are what `--json` prints. */
export type Found = {
  /** Checks of rules and promises. */
  readonly rules: number
  readonly passed: number
  readonly failed: number
  /** Rows of the rule tables that nobody confirms. */
  readonly assumptions: number
  readonly mutants: number
  readonly killed: number
  readonly wrong: ReadonlyArray<Wrong>
  /** Mutants that no check caught. */
  readonly survivors: ReadonlyArray<string>
  /** Rows of providers that no check plays. */
  readonly unplayed: ReadonlyArray<string>
}

/** Every check. */
export const checks: ReadonlyArray<Checked> = [
  ...[...Login.plays, ...Amazon.plays, ...Walmart.plays].map((play) => ({
    id: play.rule,
    about: play.about,
    wrong: (player: Player) => judge(play, player)
  })),
  ...promises
]

/** Every mutant. */
export const mutants: ReadonlyArray<Mutant> = [...loginMutants, ...amazonMutants, ...walmartMutants]

const options: Options = {
  preset: "demo",
  seed: "check",
  clock: { manual: "2026-07-15T12:00:00Z" },
  // The demo world hurries; its reports and quotas do not matter here, but waiting does.
  policy: { spReport: { queuedSeconds: 10, processingSeconds: 50 } }
}

const around =
  ({ after, at, before }: Mutant): Around =>
  (world, request, now, answer) => {
    const meant = before?.(world, request, now) ?? request
    const reply = answer(meant, at?.(meant, now) ?? now)
    return after?.(world, meant, reply) ?? reply
  }

const attempt = async (check: Checked, simulator: Simulator): Promise<string | undefined> => {
  try {
    return await check.wrong(new Player(simulator))
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

/** Whether a check that the honest simulator passes fails with the mutant. */
const isCaught = async (mutant: Mutant, passed: ReadonlyArray<Checked>): Promise<boolean> => {
  for (const check of passed.filter(({ id }) => mutant.by.includes(id))) {
    if ((await attempt(check, makeAround(options, around(mutant)))) !== undefined) return true
  }
  return false
}

/** Runs all checks, each in a world of its own, and mutants, all of them unless told. */
export const run = async (against: ReadonlyArray<Mutant> = mutants): Promise<Found> => {
  const wrong: Array<Wrong> = []
  const passed: Array<Checked> = []
  for (const check of checks) {
    const why = await attempt(check, makeAround(options))
    if (why === undefined) passed.push(check)
    else wrong.push({ id: check.id, about: check.about, why })
  }
  const survivors: Array<string> = []
  for (const mutant of against) if (!(await isCaught(mutant, passed))) survivors.push(mutant.id)
  const played = new Set(checks.map(({ id }) => id))
  const rows = Rule.all.filter(({ provenance }) => provenance !== "simulator")
  return {
    rules: checks.length,
    passed: passed.length,
    failed: wrong.length,
    assumptions: Rule.all.filter(({ provenance }) => provenance === "assumed").length,
    mutants: against.length,
    killed: against.length - survivors.length,
    wrong,
    survivors,
    unplayed: rows.filter(({ id }) => !played.has(id)).map(({ id }) => id)
  }
}
