/**
 * Consents that begin in Walmart's App Store: it opens the App Log-in URL, and the browser goes on to the ordinary
 * consent page (https://developer.walmart.com/us-marketplace/docs/log-in-and-authorize-app-scope). What Walmart appends
 * is not confirmed, so every parameter but the seller is passed over, and no address in it is ever followed.
 */
import { type Channel, Profile } from "@portolan/domain"
import type { ProviderApi } from "@portolan/ports"
import { Callback } from "@portolan/wire"
import type * as Settings from "./Settings.ts"

/** Total: any query gives an answer. A seller that is not named is chosen by the person. */
export const readStart =
  ({ assumptions, marketplace }: Settings.Resolved) =>
  (channel: Channel.Channel, query: URLSearchParams): ProviderApi.MarketplaceStart => {
    if (channel !== "walmart-marketplace" || marketplace === undefined) return { _tag: "NotOffered" }
    for (const name of assumptions.startSellerParameters) {
      const found = Callback.field(query, name)
      if (found.kind === "absent") continue
      return found.kind === "one" && Profile.isExternalId(found.value)
        ? { _tag: "Begun", grantor: found.value, isDraft: false }
        : { _tag: "Unacceptable", problem: "incomplete", detail: `${name} is ${problemOf(found)}` }
    }
    return { _tag: "Begun", isDraft: false }
  }

const problemOf = (found: Callback.Field): string => (found.kind === "one" ? "malformed" : found.kind)
