/**
 * Whom a call of a use case is about, for logs and traces: the ids of the organization and of the connection among its
 * arguments. An id is a name, never a secret, and nothing but ids is taken.
 */
import { Id } from "@portolan/domain"
import { Effect, References, Schema } from "effect"

/** Ids by the name that logs and traces give them. */
export type Subject = { readonly organizationId?: string; readonly connectionId?: string }

const isOrganization = Schema.is(Id.OrganizationId)
const isConnection = Schema.is(Id.ConnectionId)

const idsIn = (argument: unknown): Subject => {
  if (typeof argument === "string") {
    if (argument.startsWith("con_")) return isConnection(argument) ? { connectionId: argument } : {}
    return argument.startsWith("org_") && isOrganization(argument) ? { organizationId: argument } : {}
  }
  if (typeof argument !== "object" || argument === null) return {}
  const organizationId: unknown = "organizationId" in argument ? argument.organizationId : undefined
  const connectionId: unknown = "connectionId" in argument ? argument.connectionId : undefined
  return {
    ...(typeof organizationId === "string" && isOrganization(organizationId) ? { organizationId } : {}),
    ...(typeof connectionId === "string" && isConnection(connectionId) ? { connectionId } : {})
  }
}

/** The ids among arguments. */
export const subjectOf = (args: ReadonlyArray<unknown>): Subject => Object.assign({}, ...args.map(idsIn))

/**
 * Adds the ids among arguments to every log line and span of an effect. Where a caller has added the same ids, and
 * while no spans are made, there is less to do or nothing.
 */
export const about = <A, E, R>(args: ReadonlyArray<unknown>, effect: Effect.Effect<A, E, R>) => {
  const ids = Object.entries(subjectOf(args))
  if (ids.length === 0) return effect
  return Effect.withFiber((fiber) => {
    const known = fiber.getRef(References.CurrentLogAnnotations)
    if (ids.every(([name, id]) => known[name] === id)) return effect
    const subject = Object.fromEntries(ids)
    const logged = Effect.annotateLogs(effect, subject)
    return fiber.cache.tracerEnabled ? Effect.annotateSpans(logged, subject) : logged
  })
}
