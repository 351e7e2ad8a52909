/**
 * The conversation every request begins with: who is calling, for which organization, as what. The directory of people says
 * who somebody is; membership, ownership and keys say what he may do. Nothing is cached: what was taken away is gone at the
 * next request.
 */
import { Access, ApiKey, type Id, Member, type Organization, Refused } from "@portolan/domain"
import { Context, DateTime, Effect, Layer, Redacted, Schema } from "effect"
import { Repository } from "../../driven/Repository.ts"
import { Deployment } from "../../driven/Deployment.ts"
import { Identity, type IdentityUnavailable, NotSignedIn, type Session } from "../../driven/Identity.ts"
import { Secrets } from "../../driven/Secrets.ts"
import type { StoreUnavailable } from "../../driven/StoreUnavailable.ts"

/** First characters of every API key, so that a leaked one is recognised by people and by secret scanners. */
export const apiKeyPrefix = "ptl_"

/** A caller with what a page shows of him. */
export interface SignedIn extends Access.Caller {
  readonly name: string
  /** Empty for a key. */
  readonly email: string
  readonly organizationName: string
  /** Whether this person also runs the installation (rule C15). */
  readonly operator: boolean
}

/** The person is known and belongs to no organization yet (rule P-R5: it comes before any account). */
export class NoOrganization extends Schema.TaggedError<NoOrganization>()("NoOrganization", { name: Schema.String }) {
  override get message(): string {
    return "You are signed in and belong to no organization yet. Create one, or accept an invitation to one."
  }
}

/** Says who is calling. */
export class Callers extends Context.Service<
  Callers,
  {
    /** Reads the session cookie, or an `Authorization: Bearer` key. Whoever sends a key means it: a bad one is refused. */
    readonly whoIs: (
      headers: Headers
    ) => Effect.Effect<SignedIn, NotSignedIn | NoOrganization | IdentityUnavailable | StoreUnavailable>

    /** The person behind a session, member of something or not. */
    readonly person: (headers: Headers) => Effect.Effect<Session, NotSignedIn | IdentityUnavailable>

    /** Somebody who runs the installation; refuses everybody else. */
    readonly operator: (
      headers: Headers
    ) => Effect.Effect<Access.Operator & Session, NotSignedIn | Refused.Refused | IdentityUnavailable>
  }
>()("@portolan/ports/driving/Callers") {
  /** The conversation over the driven ports. */
  static readonly layer = Layer.effect(
    Callers,
    Effect.gen(function* () {
      const identity = yield* Identity
      const store = yield* Repository
      const secrets = yield* Secrets
      const deployment = yield* Deployment
      const operators = new Set((deployment.operators ?? []).map((email) => email.trim().toLowerCase()))
      const isOperator = (session: Session) => operators.has(session.email.toLowerCase())

      const organization = (id: Id.OrganizationId): Effect.Effect<Organization.Open, NotSignedIn | StoreUnavailable> =>
        store.find("organization", id, id).pipe(
          Effect.map(({ state }) => state),
          Effect.catchTag("NotFound", () => Effect.fail(new NotSignedIn()))
        )

      const byKey = Effect.fnUntraced(function* (token: string) {
        const digest = yield* secrets.digest(Redacted.make(token))
        const { state: key } = yield* Effect.catchTag(store.apiKeyByDigest(digest), "NotFound", () =>
          Effect.fail(new NotSignedIn())
        )
        if (!ApiKey.isLive(key, yield* DateTime.now)) return yield* new NotSignedIn()
        const { name: organizationName } = yield* organization(key.organizationId)
        return {
          organizationId: key.organizationId,
          organizationName,
          role: key.role,
          accessScope: key.accessScope,
          scopes: key.scopes,
          name: key.name,
          email: "",
          operator: false,
          actor: { _tag: "ApiKey", keyId: key.id, name: key.name }
        } satisfies SignedIn
      })

      const bySession = Effect.fnUntraced(function* (headers: Headers) {
        const session = yield* identity.whoIs(headers)
        const memberships = yield* store.memberships(session.personId)
        const member =
          memberships.find(({ organizationId }) => organizationId === session.organizationId) ?? memberships[0]
        if (member === undefined) return yield* new NoOrganization({ name: session.name })
        const own = yield* organization(member.organizationId)
        const role = Member.roleIn(own, member)
        return {
          organizationId: own.id,
          organizationName: own.name,
          role,
          accessScope: role === "owner" || role === "admin" ? Access.everything : member.accessScope,
          name: session.name,
          email: session.email,
          operator: isOperator(session),
          actor: { _tag: "Person", personId: session.personId, name: session.name }
        } satisfies SignedIn
      })

      return Callers.of({
        whoIs: Effect.fn("Callers.whoIs")(function* (headers) {
          const authorization = headers.get("authorization")
          if (authorization === null) return yield* bySession(headers)
          const token = bearer.exec(authorization)?.[1]
          return token === undefined ? yield* new NotSignedIn() : yield* byKey(token)
        }),
        person: Effect.fn("Callers.person")(identity.whoIs),
        operator: Effect.fn("Callers.operator")(function* (headers) {
          const session = yield* identity.whoIs(headers)
          if (!isOperator(session)) {
            return yield* new Refused.Refused({
              subject: "Access",
              asked: "operate",
              reason: "not-permitted",
              detail: "Only people who run this installation may do that.",
              nextStep: "Ask your operator; whom this installation names as operators is one of its settings."
            })
          }
          return { ...session, actor: { _tag: "Operator", personId: session.personId, name: session.name } } as const
        })
      })
    })
  )
}

const bearer = new RegExp(`^bearer +(${apiKeyPrefix}[A-Za-z0-9_-]{20,128}) *$`, "i")
