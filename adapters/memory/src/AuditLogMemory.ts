/**
 * What is on record beside the history, in memory. There is no chain, because nobody but this program has hold of the
 * records: a verification counts them.
 */
import { AuditLog } from "@portolan/ports"
import { DateTime, Duration, Effect, HashMap, Layer, Stream } from "effect"
import { Memory, read, tenant, withTenant, write } from "./Memory.ts"
import { paged } from "./paged.ts"

type Port = AuditLog.AuditLog["Service"]

const byId = { key: ({ id }: { readonly id: number }) => [id, String(id)] as const, descending: true }

const tokenReads = (memory: Memory["Service"]): Port["tokenReads"] =>
  Effect.fn("AuditLog.tokenReads")(function* (organizationId, { connectionId, reference }, page) {
    const all = yield* read(memory, (contents) => tenant(contents, organizationId).tokenReads)
    const found = all.filter(
      (one) =>
        (reference === undefined || one.reference === reference) &&
        (connectionId === undefined || (one.connectionId ?? connectionId) === connectionId)
    )
    const name = [organizationId, "token-reads", reference ?? null, connectionId ?? null]
    return yield* paged<AuditLog.TokenRead>({ key: memory.cursorKey, name, page }, found, byId)
  })

const securityEvents = (memory: Memory["Service"]): Port["securityEvents"] =>
  Effect.fn("AuditLog.securityEvents")(function* (organizationId, page) {
    const found = yield* read(memory, (contents) => tenant(contents, organizationId).securityEvents)
    const name = [organizationId, "security-events"]
    return yield* paged<AuditLog.SecurityEvent>({ key: memory.cursorKey, name, page }, found, byId)
  })

const minuteOf = (at: DateTime.Utc): number => Math.floor(DateTime.toEpochMillis(at) / Duration.toMillis("1 minute"))

const record = (memory: Memory["Service"]): Port["record"] =>
  Effect.fn("AuditLog.record")(function* (organizationId, incident) {
    const at = yield* DateTime.now
    yield* write(memory, (contents) => {
      const own = tenant(contents, organizationId)
      const isThere = own.securityEvents.some(
        (one) => one.kind === incident.kind && one.subject === incident.subject && minuteOf(one.at) === minuteOf(at)
      )
      if (isThere) return [undefined, contents]
      const securityEvents = [...own.securityEvents, { ...incident, id: own.securityEvents.length + 1, at }]
      return [undefined, withTenant(contents, organizationId, { ...own, securityEvents })]
    })
  })

const seal = (memory: Memory["Service"]): Port["seal"] =>
  Effect.gen(function* () {
    const before = DateTime.subtractDuration(yield* DateTime.now, "1 minute")
    return yield* write(memory, (contents) => {
      let sealed = 0
      const tenants = HashMap.map(contents.tenants, (own) => ({
        ...own,
        tokenReads: own.tokenReads.map((one) => {
          if (one.isSealed || DateTime.isGreaterThanOrEqualTo(one.at, before)) return one
          sealed += 1
          return { ...one, isSealed: true }
        })
      }))
      return [sealed, { ...contents, tenants }]
    })
  })

const verify = (memory: Memory["Service"]): Port["verify"] =>
  Effect.fn("AuditLog.verify")(function* (organizationId) {
    const { events, securityEvents, tokenReads } = yield* read(memory, (contents) => tenant(contents, organizationId))
    return {
      head: { organizationId, sequence: events.length, link: "" },
      events: events.length,
      tokenReads: tokenReads.filter(({ isSealed }) => isSealed).length,
      unsealedReads: tokenReads.filter(({ isSealed }) => !isSealed).length,
      securityEvents: securityEvents.length,
      erased: 0,
      findings: []
    }
  })

const entries =
  (memory: Memory["Service"]): Port["entries"] =>
  (organizationId, after = 0) =>
    Stream.unwrap(
      Effect.map(
        read(memory, (contents) => tenant(contents, organizationId).events),
        (events) =>
          Stream.fromIterable(
            events
              .slice(after)
              .map((record, index): AuditLog.Entry => ({
                sequence: after + index + 1,
                source: "event",
                place: record.position,
                digest: "",
                link: "",
                record
              }))
          )
      )
    )

/** Over `Memory`. */
export const layer: Layer.Layer<AuditLog.AuditLog, never, Memory> = Layer.effect(
  AuditLog.AuditLog,
  Effect.map(Memory, (memory) =>
    AuditLog.AuditLog.of({
      tokenReads: tokenReads(memory),
      securityEvents: securityEvents(memory),
      record: record(memory),
      seal: seal(memory),
      organizations: read(memory, ({ tenants }) => [...HashMap.keys(tenants)]),
      verify: verify(memory),
      entries: entries(memory)
    })
  )
)
