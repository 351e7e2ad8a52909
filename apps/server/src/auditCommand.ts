/**
 * `npm run audit`: verifies that nothing on record was altered and that nobody has the right to, exports what is on
 * record, and erases what the law wants erased.
 */
import { readFile } from "node:fs/promises"
import { Id } from "@portolan/domain"
import { Audit, AuditLog } from "@portolan/ports"
import { AuditLogPostgres, Store } from "@portolan/postgres"
import { Effect, Layer, Redacted, Schema, Stream } from "effect"
import type { Action, Options } from "./auditWords.ts"
import { database } from "./layers.ts"
import type { Settings } from "./Settings.ts"

export { parse, UnknownAction, usage } from "./auditWords.ts"

/** The file of earlier heads is not what `verify --json` writes. */
export class HeadsUnreadable extends Schema.TaggedError<HeadsUnreadable>()("HeadsUnreadable", { file: Schema.String }) {
  override get message(): string {
    return `'${this.file}' is not an output of: npm run audit -- verify --json`
  }
}

/** Where the command writes to. */
export interface Output {
  /** A line of the result. */
  readonly line: (text: string) => void
}

/** A right to change what is on record that somebody had when the verification began. */
interface ExcessRight extends AuditLogPostgres.Right {
  /** Whether it was taken away when the database was opened, as it is at each start of the program. */
  readonly isTakenAway: boolean
}

/** What `verify --json` writes. */
interface Report {
  readonly isWell: boolean
  /** Who could have changed what is on record, beside superusers; nobody should. */
  readonly rights: ReadonlyArray<ExcessRight>
  readonly organizations: number
  readonly events: number
  readonly tokenReads: number
  readonly unsealedReads: number
  readonly securityEvents: number
  readonly erased: number
  readonly findings: ReadonlyArray<AuditLog.Finding>
  readonly heads: ReadonlyArray<AuditLog.Head>
}

const sum = (all: ReadonlyArray<AuditLog.Verified>, of: (one: AuditLog.Verified) => number): number =>
  all.reduce((total, one) => total + of(one), 0)

const reportOf = (
  all: ReadonlyArray<AuditLog.Verified>,
  more: ReadonlyArray<AuditLog.Finding>,
  rights: ReadonlyArray<ExcessRight>
): Report => {
  const findings = [...all.flatMap((one) => one.findings), ...more]
  return {
    isWell: findings.length === 0 && rights.length === 0,
    rights,
    organizations: all.length,
    events: sum(all, (one) => one.events),
    tokenReads: sum(all, (one) => one.tokenReads),
    unsealedReads: sum(all, (one) => one.unsealedReads),
    securityEvents: sum(all, (one) => one.securityEvents),
    erased: sum(all, (one) => one.erased),
    findings,
    heads: all.map(({ head }) => head)
  }
}

const Heads = Schema.fromJsonString(
  Schema.Struct({
    heads: Schema.Array(Schema.Struct({ organizationId: Id.OrganizationId, sequence: Schema.Int, link: Schema.String }))
  })
)

const headsOf = (file: string) =>
  Effect.tryPromise({ try: () => readFile(file, "utf8"), catch: () => new HeadsUnreadable({ file }) }).pipe(
    Effect.flatMap((text) => Effect.mapError(Schema.decodeEffect(Heads)(text), () => new HeadsUnreadable({ file }))),
    Effect.map(({ heads }) => heads)
  )

type Log = AuditLog.AuditLog["Service"]

/** Compares a head of before with the entry that is there now. */
const compareHead = Effect.fnUntraced(function* (log: Log, { link, organizationId, sequence }: AuditLog.Head) {
  if (sequence === 0) return []
  const entry = yield* log.entries(organizationId, sequence - 1).pipe(Stream.take(1), Stream.runCollect)
  const [found] = entry
  if (found?.sequence === sequence && found.link === link) return []
  const detail =
    found?.sequence === sequence
      ? "the entry is another one than in the earlier output: the chain was written anew"
      : "the entry of the earlier output is gone"
  return [{ organizationId, fault: "head-differs", table: "audit_chain", row: String(sequence), detail } as const]
})

type Rights = ReadonlyArray<AuditLogPostgres.Right>

