/**
 * What becomes of a seller's account, and who is told
 * (https://developer-docs.amazon.com/sp-api/docs/notification-type-values).
 */
import { own } from "../core/Wire.ts"
import type { World } from "../core/World.ts"
import * as Worlds from "../core/World.ts"

/** How Amazon judges an account. */
export type Status = "NORMAL" | "AT_RISK" | "DEACTIVATED"

const type = "ACCOUNT_STATUS_CHANGED"
/** Most messages that the queue keeps; the oldest go first. */
const queueLimit = 100

/** Changes the status of a seller's account, and sends it to every subscription. Says how many things it touched. */
export const change = (world: World, account: string, status: Status, at: number): number => {
  const seller = own(world.sellers, account)
  const previousAccountStatus = seller?.status ?? "NORMAL"
  if (seller === undefined || previousAccountStatus === status) return 0
  seller.status = status
  seller.active = status !== "DEACTIVATED"
  const time = new Date(at).toISOString()
  for (const one of Object.values(world.notifications?.subscriptions ?? {})) {
    if (one.account !== account || one.type !== type) continue
    const message = {
      notificationVersion: "1.0",
      notificationType: type,
      payloadVersion: "2021-01-01",
      eventTime: time,
      payload: { accountStatusChangeNotification: { previousAccountStatus, currentAccountStatus: status } },
      notificationMetadata: {
        applicationId: own(world.applications, one.clientId)?.spApplicationId ?? one.clientId,
        subscriptionId: one.id,
        publishTime: time,
        notificationId: Worlds.uuid(world, "notification")
      }
    }
    world.queue = [...(world.queue ?? []), message].slice(-queueLimit)
  }
  return 1
}
