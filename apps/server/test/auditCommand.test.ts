/** `npm run audit`: what it verifies, exports and erases, and whom it names. */
import { execFile } from "node:child_process"
import { mkdtemp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { afterAll, beforeAll, describe, expect, it } from "@effect/vitest"
import type { Id } from "@portolan/domain"
import { AuditLog, Secrets, UnitOfWork } from "@portolan/ports"
import { Effect, Exit, Redacted, Result, Scope } from "effect"
import { change, company } from "../../../adapters/postgres/test/support/change.ts"
import { asSuperuser, freshDatabase } from "../../../adapters/postgres/test/support/databases.ts"
import { client } from "../../../adapters/postgres/test/support/subjects.ts"
import * as Audit from "../src/auditCommand.ts"
import * as Settings from "../src/Settings.ts"

/** Ends lines, clears a terminal, turns text around, and closes the JSON that it is in. */
const hostile = 'a\r\nb\u0085c\u2028d\u2029e\u001b[2J\u202ef\u009bg"}\\'

const events = 4

const organizationWith = (more: ReadonlyArray<AuditLog.Incident> = []) =>
  Effect.gen(function* () {
    const organizationId = yield* (yield* Secrets.Secrets).id("organization")
    const { commit } = yield* UnitOfWork.UnitOfWork
    for (let index = 0; index < events; index++) {
      const { write } = yield* company(organizationId, `Company ${index}`)
      yield* commit(change(organizationId, { writes: [write] }))
    }
    const { record } = yield* AuditLog.AuditLog
    for (const incident of more) yield* record(organizationId, incident)
    return organizationId
  })

const incident = { kind: "oauth-state-refused", subject: "amazon-ads", detail: { name: hostile } } as const

/** A database with three organizations, and the command over it. */
const make = Effect.gen(function* () {
  const { url } = yield* freshDatabase
  const here = yield* client(url)
  const settings = yield* Effect.fromResult(Settings.decode({ DATABASE_URL: Redacted.value(url) }))
  const folder = yield* Effect.acquireRelease(
    Effect.promise(() => mkdtemp(join(tmpdir(), "portolan-audit-"))),
    (made) => Effect.promise(() => rm(made, { recursive: true }))
  )
  return {
    ours: yield* here(organizationWith([incident])),
    cut: yield* here(organizationWith()),
    rewritten: yield* here(organizationWith()),
    file: (name: string) => join(folder, name),
    run: (...words: ReadonlyArray<string>) =>
      Effect.gen(function* () {
        const lines: Array<string> = []
        const options = yield* Effect.fromResult(Audit.parse(words))
        const isWell = yield* Audit.run(settings, options, { line: (text) => void lines.push(text) })
        return { isWell, lines, text: lines.join("\n") }
      }),
    asSuperuser: (work: Parameters<typeof asSuperuser<unknown>>[1]) => asSuperuser(Redacted.value(url), work)
  }
})

const scope = Scope.makeUnsafe()
let installation: Effect.Success<typeof make>
beforeAll(async () => {
  installation = await Effect.runPromise(Scope.provide(make, scope))
})
afterAll(() => Effect.runPromise(Scope.close(scope, Exit.void)))

const report = ({ lines }: { readonly lines: ReadonlyArray<string> }) => {
  expect(lines).toHaveLength(1)
  return JSON.parse(lines[0] ?? "") as {
    readonly isWell: boolean
    readonly organizations: number
    readonly erased: number
    readonly rights: ReadonlyArray<{ readonly [field: string]: unknown }>
    readonly findings: ReadonlyArray<AuditLog.Finding>
  }
}

/** An entry as a line of an export has it. */
const entryOf = (line: string) =>
  JSON.parse(line) as AuditLog.Entry & { readonly record?: { readonly detail?: string } }

describe("npm run audit", () => {
  it.live("exports one line for each entry, whatever text is in it", () =>
    Effect.gen(function* () {
      const { lines, text } = yield* installation.run("export", "--organization", installation.ours)
      expect(lines.map((line) => entryOf(line).sequence)).toEqual([1, 2, 3, 4, 5])
      expect(text.split(/\r\n|[\r\n\u0085\u2028\u2029]/)).toHaveLength(lines.length)
      // oxlint-disable-next-line no-control-regex -- what a terminal takes for a command
      expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/)
      const { record, source } = entryOf(lines[4] ?? "")
      expect([source, JSON.parse(record?.detail ?? "")]).toEqual(["security", { name: hostile }])
    })
  )

  it.live("erases one record when it is sure, keeps why, and verifies the rest", () =>
    Effect.gen(function* () {
      const { ours, run } = installation
      const erase = ["erase", "--organization", ours, "--record", "event:2", "--because", "a person asked for it"]
      const asked = yield* run(...erase)
      expect([asked.isWell, asked.text.includes("--yes")]).toEqual([false, true])
      expect(report(yield* run("verify", "--json", "--organization", ours))).toMatchObject({ isWell: true, erased: 0 })
      expect((yield* run(...erase, "--yes")).isWell).toBe(true)
      const again = yield* run(...erase, "--yes")
      expect([again.isWell, again.text]).toEqual([false, "There is no such record."])
      expect(report(yield* run("verify", "--json"))).toMatchObject({
        isWell: true,
        organizations: 3,
        erased: 1,
        findings: [],
        rights: []
      })
      const lines = (yield* run("export", "--organization", ours)).lines.map(entryOf)
      expect(lines[1]).toMatchObject({ sequence: 2, source: "event", place: 2 })
      expect(lines[1]).not.toHaveProperty("record")
      expect(lines.at(-1)).toMatchObject({
        source: "erasure",
        record: { source: "event", place: 2, because: "a person asked for it" }
      })
    })
  )

  it.live("finds a chain that was cut at its end or written anew by an earlier output, and by it alone", () =>
    Effect.gen(function* () {
      const { asSuperuser: change, cut, file, rewritten, run } = installation
      const heads = file("heads.json")
      const before = yield* run("verify", "--json")
      yield* Effect.promise(() => writeFile(heads, before.text))
      expect((yield* run("verify", "--against", heads)).isWell).toBe(true)
      yield* change(async (sql) => {
        await sql`delete from portolan.events where organization_id = ${cut} and position = ${events}`
        await sql`delete from portolan.audit_chain where organization_id = ${cut} and sequence = ${events}`
        await sql`update portolan.histories set position = ${events - 1} where organization_id = ${cut}`
        await sql`update portolan.audit_heads h set sequence = c.sequence, link = c.link from portolan.audit_chain c
          where h.organization_id = ${cut} and c.organization_id = ${cut} and c.sequence = ${events - 1}`
        await sql`update portolan.events set at = at + 1 where organization_id = ${rewritten} and position = 2`
        await sql`delete from portolan.audit_chain where organization_id = ${rewritten}`
        await sql`delete from portolan.audit_heads where organization_id = ${rewritten}`
        await sql`select portolan.audit_append(${rewritten}, 'event', array_agg(e.position order by e.position),
            array_agg(portolan.audit_digest_event(e) order by e.position))
          from portolan.events e where organization_id = ${rewritten}`
      })
      expect(report(yield* run("verify", "--json"))).toMatchObject({ isWell: true, findings: [] })
      const after = report(yield* run("verify", "--json", "--against", heads))
      const found = after.findings.map(({ detail, fault, organizationId, row }) => [organizationId, fault, row, detail])
      expect([after.isWell, found.toSorted()]).toEqual([
        false,
        [
          [cut, "head-differs", "4", "the entry of the earlier output is gone"],
          [
            rewritten,
            "head-differs",
            "4",
            "the entry is another one than in the earlier output: the chain was written anew"
          ]
        ].toSorted()
      ])
      const words = yield* run("verify", "--against", heads, "--organization", cut)
      expect([words.isWell, words.lines.at(-1)]).toEqual([false, "1 findings."])
      for (const text of ["", "[]", '{"heads":[{"organizationId":"x","sequence":1,"link":""}]}']) {
        yield* Effect.promise(() => writeFile(file("odd.json"), text))
        const refused = yield* Effect.flip(run("verify", "--against", file("odd.json")))
        expect(refused).toMatchObject({ _tag: "HeadsUnreadable" })
        expect(refused.message).toContain("odd.json")
      }
    })
  )

  it.live("names who may change what is on record, and takes it from the role of the application", () =>
    Effect.gen(function* () {
      const { asSuperuser: grant, run } = installation
      // As a process of a version before the audit log does when it is started again.
      yield* grant(async (sql) => {
        await sql`grant select, insert, update, delete on all tables in schema portolan to portolan_app`
        await sql`grant update (event) on portolan.events to public`
      })
      const first = report(yield* run("verify", "--json"))
      expect(first.isWell).toBe(false)
      const names = first.rights.map(({ isTakenAway, right, role, table }) =>
        [role, table, right, isTakenAway].join(" ")
      )
      expect(names).toEqual(
        expect.arrayContaining([
          "PUBLIC events update false",
          "portolan_app events update true",
          "portolan_app events delete true",
          "portolan_app token_reads delete true",
          "portolan_app audit_heads update true",
          "portolan_app audit_chain insert true"
        ])
      )
      expect(names.filter((name) => /portolan_app (events|token_reads|security_events) insert/.test(name))).toEqual([])
      const second = yield* run("verify")
      expect([second.isWell, second.lines.slice(1)]).toEqual([
        false,
        [
          "PUBLIC has the right to update on events, which nobody may have: " +
            "revoke update on portolan.events from PUBLIC;",
          "Nothing was altered, though it could have been."
        ]
      ])
      yield* grant((sql) => sql.unsafe("revoke update on portolan.events from PUBLIC"))
      const third = yield* run("verify")
      expect([third.isWell, third.lines.at(-1)]).toEqual([true, "Nothing was altered."])
    })
  )

  it("says what it understands when words are wrong, and ends with 1", async () => {
    const organization = "org_00000000000000000000000001" as Id.OrganizationId
    for (const words of [
      [],
      ["verify", "export"],
      ["verify", "--organization", "org_1"],
      ["verify", "--against"],
      ["verify", "--unknown", "x"],
      ["export"],
      ["erase", "--organization", organization, "--record", "event:x", "--because", "law"],
      ["erase", "--organization", organization, "--record", "company:1", "--because", "law"],
      ["erase", "--organization", organization, "--record", "event:1", "--because", " "]
    ]) {
      const parsed = Audit.parse(words)
      expect(Result.isFailure(parsed) && parsed.failure.message, words.join(" ")).toContain(Audit.usage)
    }
    const program = fileURLToPath(new URL("../src/audit.ts", import.meta.url))
    const ended = await new Promise<{ readonly code: unknown; readonly out: string; readonly err: string }>((resolve) =>
      execFile(process.execPath, [program, "verify", "everything"], (error, out, err) =>
        resolve({ code: error?.code ?? 0, out, err })
      )
    )
    expect(ended).toMatchObject({ code: 1, out: "" })
    expect(ended.err).toContain(Audit.usage)
  })
})
