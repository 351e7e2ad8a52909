/**
 * Whose tokens these are, by what Walmart itself answers about them: `sellerId` in a callback is a query parameter that
 * nobody signs, and the partner profile names the seller behind a token
 * (https://developer.walmart.com/us-marketplace/docs/get-partner-configurations).
 */
import type { Identity } from "@portolan/domain"
import type { ProviderApi } from "@portolan/ports"
import { Effect, Schema } from "effect"
import type { Send } from "./Seller.ts"

const PartnerProfile = Schema.Struct({
  partner: Schema.optionalKey(
    Schema.NullOr(Schema.Struct({ partnerId: Schema.optionalKey(Schema.Union([Schema.String, Schema.Number])) }))
  )
})

const unproven = (doubt: Identity.Doubt, detail: string): Identity.Answer => ({ _tag: "Unproven", doubt, detail })

/** Compares the seller that the partner profile names with the one that the consent names. */
export const seller = (send: Send) =>
  Effect.fn("WalmartApi.prove")(function* (
    access: ProviderApi.Access
  ): Effect.fn.Return<Identity.Answer, ProviderApi.CallError> {
    const answer = yield* send(access, {
      operation: "partnerProfile",
      scope: "settings",
      path: "/v3/settings/partnerprofile",
      schema: PartnerProfile,
      // Not every market has the call.
      noSuchCall: {}
    }).pipe(
      Effect.map(({ partner }) => partner?.partnerId),
      Effect.catchTag("PermissionMissing", ({ missing }) => Effect.succeed({ missing })),
      // Where it is refused it says nothing of the seller.
      Effect.catchTag("RequestRefused", () => Effect.succeed(undefined))
    )
    if (typeof answer === "object") return unproven("right-missing", answer.missing)
    if (answer === undefined || answer === "") return unproven("not-named", "the partner profile names no seller")
    return String(answer) === access.grantor
      ? { _tag: "Proven", detail: "Walmart names this seller for the consent (partner profile)" }
      : { _tag: "Contradicted", detail: "Walmart names another seller for the consent (partner profile)" }
  })

/** Advertisers are listed by Walmart itself for our partnership; no token names anybody. */
export const advertiser: Identity.Answer = {
  _tag: "Proven",
  detail: "Walmart lists this advertiser for our partnership"
}
