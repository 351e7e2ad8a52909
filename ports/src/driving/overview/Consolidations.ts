/**
 * The conversation about gathering a company's accounts under one main login (flow F4, rules S-R1 to S-R7). It records what
 * people say they did and what a login was really seen to reach; nothing here changes anything at a provider. One
 * consolidation a company: its id follows from the company's, and it begins with the first thing that is told.
 */
import {
  type Access,
  Access as Rights,
  type Actor,
  type Company,
  Consolidation,
  ConsolidationPlan,
  type Grant,
  type Id,
  Marketplace,
  Messages,
  PlanShare,
  Postage,
  Profile,
  Provider,
  Refused,
  type Text
} from "@portolan/domain"
import { Context, DateTime, Effect, Layer, Redacted } from "effect"
import { CurrentCatalogue } from "../../driven/CurrentCatalogue.ts"
import { Repository, NotFound, pageLimit, type Versioned } from "../../driven/Repository.ts"
import { type CallError, ProviderApi } from "../../driven/ProviderApi.ts"
import { Secrets } from "../../driven/Secrets.ts"
import type { StoreUnavailable } from "../../driven/StoreUnavailable.ts"
import type { CommitError } from "../../driven/UnitOfWork.ts"
import { AccessTokens, type TokenError } from "../tokens/AccessTokens.ts"
import { decideWith, makeCommit, onConflictAgain } from "../shared/change.ts"
import { makeIdempotency, type IdempotencyKey, idempotencyRecord } from "../shared/creating.ts"
import { makeFixedId } from "../shared/fixedId.ts"
import { makePlanAddress, type SharedPlan } from "./planAddress.ts"
import { makePostage } from "../requests/postage.ts"
import { type NewProviderAccount, makeProviderAccounts } from "./providerAccounts.ts"
import { makeAccessScope } from "../shared/reach.ts"
import { accessTo, asGrant } from "../tokens/withToken.ts"

export type { SharedPlan } from "./planAddress.ts"
export type { NewProviderAccount } from "./providerAccounts.ts"

/** What somebody may tell of a consolidation that exists; `performerId` is the login that did it at the provider. */
export type Told =
  | WithoutInstant<
      Extract<
        Consolidation.Command,
        {
          readonly _tag:
            | "RemoveCredential"
            | "LinkProviderAccount"
            | "RemoveProviderAccount"
            | "NameAdministrator"
            | "HandOver"
            | "Grant"
            | "Withdraw"
            | "ChooseMain"
        }
      >
    >
  | CorrectCredential
/** Another name or address of a login. It stays with its provider, and what the provider calls it is kept unless given. */
interface CorrectCredential {
  readonly _tag: "CorrectCredential"
  readonly credential: Omit<Consolidation.Open["credentials"][number], "provider">
}
type WithoutInstant<C> = C extends { readonly at: DateTime.Utc } ? Omit<C, "at"> : C

/** A login that somebody adds. */
export type NewCredential = Omit<Consolidation.Open["credentials"][number], "id" | "providerUserId">

/** A consent that can be asked what its login sees, and the login it is known to belong to. */
export interface Consent {
  readonly grant: Grant.Active
  /** Names of the profiles it serves, which tell consents apart; none for those who do not see every account (rule K-R17). */
  readonly profiles: ReadonlyArray<string>
  readonly credentialId?: Id.CredentialId
}

/** The address that shows the plan, for those who may send it. */
export interface Address {
  readonly share: PlanShare.Share
  /** Absent when it does not work any more. */
  readonly url?: Redacted.Redacted<string>
}

/** A company's logins and accounts, and what is still to be done. */
export interface ConsolidationView {
  readonly company: Company.Open
  /** Empty while nobody has told anything. */
  readonly consolidation: Consolidation.Open
  readonly plan: ConsolidationPlan.Plan
  /** The logins through which each account can be reached, the strongest first (rule S-R7). */
  readonly coverage: ReadonlyArray<{
    readonly accountId: Consolidation.Open["accounts"][number]["id"]
    readonly logins: ReturnType<typeof ConsolidationPlan.coverage>
  }>
  /** At most one page of them, the youngest first. */
  readonly consents: ReadonlyArray<Consent>
  readonly address?: Address
}

