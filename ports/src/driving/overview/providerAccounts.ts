/**
 * Between accounts as a provider's console knows them and accounts here (rules S-R3, S-R4): what a new one takes over
 * from an account here, and which of them a login was seen to reach.
 */
import {
  AccountType,
  type Consolidation,
  given,
  type Id,
  type Look,
  type Marketplace,
  Messages,
  Profile,
  type ProviderAccount,
  Refusal,
  type Refused,
  type Text
} from "@portolan/domain"
import { Effect, Option } from "effect"
import { CurrentCatalogue } from "../../driven/CurrentCatalogue.ts"
import { pageLimit } from "../../driven/Repository.ts"
import type { Deps } from "../shared/deps.ts"

/** An account that somebody adds. Linked to an account here, everything else may be left out. */
export interface NewProviderAccount {
  /** What the provider calls it (merchant or entity id), when that is known. */
  readonly id?: Profile.ExternalId
  readonly name?: Text.Name
  readonly accountType?: AccountType.AccountType
  readonly marketplaceIds?: ReadonlyArray<Marketplace.MarketplaceId>
  readonly linkedAccountId?: Id.AccountId
  readonly administratorId?: Id.CredentialId
}

const refused = (reason: Refused.Reason, detail: Messages.Message, nextStep: Messages.Message) =>
  Effect.fail(Refusal.make("Consolidation", "AddProviderAccount", reason, { detail, nextStep }))

/** Whose an account type is; refused when the installation does not know the type. */
const providerOf = Effect.fnUntraced(function* (accountType: AccountType.AccountType) {
  const row = AccountType.find(accountType, yield* CurrentCatalogue)
  if (Option.isSome(row)) return row.value.provider
  return yield* refused(
    "contradiction",
    Messages.say("account.type-unknown", { type: accountType }),
    Messages.say("account.choose-type-from-list")
  )
})

/** Reads an account here; refused when it belongs to another company. */
export const requireOwnAccount = Effect.fnUntraced(function* (
  { repository }: Deps<"repository">,
  { companyId, organizationId }: Pick<Consolidation.Open, "organizationId" | "companyId">,
  accountId: Id.AccountId
) {
  const { state } = yield* repository.find("account", organizationId, accountId)
  if (state.companyId === companyId) return state
  return yield* refused(
    "not-yours",
    Messages.say("consolidation.other-company"),
    Messages.say("consolidation.choose-of-company")
  )
})

/** The merchants or entities behind what an account here is connected to. */
const ownersOf = Effect.fnUntraced(function* (
  { repository }: Deps<"repository">,
  organizationId: Id.OrganizationId,
  accountId: Id.AccountId
) {
  const { items } = yield* repository
    .connections(
      organizationId,
      { accountId, states: ["Connected", "Limited", "ReauthorizationNeeded"] },
      { limit: pageLimit }
    )
    .pipe(
      // A first page has no cursor that could be invalid.
      Effect.catchTag("InvalidCursor", Effect.die)
    )
  const owners = new Set(items.flatMap((one) => ("link" in one ? [Profile.owner(one.link.profile)] : [])))
  return [...owners].filter((id): id is Profile.ExternalId => id !== undefined && Profile.isExternalId(id))
})

/** The provider's id when it is known or can be found out, else that of the account here, else `fallback`. */
const idOf = Effect.fnUntraced(function* (
  deps: Deps<"repository">,
  { accounts, organizationId }: Consolidation.Open,
  { id, linkedAccountId }: NewProviderAccount,
  fallback: Id.AccountId
) {
  if (id !== undefined) return id
  if (linkedAccountId === undefined) return fallback
  const owners = yield* ownersOf(deps, organizationId, linkedAccountId)
  return owners.find((owner) => !accounts.some((one) => one.id === owner)) ?? linkedAccountId
})

/** Fills in what a new account takes over from the account here; `fallback` is its id when none can be found out. */
export const completeAccount = Effect.fnUntraced(function* (
  deps: Deps<"repository">,
  state: Consolidation.Open,
  account: NewProviderAccount,
  fallback: Id.AccountId
) {
  const { administratorId, linkedAccountId } = account
  const linked = linkedAccountId === undefined ? undefined : yield* requireOwnAccount(deps, state, linkedAccountId)
  const name = account.name ?? linked?.name
  const accountType = account.accountType ?? linked?.accountType
  if (name === undefined || accountType === undefined) {
    return yield* refused(
      "contradiction",
      Messages.say("consolidation.name-and-type"),
      Messages.say("consolidation.give-both")
    )
  }
  return {
    id: yield* idOf(deps, state, account, fallback),
    name,
    accountType,
    provider: yield* providerOf(accountType),
    marketplaceIds: account.marketplaceIds ?? linked?.marketplaces ?? [],
    ...given({ linkedAccountId, administratorId })
  } satisfies ProviderAccount.ProviderAccount
})

/**
 * What a login was seen to reach, one sight a merchant or entity. Accounts that go by an id of ours are found through
 * what the account here is connected to.
 */
export const sightsOf = Effect.fnUntraced(function* (
  deps: Deps<"repository">,
  { accounts, organizationId }: Consolidation.Open,
  candidates: ReadonlyArray<Profile.Candidate>
) {
  const known = new Map<string, ProviderAccount.ProviderAccountId>()
  for (const { id, linkedAccountId } of accounts) {
    if (linkedAccountId === undefined || id !== linkedAccountId) continue
    for (const owner of yield* ownersOf(deps, organizationId, linkedAccountId)) known.set(owner, id)
  }
  return candidates.flatMap((candidate): ReadonlyArray<Look.SeenAccount> => {
    const owner = Profile.owner(candidate)
    // An agency's own profile is no account of anybody's: calls for it fail.
    if (owner === undefined || !Profile.isExternalId(owner) || candidate.type === "agency") return []
    return [{ id: known.get(owner) ?? owner, name: candidate.name, permission: Profile.permissionOf(candidate) }]
  })
})
