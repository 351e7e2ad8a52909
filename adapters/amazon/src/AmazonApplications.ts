/**
 * The clients of this installation at Login with Amazon, for the care of their secrets: trying one, asking Amazon to
 * make a new one, and reading what Amazon says of them
 * (https://github.com/amzn/selling-partner-api-samples, use-cases/auth-lifecycle-management).
 */
import { Failure } from "@portolan/domain"
import type { Applications } from "@portolan/ports"
import { Answer, Transport } from "@portolan/wire"
import { Effect, Option, Redacted, Schema } from "effect"
import { type HttpClient, HttpClientRequest } from "effect/http"
import * as Hosts from "./Hosts.ts"
import { errorOf, judgeLwa } from "./judgeLwa.ts"
import * as Login from "./Login.ts"
import { sanitizeProviderText } from "./sanitizeProviderText.ts"
import * as Settings from "./Settings.ts"

type Test = Applications.TestResult

/** The scope of a token that may ask for a new secret; it needs no consent of anybody. */
const rotationScope = "sellingpartnerapi::client_credential:rotation"

/** Seconds until the call that makes a new secret is answered again: 0.0167 a second. */
const rotationWaitSeconds = 60

const clientCredentials = { fields: { grant_type: "client_credentials", scope: rotationScope }, secrets: [] }

/** A refresh token that nobody ever had. */
const madeUp = { fields: { grant_type: "refresh_token", refresh_token: "Atzr|none" }, secrets: [] }

/** What an answer of the token endpoint says of the client's secret, and of nothing else. */
const judgeSecret = (answer: Answer.Answer, acceptedBy: ReadonlySet<string>): Test => {
  const error = errorOf(answer)
  if (answer.status === 200) return { outcome: "accepted", detail: "" }
  const detail = sanitizeProviderText(error ?? `status ${answer.status}`)
  if (error === "invalid_client") return { outcome: "refused", detail }
  return { outcome: error !== undefined && acceptedBy.has(error) ? "accepted" : "unclear", detail }
}

/** Tries a secret: a Selling Partner application gets a token of its own, another client sends a made-up grant. */
const attempt =
  (transport: Login.AmazonTransport, clientId: string, isSellingPartner: boolean) =>
  ({ secret }: Applications.Credential): Effect.Effect<Test> => {
    const { judgesClientFirst } = transport.settings.assumptions
    const grant = isSellingPartner ? clientCredentials : madeUp
    const acceptedBy = new Set(!isSellingPartner && judgesClientFirst ? ["invalid_grant"] : [])
    return Login.request(transport, { clientId, host: Hosts.globalLogin }, secret, grant).pipe(
      Effect.map((answer) => judgeSecret(answer, acceptedBy)),
      Effect.catchTag("Temporary", ({ detail }) => Effect.succeed({ outcome: "unclear", detail } as const))
    )
  }

const ErrorBody = Schema.Struct({
  errors: Schema.NonEmptyArray(
    Schema.Struct({
      message: Schema.optionalKey(Schema.String),
      details: Schema.optionalKey(Schema.NullOr(Schema.String))
    })
  )
})

/** What the answer to the call that makes a new secret means; 204 without a body is the good one. */
const judgeRotation = (answer: Answer.Answer) => {
  if (answer.status === 204 || answer.status === 200) return Effect.void
  if (answer.status === 429) {
    const detail = "a new secret was asked for a minute ago"
    return Effect.fail(new Failure.Temporary({ detail, throttled: true, retryAfterSeconds: rotationWaitSeconds }))
  }
  const general = Answer.judgeStatus(answer, "rotateApplicationClientSecret")
  if (Option.isSome(general)) return Effect.fail(general.value)
  const error = Option.getOrUndefined(Answer.tryDecode(answer, ErrorBody))?.errors[0]
  const detail = sanitizeProviderText(error?.details ?? error?.message ?? `status ${answer.status}`)
  return Effect.fail(
    answer.status === 403 || answer.status === 401
      ? new Failure.ApplicationRejected({ detail })
      : new Failure.RequestRefused({ detail, beyondRetention: false })
  )
}

