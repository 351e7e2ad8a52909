/**
 * Asks the provider why a connection's account is missing or limited (rules S-R5, C9), through whatever consent there
 * is, and adds what this installation knows itself.
 */
import { Channel, type Check, Connection, given, type Id, type Profile } from "@portolan/domain"
import { DateTime, Effect } from "effect"
import { CurrentCatalogue } from "../../driven/CurrentCatalogue.ts"
import type { Deps } from "../shared/deps.ts"
import type { TokenDeps } from "../tokens/AccessTokens.ts"
import { accessTo, callWithToken } from "../tokens/callProvider.ts"
import { awaitingSelection, knownFacts, showsAdvertising, type Subject } from "./diagnosisSubject.ts"

/** What was found. */
export interface Inspection {
  readonly facts: Check.Facts
  readonly at: DateTime.Utc
  /** What a waiting consent that saw no profile sees now. */
  readonly candidates?: ReadonlyArray<Profile.Candidate>
}

type Findings = Omit<Inspection, "at">

/** The ports of an inspection. */
export type InspectDeps = TokenDeps<"deployment" | "provider" | "repository">

/** A connection, and a consent to ask about it with. */
interface Consented {
  readonly connection: Connection.Present
  readonly grantId: Id.GrantId
}

/** How long the provider may take to answer for a sibling's channel; that answer is an extra. */
const siblingTimeout = "20 seconds"

/** Asks the provider through every channel of the account in that country. A failure of another channel is left out. */
export const inspectAccess = Effect.fnUntraced(function* (deps: InspectDeps, subject: Subject) {
  const at = yield* DateTime.now
  const catalogue = yield* CurrentCatalogue
  const { connection, siblings } = subject
  const own = yield* inspectOwn(deps, subject)
  const others = yield* Effect.forEach(
    siblings.filter((one) => one.id !== connection.id && Channel.hasChecklist(one.channel, catalogue)),
    (sibling) => inspectSibling(deps, subject, sibling)
  )
  const known = knownFacts(deps.deployment, subject, catalogue)
  // That there is a consent in the store does not contradict the provider, which has just refused it.
  const settings = own.facts.advertisingConsent === false ? { ...known, advertisingConsent: false } : known
  const inspection: Inspection = { ...own, at, facts: joined([...others, own.facts, settings]) }
  return inspection
})

/** Facts of several sources as one; later ones count. */
const joined = (all: ReadonlyArray<Check.Facts>): Check.Facts => {
  const notReported = [...new Set(all.flatMap((facts) => facts.notReported ?? []))]
  return { ...Object.assign({}, ...all), ...(notReported.length === 0 ? {} : { notReported }) }
}

/** The consent to ask about a connection with: the one in use, or one that waits for a choice. */
const consentOf = Effect.fnUntraced(function* (deps: Deps<"repository">, connection: Connection.Present) {
  if (Connection.isLinked(connection) && connection._tag !== "ReauthorizationNeeded") {
    return { connection, grantId: connection.link.grantId } satisfies Consented
  }
  const authorization = yield* awaitingSelection(deps, connection)
  return authorization === undefined ? undefined : ({ connection, grantId: authorization.grantId } satisfies Consented)
})

const inspectOwn = Effect.fnUntraced(function* (deps: InspectDeps, subject: Subject) {
  const { connection } = subject
  const consented = yield* consentOf(deps, connection)
  if (consented === undefined) return { facts: {} } satisfies Findings
  const isAdvertising = showsAdvertising(connection.channel, yield* CurrentCatalogue)
  return yield* Effect.gen(function* () {
    const facts = yield* askProvider(deps, subject, consented)
    const candidates = yield* newCandidates(deps, subject)
    const profileVisible = isAdvertising && candidates?.length === 0 ? false : undefined
    return given({ facts: { ...facts, ...given({ profileVisible }) }, candidates }) satisfies Findings
  }).pipe(
    Effect.catchTag("GrantRefused", () => {
      const facts: Check.Facts = isAdvertising ? { advertisingConsent: false } : {}
      return Effect.succeed<Findings>({ facts })
    })
  )
})

const inspectSibling = (deps: InspectDeps, subject: Subject, sibling: Connection.Present) =>
  Effect.gen(function* () {
    const consented = yield* consentOf(deps, sibling)
    return consented === undefined ? {} : yield* askProvider(deps, subject, consented)
  }).pipe(
    Effect.timeout(siblingTimeout),
    Effect.catch(() => Effect.succeed<Check.Facts>({}))
  )

const askProvider = Effect.fnUntraced(function* (
  deps: InspectDeps,
  { account }: Subject,
  { connection, grantId }: Consented
) {
  const { channel, marketplaceId, organizationId } = connection
  const { state: grant } = yield* deps.repository.find("grant", organizationId, grantId)
  const profile = Connection.isLinked(connection) ? connection.link.profile.key : undefined
  const of = { channel, region: grant.region, accountType: account.accountType, marketplaceId }
  return yield* callWithToken(deps, { organizationId, id: grantId }, (accessToken) =>
    deps.provider.inspect(accessTo(of, accessToken, grant), given({ marketplaceId, profile }))
  ).pipe(
    // A provider that shows nothing at all says so through the facts that stay unknown.
    Effect.catchTag("PermissionMissing", () => Effect.succeed<Check.Facts>({}))
  )
})

/** Profiles that a waiting consent did not see when it was given; they appear up to a day later (rule P-R2). */
const newCandidates = Effect.fnUntraced(function* (deps: InspectDeps, { account, authorization }: Subject) {
  if (authorization === undefined || authorization.candidates.length > 0) return undefined
  const { grantId: id, organizationId } = authorization
  const { state: grant } = yield* deps.repository.find("grant", organizationId, id)
  return yield* callWithToken(deps, { organizationId, id }, (accessToken) =>
    deps.provider.discover(accessTo({ ...authorization, accountType: account.accountType }, accessToken, grant))
  )
})
