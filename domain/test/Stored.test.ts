/** Records outlive the release that wrote them: every shape that was ever stored is read as today's. */
import { readdirSync } from "node:fs"
import { describe, expect, it } from "@effect/vitest"
import { Aggregate, Authorization, Grant, Id, Marketplace, Stored } from "@portolan/domain"
import { Arbitrary, DateTime, Result } from "effect"
import { machines, tasks } from "../src/records/upcasters.ts"
import { type Step, take } from "../src/records/steps.ts"
import * as golden from "./support/golden.ts"
import { differences, everything, nameOf } from "./support/shapes.ts"
import { between, frozen } from "./support/values.ts"

const records = golden.goldens()

const cases = Object.entries(records).flatMap(([kind, list]) =>
  list.map((record, index) => ({ kind: kind as (typeof golden.kinds)[number], record, index }))
)

describe("golden records", () => {
  it("read as they did when they were written down", () => {
    const wrong = cases.flatMap(({ index, kind, record }) => {
      const expected = record.today ?? record.payload
      const found = golden.today(kind, frozen(record))
      return JSON.stringify(found) === JSON.stringify(expected) ? [] : [{ kind, index, expected, found }]
    })
    expect(wrong).toEqual([])
  })

  it("are there for every version of everything that is stored", () => {
    const missing = everything.flatMap((tagged) =>
      golden
        .missing(tagged, records[tagged.kind] ?? [])
        .map((version) => `no golden record of "${nameOf(tagged)}", version ${version}: npm run golden`)
    )
    expect(missing).toEqual([])
  })

  it("have a file a kind, and no other", () => {
    const files = readdirSync(new URL("golden/", import.meta.url)).toSorted()
    expect(files).toEqual([...golden.kinds.map((kind) => `${kind}.json`), "shapes.json"].toSorted())
  })

  it("tell of many shapes that today's schemas alone do not read as they are", () => {
    expect(cases.filter(({ record }) => record.today !== undefined).length).toBeGreaterThan(50)
    for (const { kind, record } of cases) {
      if (record.today === undefined) continue
      const current = everything.find((one) => one.kind === kind && one.part === record.part && one.tag === record.tag)
      expect(current === undefined ? 2 : golden.versionOf(current)).toBeGreaterThan(1)
    }
  })
})

describe("the shapes of what is stored", () => {
  it("change only together with their version", () => {
    expect(golden.problems(golden.snapshots())).toEqual([])
  })

  it("are written down as they are", () => {
    expect(golden.currentSnapshots(), "a shape changed: npm run golden").toEqual(golden.snapshots())
  })

  it("are told to have changed, field by field, with what to do", () => {
    const before = { "grant event GrantEnded": { version: 1, fields: { _tag: '"GrantEnded"', at: "string" } } }
    const changed = (fields: { readonly [path: string]: string }, version = 1) =>
      golden.problems(before, { "grant event GrantEnded": { version, fields: { _tag: '"GrantEnded"', ...fields } } })
    expect(changed({ at: "string" })).toEqual([])
    expect(changed({ at: "string", "note?": "string" })).toEqual([])
    expect(changed({ endedAt: "string" }, 2)).toEqual([])
    expect(changed({ endedAt: "string" })).toEqual([
      'You changed "grant event GrantEnded": at is gone; endedAt is new and required. Records of version 1 are stored ' +
        'with the earlier shape. Add an upcaster for "grant event GrantEnded" to domain/src/records/upcasters.ts, ' +
        "which raises its version, then run: npm run golden"
    ])
    expect(golden.problems(before, {})).toHaveLength(1)
    const second = { "grant event GrantEnded": { version: 2, fields: {} } }
    expect(golden.problems(second, before)).toHaveLength(1)
  })

  it("differ where a record would notice, and nowhere else", () => {
    const fields = { a: "string", "b?": "string", c: "A | B", "c<A>": "object", "c<A>.x": "string" }
    expect(differences(fields, fields)).toEqual([])
    expect(differences(fields, { ...fields, "d?": "object", "d?.e": "string" })).toEqual([])
    expect(differences(fields, { ...fields, c: "A | B | C", "c<C>": "object", "c<C>.y": "string" })).toEqual([])
    expect(differences(fields, { ...fields, a: "string: at most 3" })).toHaveLength(1)
    expect(differences(fields, { ...fields, "c<A>.z": "string" })).toEqual(["c<A>.z is new and required"])
    const { "b?": b, ...without } = fields
    expect(differences(fields, without)).toEqual(["b? is gone"])
    expect(differences(fields, { ...without, b })).toEqual(["b is required"])
    expect(differences({ ...without, b }, fields)).toEqual([])
  })
})

