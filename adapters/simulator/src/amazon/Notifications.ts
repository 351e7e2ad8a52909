/**
 * Notifications: where an application has them sent, and to what a seller's consent subscribed it
 * (https://developer-docs.amazon.com/sp-api/docs/notifications-api-v1-reference). Messages stand in the developer's
 * queue, `GET /_sim/queue`.
 */
import type { Call } from "../core/Call.ts"
import { refuse } from "../core/Call.ts"
import type { WireReply } from "../core/Wire.ts"
import * as Wire from "../core/Wire.ts"
import type { Application, Destination, Notifications, Subscription, World } from "../core/World.ts"
import * as Worlds from "../core/World.ts"
import type { Input } from "../describe/check.ts"
import * as Kept from "../describe/kept.ts"
import * as Own from "../describe/own.ts"
import type { Partner } from "./Partner.ts"
import type { SpOperation } from "./SpOperation.ts"

/** Types that this world sends; a subscription to another would wait for ever. */
const types: ReadonlySet<string> = new Set(["ACCOUNT_STATUS_CHANGED"])
const payloadVersions: Readonly<Record<string, string>> = { ACCOUNT_STATUS_CHANGED: "2021-01-01" }

const bad = (call: Call, why: string): WireReply => refuse(call, "SPA-400-01", why)

/** What a world has of them; kept from the first one on. */
const kept = (world: World): Notifications => {
  world.notifications ??= { destinations: {}, subscriptions: {} }
  return world.notifications
}

const read = ({ notifications }: World): Notifications => notifications ?? { destinations: {}, subscriptions: {} }

const showDestination = ({ id, name, resource }: Destination) => ({ destinationId: id, name, resource })

type DestinationOrder = {
  readonly name: string
  readonly resourceSpecification: {
    readonly sqs?: { readonly arn: string }
    readonly eventBridge?: { readonly accountId: string; readonly region: string }
  }
}

const createDestination = (call: Call, application: Application, { body }: Input): WireReply => {
  const { name, resourceSpecification } = body as DestinationOrder
  const { eventBridge, sqs } = resourceSpecification
  if ((eventBridge === undefined) === (sqs === undefined))
    return bad(call, "resourceSpecification takes sqs or eventBridge")
  const { destinations } = kept(call.world)
  const same = Object.values(destinations).some((one) => one.clientId === application.clientId && one.name === name)
  if (same) return bad(call, "a destination of this name exists")
  const id = Worlds.uuid(call.world, "destination")
  const resource =
    sqs === undefined
      ? { eventBridge: { name: `aws.partner/sellingpartnerapi.amazon.com/${id}`, ...eventBridge } }
      : { sqs }
  const made: Destination = { id, name, resource, clientId: application.clientId }
  destinations[id] = made
  return Wire.json(200, { payload: showDestination(made) })
}

const ownDestination = (call: Call, { clientId }: Pick<Application, "clientId">, id: string | undefined) => {
  const found = Wire.own(read(call.world).destinations, id)
  return found?.clientId === clientId ? found : undefined
}

const listDestinations = (call: Call, { clientId }: Application): WireReply =>
  Wire.json(200, {
    payload: Object.values(read(call.world).destinations)
      .filter((one) => one.clientId === clientId)
      .map(showDestination)
  })

const getDestination = (call: Call, application: Application, { path }: Input): WireReply => {
  const found = ownDestination(call, application, path.destinationId)
  return found === undefined
    ? refuse(call, "SPA-404-01", "destinationId")
    : Wire.json(200, { payload: showDestination(found) })
}

const deleteDestination = (call: Call, application: Application, { path }: Input): WireReply => {
  const found = ownDestination(call, application, path.destinationId)
  if (found === undefined) return refuse(call, "SPA-404-01", "destinationId")
  const inUse = Object.values(read(call.world).subscriptions).some((one) => one.destinationId === found.id)
  if (inUse) return bad(call, "the destination has subscriptions")
  delete kept(call.world).destinations[found.id]
  return Wire.json(200, {})
}

const showSubscription = ({ destinationId, id, payloadVersion }: Subscription) => ({
  subscriptionId: id,
  payloadVersion,
  destinationId
})

/** A type that the provider has and this world does not send is refused as not simulated. */
const refuseType = (call: Call, type: string): WireReply | undefined =>
  types.has(type) ? undefined : refuse(call, "SPA-400-03", `notification type ${type.slice(0, 80)}`)

