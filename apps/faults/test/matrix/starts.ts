/** The fault of consents that begin at the marketplace: F29. */
import { type Access, type Id, Identity, type Profile } from "@portolan/domain"
import { ProviderScript } from "@portolan/memory"
import { Connecting, Grants } from "@portolan/ports"
import { Effect } from "effect"
import { choose } from "./consents.ts"
import { type Driven, process } from "./Installation.ts"
import { all, type Fault } from "./Row.ts"
import { account, countEvents, freshDigits, organization, until, US, viewOf, working } from "./walk.ts"

const channel = "amazon-sp"

/** What Seller Central opens our log-in address with. */
const startOf = (seller: string) =>
  new URLSearchParams({
    amazon_callback_uri: "https://sellercentral.amazon.com/apps/authorize/confirm/ours",
    amazon_state: "theirs",
    selling_partner_id: seller
  })

/** Goes on from a start for a connection, and comes back with a consent of the seller. */
const through = Effect.fnUntraced(function* (by: Access.Caller, connectionId: Id.ConnectionId, key: Profile.Key) {
  const connecting = yield* Connecting.Connecting
  const code = `code-${yield* freshDigits}`
  yield* (yield* ProviderScript.ProviderScript).consents(code, {
    channel,
    region: "NA",
    grantor: key.externalId,
    candidates: [ProviderScript.candidate(key)]
  })
  const query = startOf(key.externalId)
  const gone = yield* connecting.startAtMarketplace(by, { channel, query, connectionId })
  const callback = new URLSearchParams({
    state: gone.url.searchParams.get("state") ?? "",
    spapi_oauth_code: code,
    selling_partner_id: key.externalId
  })
  yield* connecting.receive(channel, callback, gone.browser)
  return yield* choose(by, gone.authorizationId, key)
})

const look = (by: Access.Caller, seller: string) =>
  Effect.flatMap(Connecting.Connecting, ({ lookAtStart }) => lookAtStart(by, channel, startOf(seller)))

const f29 = Effect.gen(function* () {
  const whole = yield* process()
  const [by, stranger] = [yield* whole(organization()), yield* whole(organization())]
  const seller = `A${yield* whole(freshDigits)}`
  const key: Profile.Key = { channel, region: "NA", marketplaceId: US, externalId: seller as Profile.ExternalId }
  const { sp } = yield* whole(account(by, `Harbour ${seller}`))
  const unknown = yield* whole(look(by, seller))
  const first = yield* whole(through(by, sp, key))
  const known = yield* whole(look(by, seller))
  const foreign = yield* whole(look(stranger, seller))
  yield* whole(through(by, sp, key))
  yield* whole(working)
  const { connection } = yield* whole(viewOf(by, sp))
  const grants = Effect.flatMap(Grants.Grants, ({ list }) => list(by, { states: ["Active"] }, { limit: 100 }))
  const active = yield* until(whole(grants), ({ items }) => items.length === 1)
  const renewed = yield* whole(countEvents(by, "Renewed", sp))
  const linked = yield* whole(countEvents(by, "Linked", sp))
  const isProven = "link" in connection && Identity.isExclusive(connection.link.identity)
  const isOther = "link" in connection && first._tag === "Finalised" && connection.link.grantId !== first.grantId
  return all(
    [unknown.renewable.length === 0, "a seller that nobody has is matched with nothing"],
    [known.renewable.map((one) => one.connection.id).join() === sp, "its renewal is matched by its proven id"],
    [foreign.renewable.length === 0, "another organization is told nothing"],
    [isProven && isOther, "the same connection lives on the new consent"],
    [linked === 1 && renewed === 1, `${linked} first link and ${renewed} renewal are on record`],
    [active.items.length === 1, `${active.items.length} consent is left`]
  )
})

/** The fault of consents that begin at the marketplace. */
export const startFaults: ReadonlyArray<Fault<Driven>> = [
  {
    id: "F29",
    fault: "A renewal starts inside Seller Central",
    expected: "Matched by selling partner id, treated as a reconnect",
    run: f29
  }
]
