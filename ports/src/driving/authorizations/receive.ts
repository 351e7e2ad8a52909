import { type Authorization, Channel, given, Id, Identity, Messages, type Refused } from "@portolan/domain"
import { DateTime, Effect, type Redacted, Result } from "effect"
import { CurrentCatalogue } from "../../driven/CurrentCatalogue.ts"
import type { Callback } from "../../driven/ProviderApi.ts"
import type { NotFound } from "../../driven/Repository.ts"
import type { StoreError } from "../../driven/StoreUnavailable.ts"
import type { WriteError } from "../../driven/UnitOfWork.ts"
import type { ChangeDeps, Deps } from "../shared/deps.ts"
import { advance, endAttempt, fail, type Read } from "./advance.ts"
import type { CallbackResult } from "./callbackResult.ts"
import { type Code, exchangeCode, type Exchanging, failureReason, listCandidates } from "./exchangeCode.ts"
import { accessTo } from "../tokens/callProvider.ts"
import { finishRequest } from "./finishRequest.ts"
import { askIdentity } from "./identity/askIdentity.ts"
import { calling } from "../incidents/CallSubject.ts"
import { recordIncident } from "../shared/recordIncident.ts"
import { recordConsent } from "./recordConsent.ts"

type ReceiveDeps = ChangeDeps & Deps<"auditLog" | "deployment" | "provider" | "vault">
type Browser = Redacted.Redacted<string> | undefined

/**
 * Takes a browser back. The first callback of an authorization is handled, whatever it says; every later one gets the
 * outcome. The code is exchanged once, and its tokens are in the vault before anything else is written.
 */
export const receive = Effect.fn("Connecting.receive")(function* (
  deps: ReceiveDeps,
  channel: Channel.Channel,
  query: URLSearchParams,
  browser: Browser
): Effect.fn.Return<CallbackResult, StoreError | WriteError> {
  const callback = deps.provider.readCallback(channel, query)
  const read = yield* authorizationOf(deps, channel, callback)
  if (read === undefined) {
    // Nobody knows whose it was: it is on the installation's record.
    const incident = { kind: "oauth-state-refused", subject: channel, detail: { channel } } as const
    yield* recordIncident(deps, Id.installation, incident)
    return { _tag: "Unknown" }
  }
  const authorization = read.state
  const browserDigest = browser === undefined ? undefined : yield* deps.secrets.digest(browser)
  if (browserDigest === undefined || authorization.browserDigest !== browserDigest) {
    yield* recordIncident(deps, authorization.organizationId, {
      kind: "callback-foreign-browser",
      subject: authorization.id,
      detail: { channel, connectionId: authorization.connectionId }
    })
    return { _tag: "BrowserMismatch" }
  }
  if (authorization._tag !== "Started") return { _tag: "Repeated", authorization }
  return yield* handle(deps, read, callback, browserDigest).pipe(
    Effect.map((handled): CallbackResult => ({ _tag: "Handled", authorization: handled })),
    Effect.catchTag("NotFound", () => Effect.succeed<CallbackResult>({ _tag: "Unknown" })),
    // The other one of two simultaneous callbacks moved the authorization on; this one gets its outcome.
    Effect.catchTag("Refused", () =>
      Effect.map(authorizationOf(deps, channel, callback), (now): CallbackResult =>
        now === undefined ? { _tag: "Unknown" } : { _tag: "Repeated", authorization: now.state }
      )
    )
  )
})

/** The authorization that a callback names, if there is one of this channel. */
const authorizationOf = Effect.fnUntraced(function* (
  { repository, secrets }: Deps<"repository" | "secrets">,
  channel: Channel.Channel,
  { state }: Callback
) {
  if (state === undefined) return undefined
  const read = yield* Effect.catchTag(repository.authorizationByState(yield* secrets.digest(state)), "NotFound", () =>
    Effect.succeed(undefined)
  )
  return read?.state.channel === channel ? read : undefined
})

/** Handles the first callback of an authorization, and gives the authorization as it is then. */
const handle = Effect.fnUntraced(function* (
  deps: ReceiveDeps,
  read: Read,
  callback: Callback,
  browserDigest: string
): Effect.fn.Return<Authorization.Present, Refused.Refused | NotFound | WriteError> {
  if (callback._tag === "Declined") {
    const { detail } = callback
    const declined = yield* advance(
      deps,
      read,
      (at) => ({ _tag: "Decline", browserDigest, detail, at }),
      endAttempt(read.state, Messages.text("outcome.declined"))
    )
    return declined.state
  }
  const grantId = yield* deps.secrets.id("grant")
  const returned = yield* advance(deps, read, (at) => ({ _tag: "Return", browserDigest, grantId, at }), [])
  // Of two callbacks at once the slower one finds another id for the grant than its own.
  if (!isExchanging(returned) || returned.state.grantId !== grantId) return returned.state
  switch (callback._tag) {
    case "Refused":
      return yield* fail(deps, returned, "provider-error", callback.detail)
    case "Incomplete":
      return yield* fail(deps, returned, "callback-incomplete", callback.detail)
    case "Consented":
      return yield* consented(deps, returned, callback)
  }
})

const isExchanging = (read: Read): read is Read<Exchanging> => read.state._tag === "Exchanging"

/** A token that is refused the moment it was given proves nothing; the provider is asked again with another one. */
const refusedToken = Identity.Answer.make({
  _tag: "Unproven",
  doubt: "unanswered",
  detail: Messages.text("identity.unanswered")
})

/** Gets tokens for the code, records the consent, and finishes it where nothing is left to choose. */
const consented = Effect.fnUntraced(function* (deps: ReceiveDeps, read: Read<Exchanging>, code: Code) {
  const { organizationId, origin } = read.state
  const link =
    origin._tag === "ByLink"
      ? yield* deps.repository.find("invitation", organizationId, origin.invitationId)
      : undefined
  const isClosed =
    link !== undefined &&
    !(link.state._tag === "Open" && DateTime.isLessThan(yield* DateTime.now, link.state.expiresAt))
  if (isClosed) return yield* fail(deps, read, "link-closed", Messages.text("failure-reason.link-closed"))
  const exchanged = yield* Effect.result(exchangeCode(deps, read.state, code))
  if (Result.isFailure(exchanged)) {
    return yield* fail(deps, read, failureReason(exchanged.failure), exchanged.failure.message)
  }
  const consent = exchanged.success
  const access = accessTo(read.state, consent.accessToken, given({ grantor: consent.grantor, id: read.state.grantId }))
  const [candidates, answer] = yield* calling(
    { organizationId, grantId: read.state.grantId },
    Effect.all([listCandidates(deps, access), Effect.orElseSucceed(askIdentity(deps, access), () => refusedToken)], {
      concurrency: "unbounded"
    })
  )
  if (answer._tag === "Contradicted") {
    const provider = Channel.providerLabel(read.state.channel, yield* CurrentCatalogue)
    return yield* fail(
      deps,
      read,
      "different-identity",
      Messages.text("failure-reason.different-identity", { provider })
    )
  }
  const recorded = yield* Effect.result(recordConsent(deps, read, { consent, candidates, answer, link }))
  if (Result.isSuccess(recorded)) return yield* finishRequest(deps, recorded.success, link?.state)
  // Another consent used the link up, or it was withdrawn, while this one was being exchanged.
  return recorded.failure._tag === "Refused"
    ? yield* fail(deps, read, "link-closed", recorded.failure.detail)
    : yield* recorded.failure
})
