/** Who calls the Selling Partner API once the token was accepted, and where that account trades. */
import { Marketplace } from "@portolan/domain"
import { Option } from "effect"
import type { Call } from "../core/Call.ts"
import { refuse } from "../core/Call.ts"
import type { WireReply } from "../core/Wire.ts"
import type { Seller, Vendor } from "../core/World.ts"

/** An admitted caller: the account whose consent the token came from. */
export type Partner = {
  readonly account: Seller | Vendor
  readonly clientId: string
  readonly roles: ReadonlyArray<string>
}

/** Checks marketplace ids of a request against region and account; a refusal, or `undefined` when all are fine. */
export const checkMarketplaces = (
  call: Call,
  partner: Pick<Partner, "account">,
  ids: ReadonlyArray<string>
): WireReply | undefined => {
  for (const id of ids) {
    const found = Option.getOrUndefined(Marketplace.find(id))
    if (found === undefined) return refuse(call, "SPA-400-01", "marketplaceIds")
    if (found.region !== partner.account.region) return refuse(call, "SPA-403-05")
    const takesPart =
      partner.account.kind === "seller"
        ? partner.account.participations.some((one) => one.marketplaceId === id && one.isParticipating)
        : partner.account.marketplaces.includes(id)
    if (!takesPart) return refuse(call, "SPA-403-11")
  }
  return undefined
}