const tags = Arbitrary.map(between(0, everything.length - 1), (index) => everything[index]!)
const seeds = between(0, 1_000_000)

describe("what is written", () => {
  it.prop("says its version, and reads as it was", [tags, seeds], ([tagged, seed]) => {
    for (const stored of golden.samplesOf(tagged, 3, seed)) {
      expect(stored.schemaVersion).toBe(golden.versionOf(tagged))
      expect(golden.today(tagged.kind, { ...tagged, ...frozen(stored) })).toEqual(stored.payload)
    }
  })

  it.prop(
    "reads the same without its version, where the first upcaster is the last",
    [tags, seeds],
    ([tagged, seed]) => {
      if (golden.versionOf(tagged) > 2) return
      for (const { payload } of golden.samplesOf(tagged, 3, seed)) {
        const { part, tag } = tagged
        expect(golden.today(tagged.kind, { part, tag, payload })).toEqual(payload)
      }
    }
  )
})

describe("what cannot be read", () => {
  const at = "2028-02-27T22:30:00.000Z"
  const event = { _tag: "Proven", at }
  const failure = (stored: Stored.Stored) => {
    const read = Stored.readEvent("connection", { id: "eve_1", ...stored })
    if (Result.isSuccess(read)) throw new Error("it was read")
    expect(read.failure).toBeInstanceOf(Stored.Unreadable)
    return read.failure
  }

  it("was written by a newer release, and says to upgrade", () => {
    const newer = failure({ schemaVersion: 2, payload: event })
    expect(newer).toMatchObject({ reason: "newer-version", kind: "connection", tag: "Proven", id: "eve_1" })
    expect(newer.message).toBe(
      "The stored connection event Proven eve_1 has schema version 2, and this release reads up to version 1. " +
        "A newer release wrote it; upgrade before reading."
    )
  })

  it.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 60])("has %s for a version", (schemaVersion) => {
    expect(failure({ schemaVersion, payload: event }).reason).toBe("invalid-version")
  })

  it.each(["Absent", "valueOf", "__proto__", "constructor", "Unheard", ""])("has the tag %j", (_tag) => {
    expect(failure({ payload: { _tag, at } }).reason).toBe("unknown-tag")
    expect(Stored.readState("connection", { payload: { _tag } })).toMatchObject({ failure: { reason: "unknown-tag" } })
    expect(Stored.readTask({ payload: { _tag } })).toMatchObject({ failure: { reason: "unknown-tag" } })
  })

  it.each([null, undefined, "text", 7, [], [event], {}])("is no tagged object: %j", (payload) => {
    expect(failure({ payload }).reason).toBe("unknown-tag")
  })

  it("does not fit its schema, and says where without saying what", () => {
    const read = Stored.readEvent("connection", { payload: { _tag: "AccessNoted", at: "a secret" } })
    if (Result.isSuccess(read)) throw new Error("it was read")
    expect(read.failure).toMatchObject({ reason: "does-not-fit", path: "/at", schemaVersion: 1, current: 1 })
    expect(JSON.stringify(read.failure) + read.failure.message).not.toContain("secret")
  })

  it("is of an unknown kind, or has a broken label", () => {
    const row = {
      id: Id.make("event", 1, new Uint8Array(10)),
      organizationId: Id.installation,
      position: 1,
      aggregate: { kind: "connection", id: "con_1" },
      version: 1,
      at,
      actor: { _tag: "System", part: "worker" },
      schemaVersion: null,
      event
    }
    expect(Stored.readRecorded(row)).toMatchObject({ success: { event: { _tag: "Proven" }, position: 1 } })
    const kind = "valueOf"
    expect(Stored.readRecorded({ ...row, aggregate: { kind, id: "" } })).toMatchObject({
      failure: { reason: "unknown-kind", kind }
    })
    expect(Stored.readRecorded({ ...row, actor: {} })).toMatchObject({
      failure: { reason: "does-not-fit", path: "/actor", id: row.id }
    })
  })
})

