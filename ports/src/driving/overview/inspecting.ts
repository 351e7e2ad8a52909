/**
 * Looking at why a connection's account is missing or limited (rules S-R5, C9): the provider is asked through whatever
 * consent there is, what this installation knows itself is added, and what a look proves is put to use at once. Shared by the
 * people who ask for a look and the worker who looks by itself.
 */
import {
  type Account,
  type Actor,
  type Authorization,
  Channel,
  type Check,
  Connection,
  type Diagnosis,
  type Id,
  Marketplace,
  Permission,
  type Profile
} from "@portolan/domain"
import { DateTime, Effect, Option } from "effect"
import { CurrentCatalogue } from "../../driven/CurrentCatalogue.ts"
import { Repository, pageLimit, type Versioned } from "../../driven/Repository.ts"
import { Deployment, offers } from "../../driven/Deployment.ts"
import { ProviderApi } from "../../driven/ProviderApi.ts"
import { AccessTokens } from "../tokens/AccessTokens.ts"
import { type Decided, decideWith, onConflictAgain } from "../shared/change.ts"
import { makeFixedId } from "../shared/fixedId.ts"
import { makeRecords } from "../work/job.ts"
import { accessTo, withToken } from "../tokens/withToken.ts"

/** A connection with what there is to ask with. */
export interface Subject {
  readonly connection: Connection.Present
  readonly account: Account.Present
  /** The account's connections in the same country, this one included. */
  readonly siblings: ReadonlyArray<Connection.Present>
  /** The authorization whose consent waits for a choice. */
  readonly authorization?: Authorization.AwaitingSelection
  readonly diagnosis?: Versioned<Diagnosis.Open>
}

/** A consent to ask with. */
interface Asking {
  readonly connection: Connection.Present
  readonly grantId: Id.GrantId
}

/** What was found. */
export interface Look {
  readonly facts: Check.Facts
  readonly at: DateTime.Utc
  /** The connection's own consent was refused for good. */
  readonly refused?: Id.GrantId
  /** What a waiting consent that saw no profile sees now. */
  readonly candidates?: ReadonlyArray<Profile.Candidate>
}

/** How long a look at one channel may take; the provider's answer to a sibling's is an extra. */
const siblingSeconds = 20