const isSame = (one: AuditLogPostgres.Right) => (other: AuditLogPostgres.Right) =>
  one.role === other.role && one.table === other.table && one.right === other.right

const rightSentence = ({ isTakenAway, right, role, table }: ExcessRight): string =>
  isTakenAway
    ? `${role} had the right to ${right} on ${table}, which nobody may have; it is taken away now.`
    : `${role} has the right to ${right} on ${table}, which nobody may have: ` +
      `revoke ${right} on portolan.${table} from ${role};`

const writeReport = (report: Report, { line }: Output): void => {
  line(
    `${report.events} events, ${report.tokenReads} reads of tokens and ${report.securityEvents} security events of ` +
      `${report.organizations} organizations are compared with their chains; ${report.unsealedReads} reads are not ` +
      `on one yet, and ${report.erased} records were erased by law.`
  )
  for (const { detail, fault, organizationId: id, row, table } of report.findings) {
    line(`${id} ${table} ${row}: ${fault}, ${detail}`)
  }
  for (const right of report.rights) line(rightSentence(right))
  if (report.findings.length > 0) line(`${report.findings.length} findings.`)
  else line(report.isWell ? "Nothing was altered." : "Nothing was altered, though it could have been.")
}

/** What a verification works with. */
interface Verification {
  readonly log: Log
  /** The rights that were there before the database was opened for work. */
  readonly before: Rights
  readonly json: boolean
  readonly output: Output
}

const verify = Effect.fnUntraced(function* (
  { before, json, log, output }: Verification,
  { against, organizationId }: Extract<Action, { readonly _tag: "verify" }>
) {
  const heads = against === undefined ? [] : yield* headsOf(against)
  const ids = organizationId === undefined ? yield* log.organizations : [organizationId]
  const all: Array<AuditLog.Verified> = []
  for (const id of ids) all.push(yield* log.verify(id))
  const compared = heads.filter((head) => organizationId === undefined || head.organizationId === organizationId)
  const altered = (yield* Effect.forEach(compared, (head) => compareHead(log, head))).flat()
  const after = before.length === 0 ? [] : yield* AuditLogPostgres.rights
  const report = reportOf(
    all,
    altered,
    before.map((right) => ({ ...right, isTakenAway: !after.some(isSame(right)) }))
  )
  if (json) output.line(JSON.stringify(report))
  else writeReport(report, output)
  return report.isWell
})

const exportAll = ({ entries }: Log, organizationId: Id.OrganizationId, { line }: Output) =>
  Effect.as(
    Stream.runForEach(entries(organizationId), (entry) => Effect.sync(() => line(Audit.jsonLine(entry)))),
    true
  )

const erase = Effect.fnUntraced(function* (
  { erasure, isSure }: Extract<Action, { readonly _tag: "erase" }>,
  json: boolean,
  { line }: Output
) {
  if (!isSure) {
    line(
      `This takes ${erasure.source} ${erasure.place} of ${erasure.organizationId} away, for ever. Its digest, the ` +
        "reason and the instant stay on record. Add --yes to do it."
    )
    return false
  }
  const isDone = yield* AuditLogPostgres.erase(erasure)
  if (json) line(JSON.stringify({ ...erasure, erased: isDone }))
  else line(isDone ? "The record is gone; its entry says so." : "There is no such record.")
  return isDone
})

/** The audit log over a database. Lists are not read, so no cursor counts. */
const auditLog = AuditLogPostgres.layer({
  cursorSecret: Redacted.make("no list is read by this command, so any will do")
}).pipe(Layer.provideMerge(Store.layer))

/** Carries the command out. Says whether all is well. */
export const run = Effect.fn("audit")(function* (settings: Settings, { action, json }: Options, output: Output) {
  return yield* Effect.gen(function* () {
    const before = action._tag === "verify" ? yield* AuditLogPostgres.rights : []
    return yield* Effect.gen(function* () {
      const log = yield* AuditLog.AuditLog
      switch (action._tag) {
        case "verify":
          return yield* verify({ before, json, log, output }, action)
        case "export":
          return yield* exportAll(log, action.organizationId, output)
        case "erase":
          return yield* erase(action, json, output)
      }
    }).pipe(Effect.provide(auditLog))
  }).pipe(Effect.provide(database(settings)))
})