/** Asks Amazon to make a new secret. It comes as a message in the queue that was registered in the developer portal. */
const requestRotation =
  (transport: Login.AmazonTransport, { clientId, userAgent }: Settings.SpApplication) =>
  ({ secret }: Applications.Credential) =>
    Effect.gen(function* () {
      const { settings, wire } = transport
      const client = { clientId, host: Hosts.globalLogin }
      const answer = yield* Login.request(transport, client, secret, clientCredentials)
      const { accessToken } = yield* Effect.fromResult(judgeLwa(answer, "refresh")).pipe(
        Effect.catchTag("GrantRefused", ({ detail }) => Effect.fail(new Failure.ApplicationRejected({ detail })))
      )
      const host = Hosts.sellingPartner[settings.assumptions.rotationRegion]
      const request = HttpClientRequest.post(`${settings.address(host)}/applications/2023-11-30/clientSecret`).pipe(
        HttpClientRequest.acceptJson,
        HttpClientRequest.setHeaders({ "x-amz-access-token": Redacted.value(accessToken), "user-agent": userAgent })
      )
      yield* judgeRotation(yield* wire.call(request, [accessToken, secret]))
    })

const instant = Schema.DateTimeUtcFromString

/** The two messages of Amazon about a secret; other fields of them are ignored. */
const Message = Schema.Union([
  Schema.Struct({
    notificationType: Schema.Literal("APPLICATION_OAUTH_CLIENT_NEW_SECRET"),
    payload: Schema.Struct({
      applicationOAuthClientNewSecret: Schema.Struct({
        clientId: Schema.NonEmptyString,
        newClientSecret: Schema.RedactedFromValue(Schema.NonEmptyString.check(Schema.isMaxLength(2048))),
        newClientSecretExpiryTime: instant,
        oldClientSecretExpiryTime: instant
      })
    })
  }),
  Schema.Struct({
    notificationType: Schema.Literal("APPLICATION_OAUTH_CLIENT_SECRET_EXPIRY"),
    payload: Schema.Struct({
      applicationOAuthClientSecretExpiry: Schema.Struct({
        clientId: Schema.NonEmptyString,
        clientSecretExpiryTime: instant
      })
    })
  })
])
const decode = Schema.decodeUnknownOption(Message)

/** Reads a message of Amazon's; nothing when it is none about a secret. */
export const readNotice = (message: unknown): Applications.Notice | undefined => {
  const read = Option.getOrUndefined(decode(message))
  if (read === undefined) return undefined
  if (read.notificationType === "APPLICATION_OAUTH_CLIENT_SECRET_EXPIRY") {
    const { clientId, clientSecretExpiryTime } = read.payload.applicationOAuthClientSecretExpiry
    return { _tag: "Expiry", clientId, endsAt: clientSecretExpiryTime }
  }
  const said = read.payload.applicationOAuthClientNewSecret
  return {
    _tag: "NewSecret",
    clientId: said.clientId,
    secret: said.newClientSecret,
    endsAt: said.newClientSecretExpiryTime,
    previousEndsAt: said.oldClientSecretExpiryTime
  }
}

/** The applications of the settings. One client that serves both channels is one application with one secret. */
export const make = (given: Settings.Given, client: HttpClient.HttpClient): ReadonlyArray<Applications.Application> => {
  const settings = Settings.resolve(given)
  const transport: Login.AmazonTransport = Transport.make(settings, client)
  const { ads, assumptions, sp } = settings
  const { adsSecretDays, secretOverlapDays, spSecretDays } = assumptions
  const common = ({ clientId, clientSecret }: Settings.AdsApplication) => ({
    id: Settings.applicationId({ clientId }),
    clientId,
    given: { secret: clientSecret },
    overlapDays: secretOverlapDays
  })
  const isShared = ads !== undefined && sp !== undefined && ads.clientId === sp.clientId
  return [
    ...(sp === undefined
      ? []
      : [
          {
            ...common(sp),
            name: "amazon-sp",
            channels: isShared ? ["amazon-sp", "amazon-ads"] : ["amazon-sp"],
            lifeDays: spSecretDays,
            attempt: attempt(transport, sp.clientId, true),
            requestRotation: requestRotation(transport, sp)
          }
        ]),
    ...(ads === undefined || isShared
      ? []
      : [
          {
            ...common(ads),
            name: "amazon-ads",
            channels: ["amazon-ads"],
            lifeDays: adsSecretDays,
            attempt: attempt(transport, ads.clientId, false)
          }
        ])
  ]
}
