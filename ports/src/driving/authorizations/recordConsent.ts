import {
  type Aggregate,
  type Authorization,
  Channel,
  type Connection,
  type Grant,
  given,
  Identity
} from "@portolan/domain"
import { type DateTime, Effect } from "effect"
import { CurrentCatalogue } from "../../driven/CurrentCatalogue.ts"
import type { Consent } from "../../driven/ProviderApi.ts"
import type { Versioned } from "../../driven/Repository.ts"
import {
  afterCommit,
  assertUnchanged,
  decideAndCommit,
  type Decided,
  decideNew,
  decideOn,
  on,
  startingFrom
} from "../shared/change.ts"
import type { ChangeDeps, Deps } from "../shared/deps.ts"
import { requireOpen } from "../shared/openOrganization.ts"
import { sideBySide } from "../shared/sideBySide.ts"
import { actorOf, type Read, sourceOf } from "./advance.ts"
import type { Candidates, Exchanging } from "./exchangeCode.ts"
import { judgeConsent } from "./identity/judgeConsent.ts"
import type { Link } from "./links/linkAddress.ts"
import { surroundings } from "./profiles/surroundings.ts"

/** What the provider gave for a code. */
export interface Exchanged {
  readonly consent: Consent
  readonly candidates: Candidates
  /** What the provider says about whom the tokens are of. */
  readonly answer: Exclude<Identity.Answer, { readonly _tag: "Contradicted" }>
  /** The link that the consent came through, as it was read before the exchange. */
  readonly link: Versioned<Link> | undefined
}

/** A consent as it was recorded. */
export interface Recorded {
  readonly authorization: Read
  readonly grant: Versioned<Aggregate.Present<"grant">>
  readonly connection: Versioned<Connection.Present>
}

/**
 * A member who consents is responsible for the consent. For the consent of a guest nobody is until it is handed over,
 * and neither is a member who was removed during the consent.
 */
const responsibleMemberOf = Effect.fnUntraced(function* (
  { repository }: Deps<"repository">,
  { organizationId, origin }: Authorization.Present
) {
  const nobody = { responsibleMember: undefined, preconditions: [] as ReadonlyArray<Decided> }
  if (origin._tag !== "Direct" || origin.actor._tag !== "Person") return nobody
  const { name, personId } = origin.actor
  const own = (yield* repository.memberships(personId)).find((member) => member.organizationId === organizationId)
  const read = own === undefined ? undefined : yield* repository.find("member", organizationId, own.id)
  if (read?.state._tag !== "Active") return nobody
  // The removal of a member hands over their consents, and must see this one as well.
  return { responsibleMember: { personId, name }, preconditions: [assertUnchanged("member", read.state.id, read)] }
})

interface KnownOfConsent {
  readonly consentedAt: DateTime.Utc
  readonly identity: Grant.Active["identity"]
  readonly responsibleMember: Grant.Active["responsibleMember"]
}

/**
 * Who a consent is of, as far as the provider's answer and the account around it say. The account is read only where
 * its circumstances count.
 */
const identityOf = Effect.fnUntraced(function* (
  deps: Deps<"repository">,
  { accountId, channel, connectionId, organizationId }: Exchanging,
  { answer, candidates: { candidates }, consent: { grantor } }: Exchanged,
  at: DateTime.Utc
) {
  if (answer._tag === "Proven" || !Channel.claimsIdentity(channel, yield* CurrentCatalogue)) {
    return Identity.judge(answer, { otherOwners: [], isSameStore: false }, at)
  }
  const around = yield* surroundings(deps, organizationId, accountId)
  const own = around.connections.find(({ id }) => id === connectionId)
  return own === undefined ? undefined : judgeConsent(around, own, given({ grantor, answer, candidates }), at)
})

/** The grant of a consent. */
const grantOf = (
  { channel, grantId, id: authorizationId, organizationId, origin, region }: Exchanging,
  { expiresAt, grantor }: Consent,
  { consentedAt, identity, responsibleMember }: KnownOfConsent
) => {
  const consentedAs = origin._tag === "ByLink" ? origin.consenting : undefined
  const known = given({ responsibleMember, consentedAs, grantor, expiresAt, identity })
  return { id: grantId, organizationId, authorizationId, channel, region, consentedAt, ...known }
}

/**
 * Records a consent whose tokens are in the vault: the authorization waits for a choice, the grant exists, the
 * connection shows that a choice waits, and the link is used up. Refused when the link was withdrawn or used meanwhile.
 */
export const recordConsent = (deps: ChangeDeps, read: Read<Exchanging>, exchanged: Exchanged) => {
  const { candidates, consent, link } = exchanged
  const { connectionId, grantId, id: authorizationId, organizationId } = read.state
  const source = sourceOf(deps, read)
  const linkSource =
    link === undefined
      ? undefined
      : startingFrom(link, deps.repository.find("invitation", organizationId, link.state.id))
  return decideAndCommit(deps, { organizationId, actor: actorOf(read.state) }, (context) =>
    Effect.gen(function* () {
      const { at } = context
      const record = { _tag: "RecordConsent", ...candidates, at } as const
      const [, authorization, { preconditions, responsibleMember }, identity, connection, used] = yield* sideBySide(
        requireOpen(deps, organizationId, "Authorization", "RecordConsent"),
        Effect.flatMap(source, (waiting) => decideOn("authorization", waiting, record)),
        responsibleMemberOf(deps, read.state),
        identityOf(deps, read.state, exchanged, at),
        on("connection", connectionId, { _tag: "AwaitSelection", authorizationId, at })(deps, context),
        linkSource === undefined
          ? Effect.succeed([])
          : Effect.flatMap(linkSource, (open) =>
              Effect.map(decideOn("invitation", open, { _tag: "Use", authorizationId, at }), (one) => [one])
            )
      )
      const grant = yield* decideNew("grant", grantId, {
        _tag: "Record",
        grant: grantOf(read.state, consent, { consentedAt: at, identity, responsibleMember })
      })
      return {
        decided: [authorization, ...preconditions, grant, connection, ...used],
        result: {
          authorization: afterCommit(authorization),
          grant: afterCommit(grant),
          connection: afterCommit(connection)
        } satisfies Recorded
      }
    })
  )
}