/** A person the plan is mailed to. */
export interface Recipient {
  readonly email: Text.Email
  readonly name?: Text.Name
  readonly message?: string
}

type ChangeError = Refused.Refused | NotFound | CommitError

/** Gathers accounts under one login. For callers who reach everything: the logins of a company concern all its accounts. */
export class Consolidations extends Context.Service<
  Consolidations,
  {
    /** Shows a company's consolidation with its plan; an empty one when nobody has begun. */
    readonly view: (
      caller: Access.Caller,
      companyId: Id.CompanyId
    ) => Effect.Effect<ConsolidationView, Refused.Refused | NotFound | StoreUnavailable>

    /** Adds a login. */
    readonly addCredential: (
      caller: Access.Caller,
      companyId: Id.CompanyId,
      credential: NewCredential,
      idempotencyKey?: IdempotencyKey
    ) => Effect.Effect<ConsolidationView, ChangeError>

    /** Adds an account of the provider; one that is linked to an account here takes name, type and countries from it. */
    readonly addAccount: (
      caller: Access.Caller,
      companyId: Id.CompanyId,
      account: NewProviderAccount,
      idempotencyKey?: IdempotencyKey
    ) => Effect.Effect<ConsolidationView, ChangeError>

    /** Records what somebody tells: who administers, who was granted what, which login is the main one. */
    readonly tell: (
      caller: Access.Caller,
      companyId: Id.CompanyId,
      told: Told
    ) => Effect.Effect<ConsolidationView, ChangeError>

    /**
     * Asks the provider what a login sees and records it: accesses gained and lost, accounts nobody has added (rules S-R3,
     * S-R6). Without a consent named, the one that this login is known to have given is asked.
     */
    readonly observe: (
      caller: Access.Caller,
      companyId: Id.CompanyId,
      credentialId: Id.CredentialId,
      grantId?: Id.GrantId
    ) => Effect.Effect<ConsolidationView, ChangeError | TokenError | CallError>

    /** Makes an address that shows the plan without a sign-in, for 30 days; an earlier one stops working. */
    readonly share: (caller: Access.Caller, companyId: Id.CompanyId) => Effect.Effect<ConsolidationView, ChangeError>

    /** Withdraws the address. */
    readonly unshare: (caller: Access.Caller, companyId: Id.CompanyId) => Effect.Effect<ConsolidationView, ChangeError>

    /** Mails the address to somebody who has to sign in for the plan; makes one when there is none that works. */
    readonly mail: (
      caller: Access.Caller,
      companyId: Id.CompanyId,
      to: Recipient
    ) => Effect.Effect<ConsolidationView, ChangeError>

    /**
     * The plan behind an address, for anybody who has it. An address that never was and one that a newer one replaced are not
     * found in the same words; the latest one tells when its time is over.
     */
    readonly shared: (
      token: Redacted.Redacted<string>
    ) => Effect.Effect<SharedPlan, Refused.Refused | NotFound | StoreUnavailable>
  }
