/** The Marketplace application and the Connect partner of this installation, for the care of their secrets. */
import type { Applications } from "@portolan/ports"
import { Transport } from "@portolan/wire"
import { Effect } from "effect"
import type { HttpClient } from "effect/http"
import { readKey, UnusableKey } from "./readKey.ts"
import * as Settings from "./Settings.ts"
import * as Token from "./Token.ts"

/** The market that a secret is tried in; the application is the same in all of them. */
const market = "us"

/** Tries a secret by asking for a token of our own, which concerns no seller. */
const attempt =
  (
    transport: Token.WalmartTransport,
    application: Settings.MarketplaceApplication
  ): Applications.Application["attempt"] =>
  ({ secret }) => {
    const client: Token.Client = { application: { ...application, clientSecret: secret }, market }
    return Token.spend(transport, client, "own", { fields: { grant_type: "client_credentials" }, secrets: [] }).pipe(
      Effect.match({
        onSuccess: () => ({ outcome: "accepted", detail: "" }) as const,
        onFailure: (failure) => {
          const outcome = failure._tag === "ApplicationRejected" ? ("refused" as const) : ("unclear" as const)
          return { outcome, detail: failure.detail }
        }
      })
    )
  }

/**
 * Walmart has no call that tries a key alone, so only its form is judged: the first request with it tells the rest, and
 * one that is refused is sent with the key before.
 */
const attemptKey = ({ label, secret }: Applications.Credential): Effect.Effect<Applications.TestResult> =>
  Effect.sync(() => {
    try {
      readKey(secret)
      return { outcome: "unclear", detail: `the first request tells whether version ${label ?? "1"} is uploaded` }
    } catch (error) {
      if (error instanceof UnusableKey) return { outcome: "refused", detail: error.detail }
      throw error
    }
  })

/**
 * The applications of the settings. The secret of a Connect partner is its private key, and the label of it the version
 * under which the public half is uploaded; its token is given once and stays in the settings.
 */
export const make = (given: Settings.Given, client: HttpClient.HttpClient): ReadonlyArray<Applications.Application> => {
  const settings = Settings.resolve(given)
  const { assumptions, marketplace } = settings
  const { connect } = given
  const life = { lifeDays: assumptions.secretDays, overlapDays: assumptions.secretOverlapDays }
  return [
    ...(marketplace === undefined
      ? []
      : [
          {
            id: Settings.applicationId(marketplace),
            name: "walmart-marketplace",
            clientId: marketplace.clientId,
            channels: ["walmart-marketplace"],
            given: { secret: marketplace.clientSecret },
            ...life,
            attempt: attempt(Transport.make(settings, client), marketplace)
          }
        ]),
    ...(connect === undefined
      ? []
      : [
          {
            id: Settings.partnerId(connect),
            name: "walmart-connect",
            clientId: connect.consumerId,
            channels: ["walmart-connect"],
            given: Settings.givenKey(connect),
            // A key has no end, and both versions are accepted while both are uploaded.
            lifeDays: null,
            overlapDays: null,
            attempt: attemptKey
          }
        ])
  ]
}
