/** Every mistake has a way back: the table of the README, and a walk through it. */
import { readFileSync } from "node:fs"
import { describe, expect, it } from "@effect/vitest"
import { Aggregate } from "@portolan/domain"
import { Arbitrary, Effect, Result, Schema } from "effect"
import * as commands from "./support/commands.ts"
import { stories } from "./support/Story.ts"
import { type NoUndo, undoLines, type UndoRow, undoTable } from "./support/undo.ts"

const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8")

describe("the table of what takes a mistake back", () => {
  it("names every event of every machine", () => {
    for (const [kind, { Event }] of Object.entries(Aggregate.machines)) {
      expect(Object.keys(undoTable[kind as Aggregate.Kind]).toSorted(), kind).toEqual(
        Object.keys(Event.cases).toSorted()
      )
    }
  })

  it("is the one of the README", () => {
    const [, table = ""] = /<!-- undo -->\n+([\s\S]*?)\n+<!-- \/undo -->/.exec(readme) ?? []
    const cells = (line: string) => line.split("|").map((cell) => cell.trim())
    const rows = table.split("\n").filter((line) => line.startsWith("|") && !/^\|[\s|-]*$/.test(line))
    expect(rows.map(cells)).toEqual(
      undoLines()
        .filter((line) => !line.startsWith("|---"))
        .map(cells)
    )
  })
})

const passing = new Set([
  "mailedAt",
  "looks",
  "misses",
  "seenAt",
  "notedAt",
  "since",
  "madeOwnerAt",
  "firstExpiresAt",
  "assignmentEpoch",
  "formerMarketplaces"
])

/** What matters of a state: all of it but when something was last noted, and the record of what was. */
const kept = (state: unknown): unknown => {
  if (Array.isArray(state)) return state.map(kept)
  if (typeof state !== "object" || state === null || "epochMilliseconds" in state) return state

  return Object.fromEntries(
    Object.entries(state)
      .filter(([name]) => !passing.has(name))
      .map(([name, value]) => [name, kept(value)])
  )
}

/**
 * Takes every event of every story that has one command as its undo, and looks for that command among many: one of them
 * must give the state from before back, in all that matters.
 */
const walk = <K extends Aggregate.Kind>(
  kind: K,
  { any, creation }: commands.Commands<K>,
  exact: ReadonlyArray<string>,
  length = 12
) =>
  it(`${kind}: ${exact.join(", ")}`, () => {
    const machine = Aggregate.machine(kind)
    const sample = <A>(from: Arbitrary.Arbitrary<A>, count: number, seed: number) =>
      Effect.runSync(Arbitrary.sampleEffect(from, { count, seed }))
    const tries = sample(any, 1500, 7)
    const rows: { readonly [event: string]: UndoRow | NoUndo } = undoTable[kind]
    const undone = new Map<string, boolean>()
    for (const { after, before, events } of sample(stories(kind, creation, any, length, length / 2), 400, 3).flat()) {
      const [event] = events
      if (event === undefined || events.length !== 1 || before._tag === "Absent") continue
      const row = rows[event._tag]
      if (!exact.includes(event._tag) || undone.get(event._tag) === true || row === undefined || !("undo" in row))
        continue
      if (exact.every((one) => undone.get(one) === true)) break
      const goal = JSON.stringify(kept(before))
      const isBack = tries.some((command) => {
        if (command._tag !== row.undo) return false
        const decision = machine.decide(after, command)
        if (Result.isFailure(decision)) return false
        const state = decision.success.reduce<typeof after>((next, one) => machine.evolve(next, one), after)
        return JSON.stringify(kept(state)) === goal
      })
      undone.set(event._tag, isBack || undone.get(event._tag) === true)
    }
    expect(exact.filter((event) => undone.get(event) !== true)).toEqual([])
  })

describe("what takes it back gives back what was there", () => {
  walk("organization", commands.organization, ["OrganizationRenamed", "OwnershipOffered", "ClosingScheduled"])
  walk("company", commands.company, ["CompanyRenamed", "BrandAdded", "BrandRenamed", "CompanyRemoved"])
  walk("account", commands.account, [
    "AccountRenamed",
    "BrandsAssigned",
    "AccountCompanyChanged",
    "MarketplaceAdded",
    "MarketplaceChanged",
    "AccountRemoved",
    "DeletionScheduled"
  ])
  walk("connection", commands.connection, [
    "ConnectionMoved",
    "ConnectionCompanyChanged",
    "AccessExpected",
    "SelectionAwaited",
    "ConnectionWithdrawn",
    "ConnectionPaused"
  ])
  walk("advertiser", commands.directory, ["AdvertiserAssigned"])
  walk("grant", commands.grant, ["GrantHandedOver"])
  walk(
    "consolidation",
    commands.consolidation,
    [
      "CredentialAdded",
      "CredentialCorrected",
      "ProviderAccountAdded",
      "ProviderAccountLinked",
      "AdministratorNamed",
      "SecondaryAccessGranted",
      "MainAccountChosen"
    ],
    40
  )
  walk("member", commands.member, ["MemberAccessChanged"])
})

describe("a revocation that failed", () => {
  it("is set right once it was done by hand; what the provider carried out stays", () => {
    const { decide, evolve, initial } = Aggregate.machine("grant")
    const run = (list: ReadonlyArray<Aggregate.Types["grant"]["command"]>) =>
      list.reduce<Aggregate.Types["grant"]["state"]>(
        (state, command) => Result.getOrThrow(decide(state, command)).reduce(evolve, state),
        initial
      )
    const record = Effect.runSync(Arbitrary.sampleEffect(commands.grant.creation, { count: 1, seed: 1 }))[0]!
    const at = Schema.decodeUnknownSync(Schema.DateTimeUtcFromString)("2028-01-01T00:00:00Z")
    const revocation = (outcome: "revoked" | "failed", detail: string) =>
      ({ _tag: "RecordRevocation", revocation: { outcome, detail }, at }) as const
    const end = { _tag: "End", end: "disconnected", at } as const
    const failed = run([record, end, revocation("failed", "No answer.")])
    expect(failed).toMatchObject({ revocation: { outcome: "failed" } })
    const right = run([record, end, revocation("failed", "No answer."), revocation("revoked", "By hand.")])
    expect(right).toMatchObject({ revocation: { outcome: "revoked", detail: "By hand." } })
    expect(Result.getOrThrow(decide(right, revocation("failed", "Late.")))).toEqual([])
  })
})