>()("@portolan/ports/driving/Consolidations") {
  /** The conversation over the driven ports. */
  static readonly layer = Layer.effect(
    Consolidations,
    Effect.gen(function* () {
      const catalogue = yield* CurrentCatalogue
      const decide = decideWith(catalogue)
      const lookups = [...catalogue.channels.values()].filter(({ accountLookup }) => accountLookup !== undefined)
      const store = yield* Repository
      const provider = yield* ProviderApi
      const tokens = yield* AccessTokens
      const secrets = yield* Secrets
      const commit = yield* makeCommit
      const withIdempotency = yield* makeIdempotency
      const accessScope = yield* makeAccessScope
      const fixedId = yield* makeFixedId
      const address = yield* makePlanAddress
      const postage = yield* makePostage
      const accounts = yield* makeProviderAccounts

      const companyOf = Effect.fnUntraced(function* (
        caller: Access.Caller,
        action: Access.Action,
        companyId: Id.CompanyId
      ) {
        yield* accessScope.requireUnrestricted(caller, action)
        return (yield* store.find("company", caller.organizationId, companyId)).state
      })

      const read = Effect.fnUntraced(function* ({ id: companyId, createdAt, organizationId }: Company.Open) {
        const id = yield* fixedId("consolidation", companyId)
        const found: Versioned<Consolidation.Open> | undefined = yield* Effect.catchTag(
          store.find("consolidation", organizationId, id),
          "NotFound",
          () => Effect.succeed(undefined)
        )
        const state: Consolidation.Open = found?.state ?? {
          _tag: "Open",
          id,
          organizationId,
          companyId,
          openedAt: createdAt,
          credentials: [],
          accounts: [],
          accesses: [],
          looks: []
        }
        return { id, found, state }
      })

      /** The consents whose login can be asked what it sees: those for advertising, which mirror the console (rule S-R3). */
      const askable = Effect.fnUntraced(function* (organizationId: Id.OrganizationId) {
        const pages = yield* Effect.forEach(lookups, ({ id: channel }) =>
          store.grants(organizationId, { channel, states: ["Active"] }, { limit: pageLimit }).pipe(
            // A first page has no cursor that could be invalid.
            Effect.catchTag("InvalidCursor", Effect.die)
          )
        )
        return pages.flatMap(({ items }) => items.filter((grant): grant is Grant.Active => grant._tag === "Active"))
      })

      const belongs = (state: Consolidation.Open, { grantor }: Grant.Active) =>
        grantor === undefined ? undefined : state.credentials.find(({ providerUserId }) => providerUserId === grantor)

      const view = Effect.fnUntraced(function* (caller: Access.Caller, company: Company.Open) {
        const { state } = yield* read(company)
        const now = yield* DateTime.now
        const consents = yield* Effect.forEach(
          yield* askable(caller.organizationId),
          (grant) =>
            Effect.map(store.connectionsOfGrant(caller.organizationId, grant.id), (users): Consent => {
              const credential = belongs(state, grant)
              const profiles =
                caller.accessScope._tag === "Everything" ? users.map((user) => user.state.link.profile.name) : []
              return { grant, profiles, ...(credential === undefined ? {} : { credentialId: credential.id }) }
            }),
          { concurrency: 4 }
        )
        const { share } = state
        const shown =
          share === undefined || !Rights.can(caller, "connect")
            ? {}
            : {
                address: {
                  share,
                  ...(PlanShare.isLive(share, share.round, now) ? { url: yield* address.of(state, share.round) } : {})
                }
              }
        return {
          company,
          consolidation: state,
          plan: ConsolidationPlan.plan(state, catalogue),
          consents,
          ...shown,
          coverage: state.accounts.map(({ id }) => ({ accountId: id, logins: ConsolidationPlan.coverage(state, id) }))
        } satisfies ConsolidationView
      })

      type Make<E> = (
        state: Consolidation.Open,
        at: DateTime.Utc,
        by: Actor.Actor
      ) => Effect.Effect<ReadonlyArray<Consolidation.Command>, E>

      /** Decides on a company's consolidation, which begins with the first command. */
      const write = <E>(
        caller: Access.Caller,
        company: Company.Open,
        make: Make<E>,
        idempotency: ReturnType<typeof idempotencyRecord> = {}
      ) =>
        onConflictAgain(
          Effect.gen(function* () {
            const { actor, organizationId } = caller
            const { found, id, state } = yield* read(company)
            const at = yield* DateTime.now
            const begin: ReadonlyArray<Consolidation.Command> =
              found !== undefined
                ? []
                : [{ _tag: "Open", consolidation: { id, organizationId, companyId: company.id, openedAt: at } }]
            const decided = yield* Effect.fromResult(
              decide("consolidation", id, found, ...begin, ...(yield* make(state, at, actor)))
            )
            const paid = yield* postage.pay(organizationId, decided.events.flatMap(Postage.addressed))
            yield* commit({ organizationId, actor, at, ...idempotency }, [decided, ...paid])
          })
        )

      const change = <E>(caller: Access.Caller, companyId: Id.CompanyId, make: Make<E>) =>
        Effect.gen(function* () {
          const company = yield* companyOf(caller, "connect", companyId)
          yield* write(caller, company, make)
          return yield* view(caller, company)
        })

      /** The same for what gets an id of ours, which a repeated request must not get twice. */
      const create = <E>(
        caller: Access.Caller,
        companyId: Id.CompanyId,
        idempotencyKey: IdempotencyKey | undefined,
        id: string,
        make: Make<E>
      ) =>
        Effect.gen(function* () {
          const company = yield* companyOf(caller, "connect", companyId)
          return yield* withIdempotency(
            caller.organizationId,
            idempotencyKey,
            Effect.as(write(caller, company, make, idempotencyRecord(idempotencyKey, id)), id),
            () => view(caller, company)
          )
        })

      const refused = (asked: string, reason: Refused.Reason, detail: string, nextStep: string) =>
        Effect.fail(new Refused.Refused({ subject: "Consolidation", asked, reason, detail, nextStep }))

      /** The consent to ask: the one that was named, or one that this login gave. */
      const consentOf = Effect.fnUntraced(function* (
        organizationId: Id.OrganizationId,
        credential: Consolidation.Open["credentials"][number],
        grantId: Id.GrantId | undefined
      ) {
        const lookup = lookups.find(({ provider: its }) => its === credential.provider)
        const providerName = Provider.label(credential.provider, catalogue)
        const all = grantId === undefined ? yield* askable(organizationId) : []
        const grant =
          grantId !== undefined
            ? (yield* store.find("grant", organizationId, grantId)).state
            : all.find(({ grantor }) => grantor !== undefined && grantor === credential.providerUserId)
        if (grant === undefined || grant._tag !== "Active") {
          return yield* refused(
            "Observe",
            "not-possible-now",
            `${credential.name} has no consent that can be asked.`,
            lookup?.accountLookup?.nextStep ?? Messages.text("consolidation.no-lookup", { provider: providerName })
          )
        }
        if (grant.channel !== lookup?.id) {
          return yield* refused(
            "Observe",
            "contradiction",
            lookup === undefined
              ? Messages.text("consolidation.no-lookup", { provider: providerName })
              : Messages.text("consolidation.lookup-only", { channel: lookup.label }),
            "Choose a consent for advertising, given by this login."
          )
        }
        if (
          credential.providerUserId !== undefined &&
          grant.grantor !== undefined &&
          grant.grantor !== credential.providerUserId
        ) {
          return yield* refused(
            "Observe",
            "different-identity",
            `This consent was given by another login than ${credential.name}.`,
            "Choose a consent of this login, or sign in with it."
          )
        }
        return grant
      })

      const observe = Effect.fnUntraced(function* (
        caller: Access.Caller,
        company: Company.Open,
        credentialId: Id.CredentialId,
        grantId: Id.GrantId | undefined
      ) {
        const { organizationId } = caller
        const { state } = yield* read(company)
        const credential = state.credentials.find(({ id }) => id === credentialId)
        if (credential === undefined) return yield* new NotFound({ kind: "login", id: credentialId })
        const grant = yield* consentOf(organizationId, credential, grantId)
        const marketplaceIds = Marketplace.inRegion(grant.region, catalogue).map(({ id }) => id)
        const [marketplaceId] = marketplaceIds
        const accountType = [...catalogue.accountTypes.values()].find(({ channels }) =>
          channels.some(({ channel }) => channel === grant.channel)
        )?.id
        if (marketplaceId === undefined || accountType === undefined) {
          return yield* Effect.die(`no marketplace in ${grant.region}, or no account type for ${grant.channel}`)
        }
        const at = yield* DateTime.now
        const seen = yield* asGrant(tokens, grant, (accessToken) =>
          provider.discover(accessTo({ ...grant, accountType, marketplaceId }, accessToken, grant))
        )
        const visible = yield* accounts.sights(organizationId, state, seen)
        const { grantor } = grant
        yield* write(caller, company, (now) => {
          const known = now.credentials.find(({ id }) => id === credentialId)
          const providerUserId = grantor !== undefined && Profile.isExternalId(grantor) ? grantor : undefined
          return Effect.succeed([
            ...(known === undefined || known.providerUserId !== undefined || providerUserId === undefined
              ? []
              : [{ _tag: "CorrectCredential", credential: { ...known, providerUserId } } as const]),
            { _tag: "Observe", credentialId, visible, at, marketplaceIds }
          ])
        })
      })

      const corrected = ({ credentials }: Consolidation.Open, { credential }: CorrectCredential) => {
        const known = credentials.find(({ id }) => id === credential.id)
        if (known === undefined) return Effect.fail(new NotFound({ kind: "login", id: credential.id }))
        const { provider: whose, providerUserId } = known
        return Effect.succeed({
          _tag: "CorrectCredential",
          credential: { ...(providerUserId === undefined ? {} : { providerUserId }), ...credential, provider: whose }
        } as const)
      }

      const nextRound = (state: Consolidation.Open) => (state.share?.round ?? 0) + 1
      const share = (state: Consolidation.Open, by: Actor.Actor, at: DateTime.Utc) =>
        ({ _tag: "Share", round: nextRound(state), by, at }) as const

      return Consolidations.of({
        view: Effect.fn("Consolidations.view")(function* (caller, companyId) {
          return yield* view(caller, yield* companyOf(caller, "read", companyId))
        }),

        addCredential: Effect.fn("Consolidations.addCredential")(
          function* (caller, companyId, credential, idempotencyKey) {
            const id = yield* secrets.id("credential")
            return yield* create(caller, companyId, idempotencyKey, id, () =>
              Effect.succeed([{ _tag: "AddCredential", credential: { ...credential, id } }])
            )
          }
        ),

        addAccount: Effect.fn("Consolidations.addAccount")(function* (caller, companyId, account, idempotencyKey) {
          const fallback = yield* secrets.id("account")
          return yield* create(caller, companyId, idempotencyKey, fallback, (state) =>
            Effect.map(accounts.complete(state, account, fallback), (complete) => [
              { _tag: "AddProviderAccount", account: complete }
            ])
          )
        }),

        tell: Effect.fn("Consolidations.tell")((caller, companyId, told) =>
          change(caller, companyId, (state, at) =>
            Effect.gen(function* () {
              if (told._tag === "CorrectCredential") return [yield* corrected(state, told)]
              if (told._tag === "LinkProviderAccount")
                yield* accounts.own(caller.organizationId, companyId, told.linkedAccountId)
              return [{ ...told, at }]
            })
          )
        ),

        observe: Effect.fn("Consolidations.observe")(function* (caller, companyId, credentialId, grantId) {
          const company = yield* companyOf(caller, "connect", companyId)
          yield* observe(caller, company, credentialId, grantId)
          return yield* view(caller, company)
        }),

        share: Effect.fn("Consolidations.share")((caller, companyId) =>
          change(caller, companyId, (state, at, by) => Effect.succeed([share(state, by, at)]))
        ),

        unshare: Effect.fn("Consolidations.unshare")((caller, companyId) =>
          change(caller, companyId, (state, at, by) =>
            Effect.succeed([{ _tag: "WithdrawShare", round: state.share?.round ?? 0, by, at }])
          )
        ),

        mail: Effect.fn("Consolidations.mail")((caller, companyId, { email, message, name }) =>
          change(caller, companyId, (state, at, by) => {
            const current = state.share
            const live = PlanShare.isLive(current, current?.round ?? 0, at) ? current : undefined
            return Effect.succeed([
              ...(live === undefined ? [share(state, by, at)] : []),
              {
                _tag: "MailPlan",
                round: live?.round ?? nextRound(state),
                mail: {
                  number: (live?.mails.length ?? 0) + 1,
                  to: email,
                  by,
                  at,
                  ...(name === undefined ? {} : { name }),
                  ...(message === undefined ? {} : { message })
                }
              }
            ])
          })
        ),

        shared: Effect.fn("Consolidations.shared")((token) => address.read(token))
      })
    })
  )
}
