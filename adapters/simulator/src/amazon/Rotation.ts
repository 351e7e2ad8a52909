/**
 * Secrets of applications: Amazon makes a new one, accepts the one before for seven more days, and sends both dates and
 * the new secret to a queue (https://github.com/amzn/selling-partner-api-samples, use-cases/auth-lifecycle-management).
 */
import type { Call } from "../core/Call.ts"
import { refuse } from "../core/Call.ts"
import * as Credentials from "../core/Credentials.ts"
import * as Quota from "../core/Quota.ts"
import * as Random from "../core/Random.ts"
import * as Wire from "../core/Wire.ts"
import type { Application, QueueMessage, World } from "../core/World.ts"
import * as World_ from "../core/World.ts"

const dayMillis = 86_400_000
/** How long a secret lives, and how long the one before lives on. */
const lifeDays = 180
const overlapDays = 7

/** The next client secret of an application, in the provider's shape. */
export const secret = (world: World, clientId: string): string => {
  const serial = World_.count(world, `secret/${clientId}`)
  return `amzn1.oa2-cs.v1.${Random.digest(world.seed, `secret/${clientId}/${serial}`).toString("hex")}`
}

const iso = (at: number): string => new Date(at).toISOString()

/** Most messages that the queue keeps; the oldest go first. */
const queueLimit = 100

const send = (world: World, message: QueueMessage): void => {
  world.queue = [...(world.queue ?? []), message].slice(-queueLimit)
}

/** Makes a new secret; the one before is accepted until an instant. `endsAt` is the end of the new one; null: never. */
export const renew = (world: World, application: Application, until: number, endsAt: number | null): void => {
  application.previousSecret = { secret: application.clientSecret, until }
  application.clientSecret = secret(world, application.clientId)
  application.secretExpiresAt = endsAt
}

/** Sets when the secret of an application ends, and announces it. */
export const announceEnd = (world: World, application: Application, endsAt: number): void => {
  application.secretExpiresAt = endsAt
  send(world, {
    notificationType: "APPLICATION_OAUTH_CLIENT_SECRET_EXPIRY",
    payload: {
      applicationOAuthClientSecretExpiry: {
        clientId: application.clientId,
        clientSecretExpiryTime: iso(endsAt),
        clientSecretExpiryReason: "PERIODIC_ROTATION"
      }
    }
  })
}

/** Whether a request is the one that asks for a new secret. */
export const isRotation = ({ method, path }: Call["request"]): boolean =>
  method === "POST" && path === "/applications/2023-11-30/clientSecret"

/** Answers it: 204 without a body. It needs a token without a grant, made for this scope. */
export const perform = (call: Call): Wire.WireReply => {
  const { note, now, request, world } = call
  note.operation = "rotateApplicationClientSecret"
  const token = request.headers["x-amz-access-token"]
  if (token === undefined || token === "") return refuse(call, "SPA-403-01")
  const access = Credentials.readAccess(world, token)
  if (access === undefined) return refuse(call, "SPA-403-03")
  if (now - access.issuedAt >= world.policy.accessTokenSeconds * 1000) return refuse(call, "SPA-403-02")
  const application = Wire.own(world.applications, access.clientId)
  if (application === undefined || !access.scope.split(" ").includes("sellingpartnerapi::client_credential:rotation"))
    return refuse(call, "SPA-403-07")
  note.application = access.clientId
  const rate = Quota.scaled(world, note.operation)
  if (rate !== undefined && !Quota.take(world, `${access.clientId}|${note.operation}`, rate, now))
    return refuse(call, "SPA-429-01")
  const oldEndsAt = Math.min(application.secretExpiresAt ?? Number.POSITIVE_INFINITY, now + overlapDays * dayMillis)
  const endsAt = now + lifeDays * dayMillis
  renew(world, application, oldEndsAt, endsAt)
  send(world, {
    notificationType: "APPLICATION_OAUTH_CLIENT_NEW_SECRET",
    payload: {
      applicationOAuthClientNewSecret: {
        clientId: application.clientId,
        newClientSecret: application.clientSecret,
        newClientSecretExpiryTime: iso(endsAt),
        oldClientSecretExpiryTime: iso(oldEndsAt)
      }
    }
  })
  return { status: 204, headers: {}, body: "" }
}
