/** Consents on the wire (rules C1, S-R4, S-R7, X-R7). */
import {
  Authorization,
  Channel,
  given,
  Grant as Domain,
  Id,
  Identity as Identities,
  Profile as Profiles,
  Region
} from "@portolan/domain"
import type { Connecting, Grants } from "@portolan/ports"
import { DateTime, Option, Redacted, Schema } from "effect"
import * as Identity from "./Identity.ts"
import * as Profile from "./Profile.ts"
import { Instant, instant } from "./Text.ts"

const ResponsibleMember = Schema.Struct({ personId: Id.PersonId, name: Schema.String }).annotate({
  identifier: "ResponsibleMember",
  description: "The member who is responsible for a consent."
})

/** A consent with what lives on it. */
export const Answer = Schema.Struct({
  id: Id.GrantId,
  channel: Channel.Channel,
  region: Region.Region,
  state: Schema.Literals(["active", "ended"]),
  consentedAt: Instant,
  expiresAt: Schema.optionalKey(Instant),
  grantor: Schema.optionalKey(Schema.String.annotate({ description: "Who consented, as far as the provider tells." })),
  identity: Identity.Answer,
  consentedAs: Schema.optionalKey(
    Authorization.Consenting.annotate({
      description:
        "Who consented, as that person said: the owner of the account, or somebody whose login the owner gave the " +
        "right."
    })
  ),
  responsibleMember: Schema.optionalKey(ResponsibleMember),
  advertiser: Schema.optionalKey(Profile.Answer),
  authorizationId: Schema.optionalKey(Id.AuthorizationId),
  endedAt: Schema.optionalKey(Instant),
  end: Schema.optionalKey(
    Domain.End.annotate({
      description:
        "`rotation-lost`: an answer of the provider never arrived that may have carried a new refresh token. " +
        "`different-identity`: the provider says that the consent is of somebody else than it names."
    })
  ),
  revocation: Schema.optionalKey(
    Schema.Struct({ outcome: Schema.Literals(["revoked", "not-offered", "failed"]), detail: Schema.String })
  ),
  connections: Schema.Array(Schema.Struct({ id: Id.ConnectionId, accountId: Id.AccountId, profile: Profile.Answer }))
}).annotate({
  identifier: "Grant",
  description: "One consent at a provider, the member responsible for it, and the connections that use it."
})

/** What the list can be narrowed by. */
export const Filter = {
  channel: Schema.optionalKey(Channel.Known),
  region: Schema.optionalKey(Region.Known),
  state: Schema.optionalKey(Schema.Literals(["active", "ended"])),
  keeperId: Schema.optionalKey(Id.PersonId)
}

/** Which connection a consent's choices are for. */
export const ChoicesQuery = Schema.Struct({ connection: Id.ConnectionId })

/** What binding a profile to a connection takes. */
export const Link = Schema.Struct({
  connectionId: Id.ConnectionId,
  profile: Schema.Union([Profile.Reference, Profile.Key]).annotate({
    description: "The `reference` or the `key` of one of the choices."
  }),
  confirmed: Schema.optionalKey(
    Schema.Boolean.annotate({ description: "The person has seen the warnings and continues." })
  )
})

const isInstant = (text: string): boolean => Option.isSome(DateTime.make(text))

/** A refresh token that was given without a redirect. */
export const Token = Schema.Struct({
  connectionId: Id.ConnectionId,
  refreshToken: Schema.NonEmptyString.check(Schema.isMaxLength(4_096)).annotate({
    description: "The token as the provider gave it. It is sealed at once, and no answer holds it."
  }),
  grantor: Schema.optionalKey(
    Profiles.ExternalId.annotate({
      description: "Whose token it is: the selling partner id, where it is known. A claim until the provider proves it."
    })
  ),
  expiresAt: Schema.optionalKey(
    Instant.check(Schema.makeFilter(isInstant, { expected: "an instant" })).annotate({
      description: "When its consent ends by itself; left out where it does not."
    })
  ),
  confirmed: Schema.optionalKey(
    Schema.Boolean.annotate({ description: "Whether warnings are accepted that would else wait for a person." })
  )
}).annotate({ identifier: "GivenToken", description: "A token of a private application, or of another system." })