/** Builds what is shared, once per service. */
export const makeInspecting = Effect.gen(function* () {
  const catalogue = yield* CurrentCatalogue
  const decide = decideWith(catalogue)
  const hasChecklist = (channel: Channel.Channel) => Channel.hasChecklist(channel, catalogue)
  /** The channel of the checklist whose consent shows the advertising profiles. */
  const isAdvertising = (channel: Channel.Channel) =>
    hasChecklist(channel) && Channel.kind(channel, catalogue) === "advertising"
  const store = yield* Repository
  const provider = yield* ProviderApi
  const tokens = yield* AccessTokens
  const deployment = yield* Deployment
  const { commit, loseGrant } = yield* makeRecords
  const fixedId = yield* makeFixedId

  const waiting = Effect.fnUntraced(function* (connection: Connection.Present) {
    const pending = Connection.pendingOf(connection)
    if (pending === undefined) return undefined
    return yield* store.find("authorization", connection.organizationId, pending.authorizationId).pipe(
      Effect.map(({ state }) => (state._tag === "AwaitingSelection" ? state : undefined)),
      Effect.catchTag("NotFound", () => Effect.succeed(undefined))
    )
  })

  const idOf = (connectionId: Id.ConnectionId) => fixedId("diagnosis", connectionId)

  const found = Effect.fnUntraced(function* (organizationId: Id.OrganizationId, connectionId: Id.ConnectionId) {
    const read: Versioned<Diagnosis.Open> | undefined = yield* Effect.catchTag(
      store.find("diagnosis", organizationId, yield* idOf(connectionId)),
      "NotFound",
      () => Effect.succeed(undefined)
    )
    return read
  })

  /** Everything a look begins with. */
  const subjectOf = Effect.fnUntraced(function* (connection: Connection.Present) {
    const { accountId, marketplaceId, organizationId } = connection
    const { state: account } = yield* store.find("account", organizationId, accountId)
    const { items } = yield* store.connections(organizationId, { accountId, marketplaceId }, { limit: pageLimit }).pipe(
      // A first page has no cursor that could be invalid.
      Effect.catchTag("InvalidCursor", Effect.die)
    )
    const authorization = yield* waiting(connection)
    const diagnosis = yield* found(organizationId, connection.id)
    return {
      connection,
      account,
      siblings: items,
      ...(authorization === undefined ? {} : { authorization }),
      ...(diagnosis === undefined ? {} : { diagnosis })
    } satisfies Subject
  })

  /** The consent to ask about a connection with: the one in use, or one that waits for a choice. */
  const asking = Effect.fnUntraced(function* (connection: Connection.Present) {
    if (Connection.isLinked(connection) && connection._tag !== "ReauthorizationNeeded") {
      return { connection, grantId: connection.link.grantId } satisfies Asking
    }
    const authorization = yield* waiting(connection)
    return authorization === undefined ? undefined : ({ connection, grantId: authorization.grantId } satisfies Asking)
  })

  /** What is known without asking anybody: is the country enabled here, and did somebody consent with the login button. */
  const known = ({ connection, siblings }: Subject): Check.Facts => {
    const advertising = siblings.filter(({ channel }) => isAdvertising(channel))
    const consented = (one: Connection.Present) =>
      Connection.pendingOf(one) !== undefined || (Connection.isLinked(one) && one._tag !== "ReauthorizationNeeded")
    return {
      marketplaceEnabled:
        Option.isSome(Marketplace.find(connection.marketplaceId, catalogue)) && offers(deployment, connection.channel),
      ...(hasChecklist(connection.channel) ? { advertisingConsent: advertising.some(consented) } : {})
    }
  }

  const ask = Effect.fnUntraced(function* ({ account }: Subject, { connection, grantId }: Asking) {
    const { channel, marketplaceId, organizationId } = connection
    const { state: grant } = yield* store.find("grant", organizationId, grantId)
    const profile = Connection.isLinked(connection) ? { profile: connection.link.profile.key } : {}
    return yield* withToken(tokens, organizationId, grantId, (accessToken) =>
      provider.inspect(
        accessTo(
          { channel, region: grant.region, accountType: account.accountType, marketplaceId },
          accessToken,
          grant
        ),
        { marketplaceId, ...profile }
      )
    ).pipe(
      // A provider that shows nothing at all tells so through the facts that stay unknown.
      Effect.catchTag("PermissionMissing", () => Effect.succeed<Check.Facts>({}))
    )
  })

  /** Profiles that a waiting consent did not see when it was given; they appear up to a day later (rule P-R2). */
  const appeared = Effect.fnUntraced(function* ({ account, authorization }: Subject) {
    if (authorization === undefined || authorization.candidates.length > 0) return undefined
    const { state: grant } = yield* store.find("grant", authorization.organizationId, authorization.grantId)
    return yield* withToken(tokens, authorization.organizationId, authorization.grantId, (accessToken) =>
      provider.discover(accessTo({ ...authorization, accountType: account.accountType }, accessToken, grant))
    )
  })

  // That there is a consent in the store does not contradict the provider, which has just refused it.
  const settingsUnlessRefused = (settings: Check.Facts, { facts }: Omit<Look, "at">): Check.Facts =>
    facts.advertisingConsent === false ? { ...settings, advertisingConsent: false } : settings

  const joined = (...all: ReadonlyArray<Check.Facts>): Check.Facts => {
    const notReported = [...new Set(all.flatMap((facts) => facts.notReported ?? []))]
    return { ...Object.assign({}, ...all), ...(notReported.length === 0 ? {} : { notReported }) }
  }

  /** Asks the provider through every channel of the account in that country. Trouble with another channel is left out. */
  const look = Effect.fnUntraced(function* (subject: Subject) {
    const at = yield* DateTime.now
    const { connection, siblings } = subject
    const settings = known(subject)
    const own = yield* asking(connection)
    const mine: Omit<Look, "at"> =
      own === undefined
        ? { facts: {} }
        : yield* Effect.gen(function* () {
            const facts = yield* ask(subject, own)
            const candidates = yield* appeared(subject)
            const visible =
              isAdvertising(connection.channel) && candidates?.length === 0 ? { profileVisible: false } : {}
            const found: Omit<Look, "at"> = {
              facts: { ...facts, ...visible },
              ...(candidates === undefined ? {} : { candidates })
            }
            return found
          }).pipe(
            Effect.catchTag("GrantRefused", () =>
              Effect.succeed<Omit<Look, "at">>({
                facts: isAdvertising(connection.channel) ? { advertisingConsent: false } : {},
                refused: own.grantId
              })
            )
          )
    const others = yield* Effect.forEach(
      siblings.filter((one) => one.id !== connection.id && hasChecklist(one.channel)),
      (one) =>
        Effect.gen(function* () {
          const through = yield* asking(one)
          return through === undefined ? {} : yield* ask(subject, through)
        }).pipe(
          Effect.timeout(`${siblingSeconds} seconds`),
          Effect.catch(() => Effect.succeed<Check.Facts>({}))
        )
    )
    const seen: Look = { ...mine, at, facts: joined(...others, mine.facts, settingsUnlessRefused(settings, mine)) }
    return seen
  })

  /** What a look proves beyond the checklist: a profile that has appeared, a right that is back. */
  const healed = Effect.fnUntraced(function* (
    { connection, authorization }: Subject,
    { at, candidates = [], facts }: Look
  ) {
    const { organizationId } = connection
    const decided: Array<Decided> = []
    if (authorization !== undefined && authorization.candidates.length === 0 && candidates.length > 0) {
      const read = yield* store.find("authorization", organizationId, authorization.id)
      if (read.state._tag === "AwaitingSelection") {
        decided.push(
          yield* Effect.fromResult(
            decide("authorization", authorization.id, read, { _tag: "FindCandidates", candidates, at })
          )
        )
      }
    }
    if (
      connection._tag === "Limited" &&
      isAdvertising(connection.channel) &&
      facts.permission !== undefined &&
      facts.profileVisible === true
    ) {
      const missing = Permission.missing(facts.permission, connection.channel, catalogue)
      const read = yield* store.find("connection", organizationId, connection.id)
      decided.push(
        yield* Effect.fromResult(
          decide("connection", connection.id, read, {
            _tag: "CheckRights",
            grantId: connection.link.grantId,
            at,
            ...(missing === undefined ? {} : { missing })
          })
        )
      )
    }
    return decided
  })

  /** A diagnosis's commands, which open it when there is none. */
  const commands = (
    { connection, diagnosis }: Subject,
    id: Id.DiagnosisId,
    at: DateTime.Utc,
    ...wanted: ReadonlyArray<Diagnosis.Command>
  ): ReadonlyArray<Diagnosis.Command> => {
    const { accountId, channel, companyId, id: connectionId, organizationId } = connection
    return diagnosis !== undefined
      ? wanted
      : [
          {
            _tag: "Open",
            diagnosis: { id, organizationId, companyId, accountId, connectionId, channel, openedAt: at }
          },
          ...wanted
        ]
  }

  /** Puts a command on record, read anew each time. */
  const record = (
    organizationId: Id.OrganizationId,
    actor: Actor.Actor,
    connectionId: Id.ConnectionId,
    make: (at: DateTime.Utc) => Diagnosis.Command,
    also?: { readonly look: Look }
  ) =>
    onConflictAgain(
      Effect.gen(function* () {
        const { state: connection } = yield* store.find("connection", organizationId, connectionId)
        const subject = yield* subjectOf(connection)
        const id = yield* idOf(connectionId)
        const at = yield* DateTime.now
        const decided = yield* Effect.fromResult(
          decide("diagnosis", id, subject.diagnosis, ...commands(subject, id, at, make(at)))
        )
        // The authorization or the connection may have moved on while the provider was asked; then there is nothing to put to use.
        const more =
          also === undefined
            ? []
            : yield* Effect.catchTag(healed(subject, also.look), "Refused", () => Effect.succeed([]))
        yield* commit({ organizationId, actor, at }, [decided, ...more])
        return decided.next as Diagnosis.Open
      })
    )

  /** Looks now and puts on record what was found. */
  const observe = Effect.fnUntraced(function* (actor: Actor.Actor, subject: Subject) {
    const { id, organizationId } = subject.connection
    const seen = yield* look(subject)
    const state = yield* record(
      organizationId,
      actor,
      id,
      () => ({ _tag: "Observe", facts: seen.facts, at: seen.at }),
      { look: seen }
    )
    // The token endpoint has proven the consent dead: another one may take over, or people are asked (rule S-R7).
    if (seen.refused !== undefined) yield* loseGrant({ organizationId, actor }, seen.refused)
    return { state, look: seen }
  })

  /** Whether it is worth looking again without anybody asking: a consent sees no profile, or the connection is limited. */
  const isWatched = ({ connection, authorization }: Subject): boolean =>
    hasChecklist(connection.channel) &&
    (connection._tag === "Limited" || (authorization !== undefined && authorization.candidates.length === 0))

  return { subjectOf, known, observe, record, isWatched }
})
