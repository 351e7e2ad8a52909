/** Whose tokens these are: by Amazon's own answers, in turn, and by nothing that a callback says. */
import { describe, expect, it } from "@effect/vitest"
import { ProviderApi } from "@portolan/ports"
import { Effect } from "effect"
import { access, failure, json, scripted } from "./support.ts"

const fees = (SellerId?: string) =>
  json(200, {
    payload: {
      FeesEstimateResult: { Status: "ClientError", FeesEstimateIdentifier: SellerId === undefined ? {} : { SellerId } }
    }
  })
const denied = json(403, {
  errors: [{ code: "Unauthorized", message: "Access to requested resource is denied.", details: "" }]
})
const none = json(200, { payload: { transactions: [] } })
const transaction = (sellingPartnerId: string) =>
  json(200, { payload: { transactions: [{ sellingPartnerMetadata: { sellingPartnerId } }] } })

const prove = (answers: ReadonlyArray<() => Response>, of = access("amazon-sp")) => {
  const { asked, layer } = scripted(answers)
  return Effect.gen(function* () {
    const api = yield* ProviderApi.ProviderApi
    const answer = yield* Effect.result(api.prove(of))
    return { answer, asked }
  }).pipe(Effect.provide(layer))
}

describe("a seller's id", () => {
  it.effect("is proven by the fees estimate that names it, also one that ends with an error", () =>
    Effect.gen(function* () {
      const { answer, asked } = yield* prove([fees("A1SELLER")])
      expect(answer).toMatchObject({ success: { _tag: "Proven" } })
      expect(asked.map(({ method, url }) => `${method} ${new URL(url).pathname}`)).toEqual([
        "POST /products/fees/v0/items/B000000000/feesEstimate"
      ])
    })
  )

  it.effect("is contradicted by an answer that names another seller, whatever the others would say", () =>
    Effect.gen(function* () {
      expect((yield* prove([fees("A2OTHER")])).answer).toMatchObject({ success: { _tag: "Contradicted" } })
      const late = yield* prove([denied, denied, transaction("A2OTHER")])
      expect(late.answer).toMatchObject({ success: { _tag: "Contradicted" } })
    })
  )

  it.effect("is proven by its listings or its transactions where the role for fees is missing", () =>
    Effect.gen(function* () {
      const listings = yield* prove([denied, json(200, { numberOfResults: 0, items: [] })])
      expect(listings.answer).toMatchObject({ success: { _tag: "Proven" } })
      expect(new URL(listings.asked[1]?.url ?? "").pathname).toBe("/listings/2021-08-01/items/A1SELLER")
      const transactions = yield* prove([denied, denied, transaction("A1SELLER")])
      expect(transactions.answer).toMatchObject({ success: { _tag: "Proven" } })
    })
  )

  it.effect("stays a claim without any role, and with answers that name nobody", () =>
    Effect.gen(function* () {
      expect((yield* prove([denied, denied, denied])).answer).toMatchObject({ success: { doubt: "right-missing" } })
      expect((yield* prove([fees(), denied, none])).answer).toMatchObject({ success: { doubt: "not-named" } })
    })
  )

  it.effect("is asked again when Amazon does not answer, unless another answer settles it", () =>
    Effect.gen(function* () {
      const busy = json(503, { errors: [{ code: "ServiceUnavailable", message: "busy" }] })
      expect((yield* prove([busy, denied, none])).answer).toMatchObject({ failure: { _tag: "Temporary" } })
      expect((yield* prove([busy, denied, transaction("A1SELLER")])).answer).toMatchObject({
        success: { _tag: "Proven" }
      })
    })
  )
})

it.effect("of a vendor nothing is asked, because no operation names it", () =>
  Effect.gen(function* () {
    const { answer, asked } = yield* prove([], access("amazon-sp", { accountType: "vendor", grantor: "ACMEV" }))
    expect(answer).toMatchObject({ success: { _tag: "Unproven", doubt: "not-offered" } })
    expect(asked).toEqual([])
  })
)

it.effect("a login is proven by its user profile, and a refused token is refused", () =>
  Effect.gen(function* () {
    const login = access("amazon-ads", { grantor: "amzn1.account.ADA" })
    const named = yield* prove([json(200, { user_id: "amzn1.account.ADA" })], login)
    expect(named.answer).toMatchObject({ success: { _tag: "Proven" } })
    const other = yield* prove([json(200, { user_id: "amzn1.account.EVE" })], login)
    expect(other.answer).toMatchObject({ success: { _tag: "Contradicted" } })
    const expired = json(403, {
      errors: [
        {
          code: "Unauthorized",
          message: "Access to requested resource is denied.",
          details: "The access token you provided has expired."
        }
      ]
    })
    const { layer } = scripted([expired])
    const refused = Effect.flatMap(ProviderApi.ProviderApi, (api) => api.prove(access("amazon-sp")))
    expect((yield* Effect.provide(failure(refused), layer))._tag).toBe("AccessTokenRefused")
  })
)