describe("a history of the first days", () => {
  const at = DateTime.makeUnsafe("2028-02-27T22:30:00Z")
  const fold = <K extends Aggregate.Kind>(kind: K, payloads: ReadonlyArray<unknown>) => {
    const { evolve, initial } = Aggregate.machine(kind)
    return payloads
      .map((payload) => Result.getOrThrow(Stored.readEvent(kind, { payload })))
      .reduce<Aggregate.Types[K]["state"]>(evolve, initial)
  }
  /** The latest golden payload of an event that has no version, and the earliest. */
  const first = (kind: Aggregate.Kind, tag: string) => {
    const found = records[kind]?.find(
      (one) => one.part === "event" && one.tag === tag && one.schemaVersion === undefined
    )
    return found?.payload as { readonly [key: string]: unknown }
  }

  it("gives a connection the marketplace of its profile, once it is linked", () => {
    const proposed = first("connection", "ConnectionProposed")
    const linked = first("connection", "Linked")
    expect(fold("connection", [proposed])).toMatchObject({ _tag: "Proposed", marketplaceId: Marketplace.unknown })
    expect(fold("connection", [proposed, linked])).toMatchObject({ _tag: "Connected", marketplaceId: "T_TA1IAH20" })
  })

  it("gives a consent the grant that was named with it", () => {
    const started = first("authorization", "AuthorizationStarted")
    const callback = { _tag: "CallbackReceived", at: DateTime.formatIso(at) }
    const grantId = Id.make("grant", 7, new Uint8Array(10))
    const consent = { _tag: "ConsentRecorded", grantId, candidates: [], at: DateTime.formatIso(at) }
    expect(fold("authorization", [started, callback])).toMatchObject({ grantId: Id.unknownGrant })
    const state: Authorization.State = fold("authorization", [started, callback, consent])
    expect(state).toMatchObject({ _tag: "AwaitingSelection", grantId })
  })

  it("keeps what became of a consent at the provider", () => {
    const revocation = { outcome: "revoked", detail: "done" }
    const ended = { _tag: "GrantEnded", end: "disconnected", at: DateTime.formatIso(at), revocation }
    const state: Grant.State = fold("grant", [first("grant", "GrantRecorded"), ended])
    expect(state).toMatchObject({ _tag: "Ended", revocation })
  })
})

describe("upcasters", () => {
  const steps: ReadonlyArray<Step> = [
    ...Object.values(machines).flatMap(({ events, state }) => [state, ...Object.values(events)]),
    ...Object.values(tasks)
  ].flat(2)

  it("take each step once: a second time changes nothing", () => {
    for (const { kind, record } of cases) {
      const { events, state } = kind === "job" ? { events: tasks, state: [] } : machines[kind]
      const list = record.part === "state" ? state : (events[record.tag] ?? [])
      const once = list.flat().reduce(take, record.payload)
      expect(list.flat().reduce(take, once)).toBe(once)
    }
    expect(steps.length).toBeGreaterThan(10)
  })

  it("name only events and tasks that there are, or were", () => {
    const were = cases.map(({ kind, record }) => nameOf({ kind, ...record }))
    const names = new Set([...everything.map(nameOf), ...were])
    const listed = [
      ...Object.entries(machines).flatMap(([kind, { events }]) =>
        Object.keys(events).map((tag) => `${kind} event ${tag}`)
      ),
      ...Object.keys(tasks).map((tag) => `job task ${tag}`)
    ]
    expect(listed.filter((name) => !names.has(name))).toEqual([])
  })

  it("copy what they change, and nothing else", () => {
    const payload = frozen({ _tag: "A", list: [{ x: 1, kept: {} }, { y: 2 }], other: {} })
    const renamed = take(payload, { _tag: "RenameField", at: ["list", "*"], field: "x", to: "z" }) as typeof payload
    expect(renamed).toEqual({ _tag: "A", list: [{ z: 1, kept: {} }, { y: 2 }], other: {} })
    expect(renamed.other).toBe(payload.other)
    expect(renamed.list[1]).toBe(payload.list[1])
    expect(take(payload, { _tag: "DropField", at: ["list", "*"], field: "gone" })).toBe(payload)
    expect(take(payload, { _tag: "DropField", tags: ["B"], field: "other" })).toBe(payload)
    expect(take(payload, { _tag: "DropField", field: "other" })).not.toHaveProperty("other")
    expect(take(payload, { _tag: "RenameValue", field: "_tag", value: "A", to: "B" })).toHaveProperty("_tag", "B")
    expect(take(payload, { _tag: "Change", change: (value) => ({ ...value, more: 1 }) })).toHaveProperty("more", 1)
    expect(take("text", { _tag: "DefaultField", field: "x", value: 1 })).toBe("text")
  })
})
