/**
 * Secrets of applications: Amazon makes a new one, accepts the one before for seven more days, and sends both dates and
 * the new secret to a queue (https://github.com/amzn/selling-partner-api-samples, use-cases/auth-lifecycle-management).
 */
import type { Call } from "../core/Call.ts"
import * as Random from "../core/Random.ts"
import type { WireReply } from "../core/Wire.ts"
import type { Application, QueueMessage, World } from "../core/World.ts"
import * as World_ from "../core/World.ts"
import * as Own from "../describe/own.ts"
import type { SpOperation } from "./SpOperation.ts"

const dayMillis = 86_400_000
/** How long a secret lives, and how long the one before lives on. */
const lifeDays = 180
const overlapDays = 7

/** The next client secret of an application, in the provider's shape. */
export const secret = (world: World, clientId: string): string => {
  const serial = World_.count(world, `secret/${clientId}`)
  return `amzn1.oa2-cs.v1.${Random.digest(World_.key(world), `secret/${clientId}/${serial}`).toString("hex")}`
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

const rotate = (call: Call, application: Application): WireReply => {
  const { now, world } = call
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

/** Operations of the Application Management API. */
export const operations: ReadonlyArray<SpOperation> = [
  {
    described: Own.operation("rotateApplicationClientSecret", "POST /applications/2023-11-30/clientSecret"),
    kind: "grantless",
    scope: "sellingpartnerapi::client_credential:rotation",
    run: rotate
  }
]