const of = (call: Call, partner: Partner, type: string): Subscription | undefined =>
  Object.values(read(call.world).subscriptions).find(
    (one) => one.account === partner.account.id && one.clientId === partner.clientId && one.type === type
  )

const subscribe = (call: Call, partner: Partner, { body, path }: Input): WireReply => {
  const { notificationType: type = "" } = path
  const { destinationId, payloadVersion } = body as { readonly destinationId: string; readonly payloadVersion: string }
  const refused = refuseType(call, type)
  if (refused !== undefined) return refused
  if (payloadVersion !== payloadVersions[type] && payloadVersion !== "1.0") return bad(call, "payloadVersion")
  if (ownDestination(call, partner, destinationId) === undefined) return bad(call, "destinationId")
  if (of(call, partner, type) !== undefined) return bad(call, "a subscription to this type exists")
  const id = Worlds.uuid(call.world, "subscription")
  const { clientId } = partner
  const made: Subscription = { id, type, destinationId, payloadVersion, account: partner.account.id, clientId }
  kept(call.world).subscriptions[id] = made
  return Wire.json(200, { payload: showSubscription(made) })
}

const getSubscription = (call: Call, partner: Partner, { path }: Input): WireReply => {
  const { notificationType: type = "" } = path
  const found = of(call, partner, type)
  return (
    refuseType(call, type) ??
    (found === undefined
      ? refuse(call, "SPA-404-01", "notificationType")
      : Wire.json(200, { payload: showSubscription(found) }))
  )
}

const byId = (call: Call, { clientId }: Application, path: Input["path"]): Subscription | undefined => {
  const found = Wire.own(read(call.world).subscriptions, path.subscriptionId)
  return found?.clientId === clientId && found.type === path.notificationType ? found : undefined
}

const getById = (call: Call, application: Application, { path }: Input): WireReply => {
  const found = byId(call, application, path)
  return found === undefined
    ? refuse(call, "SPA-404-01", "subscriptionId")
    : Wire.json(200, { payload: showSubscription(found) })
}

const deleteById = (call: Call, application: Application, { path }: Input): WireReply => {
  const found = byId(call, application, path)
  if (found === undefined) return refuse(call, "SPA-404-01", "subscriptionId")
  delete kept(call.world).subscriptions[found.id]
  return Wire.json(200, {})
}

const grantless = { kind: "grantless", scope: "sellingpartnerapi::notifications" } as const
const ofPartner = { kind: "any", roles: [] } as const
const arn = { type: "string", pattern: "^arn:aws:sqs:\\S+:\\S+:\\S+", maxLength: 1000 }

const destinationSchema = Own.fields({
  name: { type: "string", minLength: 1, maxLength: 256 },
  resourceSpecification: Own.fields({
    "sqs?": Own.fields({ arn }),
    "eventBridge?": Own.fields({ accountId: Own.text, region: Own.text })
  })
})

const subscriptionSchema = Own.fields({
  destinationId: Own.text,
  payloadVersion: Own.text,
  "processingDirective?": Kept.unmodelled
})

const root = "/notifications/v1"

/** Operations of the Notifications API. */
export const operations: ReadonlyArray<SpOperation> = [
  {
    ...grantless,
    described: Own.operation("createDestination", `POST ${root}/destinations`, { body: Own.json(destinationSchema) }),
    run: createDestination
  },
  { ...grantless, described: Own.operation("getDestinations", `GET ${root}/destinations`), run: listDestinations },
  {
    ...grantless,
    described: Own.operation("getDestination", `GET ${root}/destinations/{destinationId}`),
    run: getDestination
  },
  {
    ...grantless,
    described: Own.operation("deleteDestination", `DELETE ${root}/destinations/{destinationId}`),
    run: deleteDestination
  },
  {
    ...ofPartner,
    described: Own.operation("createSubscription", `POST ${root}/subscriptions/{notificationType}`, {
      body: Own.json(subscriptionSchema)
    }),
    run: subscribe
  },
  {
    ...ofPartner,
    described: Own.operation("getSubscription", `GET ${root}/subscriptions/{notificationType}`, {
      parameters: [Own.refused("payloadVersion", "a type has one version here")]
    }),
    run: getSubscription
  },
  {
    ...grantless,
    described: Own.operation("getSubscriptionById", `GET ${root}/subscriptions/{notificationType}/{subscriptionId}`),
    run: getById
  },
  {
    ...grantless,
    described: Own.operation(
      "deleteSubscriptionById",
      `DELETE ${root}/subscriptions/{notificationType}/{subscriptionId}`
    ),
    run: deleteById
  }
]