/** What a request for a token asks of the use case. */
export const takeIn = ({
  confirmed,
  connectionId,
  expiresAt,
  grantor,
  refreshToken
}: typeof Token.Type): Connecting.TakeInToken => ({
  connectionId,
  refreshToken: Redacted.make(refreshToken.trim()),
  ...given({
    confirmed,
    grantor,
    expiresAt: expiresAt === undefined ? undefined : Option.getOrUndefined(DateTime.make(expiresAt))
  })
})

/** What became of a token. */
export const TakenIn = Schema.Struct({
  outcome: Schema.Literals(["connected", "waiting"]).annotate({
    description: "`waiting`: a person selects a profile of the authorization; its obstacles say why."
  }),
  repeated: Schema.Boolean.annotate({ description: "Whether it was taken in before, so that nothing changed." }),
  authorizationId: Id.AuthorizationId,
  connectionId: Id.ConnectionId,
  grantId: Id.GrantId,
  identity: Identity.Answer,
  profiles: Schema.Array(Profile.Answer).annotate({
    description: "What the token gives access to. Empty for one that was taken in before."
  })
}).annotate({ identifier: "TakenIn", description: "A token that was taken in, and what it turned out to be." })

/** Writes what became of a token. */
export const takenIn = ({
  authorization,
  candidates,
  connection,
  grant,
  isRepeated,
  outcome
}: Connecting.TakenIn): typeof TakenIn.Type => ({
  outcome,
  repeated: isRepeated,
  authorizationId: authorization.id,
  connectionId: connection.id,
  grantId: grant.id,
  identity: Identity.of(grant.identity),
  profiles: candidates.map(Profile.of)
})

/** Who is to answer for a consent. */
export const NewResponsibleMember = Schema.Struct({ memberId: Id.MemberId })

/** What an operator has seen that shows who a consent is of. */
export const IdentityConfirmation = Schema.Struct({
  because: Schema.NonEmptyString.check(Schema.isMaxLength(Identities.becauseLimit)).annotate({
    description: "E.g. a letter of the account's owner, and where it is kept. Its organization reads it."
  })
}).annotate({ identifier: "IdentityConfirmation", description: "Why an operator is sure who a consent is of." })

/** Writes a consent. */
export const of = ({ connections, grant }: Grants.GrantView): typeof Answer.Type => ({
  id: grant.id,
  channel: grant.channel,
  region: grant.region,
  state: grant._tag === "Active" ? "active" : "ended",
  consentedAt: instant(grant.consentedAt),
  ...(grant.expiresAt === undefined ? {} : { expiresAt: instant(grant.expiresAt) }),
  ...(grant.grantor === undefined ? {} : { grantor: grant.grantor }),
  identity: Identity.of(grant.identity),
  ...(grant.consentedAs === undefined ? {} : { consentedAs: grant.consentedAs }),
  ...(grant.responsibleMember === undefined
    ? {}
    : { responsibleMember: { personId: grant.responsibleMember.personId, name: grant.responsibleMember.name } }),
  ...(grant.advertiser === undefined ? {} : { advertiser: Profile.of(grant.advertiser) }),
  ...(grant.authorizationId === undefined ? {} : { authorizationId: grant.authorizationId }),
  ...(grant._tag === "Active"
    ? {}
    : {
        endedAt: instant(grant.endedAt),
        end: grant.end,
        ...(grant.revocation === undefined ? {} : { revocation: grant.revocation })
      }),
  connections: connections.map(({ accountId, id, link }) => ({ id, accountId, profile: Profile.of(link.profile) }))
})
