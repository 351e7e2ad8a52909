/**
 * Between accounts as a provider's console knows them and accounts here (rules S-R3, S-R4): what a new one takes over from an
 * account here, and which of them a login's look is about.
 */
import {
  AccountType,
  type Consolidation,
  type Id,
  type Look,
  type Marketplace,
  Profile,
  type ProviderAccount,
  Refused,
  type Text
} from "@portolan/domain"
import { Effect, Option } from "effect"
import { CurrentCatalogue } from "../../driven/CurrentCatalogue.ts"
import { Repository, pageLimit } from "../../driven/Repository.ts"

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

const refused = (reason: Refused.Reason, detail: string, nextStep: string) =>
  Effect.fail(new Refused.Refused({ subject: "Consolidation", asked: "AddProviderAccount", reason, detail, nextStep }))

/** Whose an account type is; refused when the installation does not know the type. */
const providerOf = Effect.fnUntraced(function* (accountType: AccountType.AccountType) {
  const row = AccountType.find(accountType, yield* CurrentCatalogue)
  return Option.isSome(row)
    ? row.value.provider
    : yield* refused("contradiction", `No account type has the name ${accountType}.`, "Choose one from the list.")
})

/** Builds what the conversation needs, once per service. */
export const makeProviderAccounts = Effect.gen(function* () {
  const store = yield* Repository

  /** An account here, of this company; refused when it is another company's. */
  const own = Effect.fnUntraced(function* (
    organizationId: Id.OrganizationId,
    companyId: Id.CompanyId,
    accountId: Id.AccountId
  ) {
    const { state } = yield* store.find("account", organizationId, accountId)
    if (state.companyId === companyId) return state
    return yield* refused("not-yours", "This account belongs to another company.", "Choose an account of this company.")
  })

  /** The merchants or entities behind what an account here is connected to. */
  const owners = Effect.fnUntraced(function* (organizationId: Id.OrganizationId, accountId: Id.AccountId) {
    const { items } = yield* (
      store
        .connections(
          organizationId,
          { accountId, states: ["Connected", "Limited", "ReauthorizationNeeded"] },
          { limit: pageLimit }
        )
        // A first page has no cursor that could be invalid.
        .pipe(Effect.catchTag("InvalidCursor", Effect.die))
    )
    return [...new Set(items.flatMap((one) => ("link" in one ? [Profile.owner(one.link.profile)] : [])))].filter(
      (id): id is Profile.ExternalId => id !== undefined && Profile.isExternalId(id)
    )
  })

  /** The provider's id when it is known or can be found out, else our own for the account, else one that stands for it. */
  const idOf = Effect.fnUntraced(function* (
    state: Consolidation.Open,
    account: NewProviderAccount,
    fallback: Id.AccountId
  ) {
    if (account.id !== undefined) return account.id
    const { linkedAccountId } = account
    if (linkedAccountId === undefined) return fallback
    const found = yield* owners(state.organizationId, linkedAccountId)
    return found.find((id) => !state.accounts.some((one) => one.id === id)) ?? linkedAccountId
  })

  /** Fills in what a new account takes over. */
  const complete = Effect.fnUntraced(function* (
    state: Consolidation.Open,
    account: NewProviderAccount,
    fallback: Id.AccountId
  ) {
    const { administratorId, linkedAccountId } = account
    const linked =
      linkedAccountId === undefined ? undefined : yield* own(state.organizationId, state.companyId, linkedAccountId)
    const name = account.name ?? linked?.name
    const accountType = account.accountType ?? linked?.accountType
    if (name === undefined || accountType === undefined) {
      return yield* refused(
        "contradiction",
        "An account that is not linked needs a name and a type.",
        "Give both, or link it to an account here."
      )
    }
    return {
      id: yield* idOf(state, account, fallback),
      name,
      accountType,
      provider: yield* providerOf(accountType),
      marketplaceIds: account.marketplaceIds ?? linked?.marketplaces ?? [],
      ...(linkedAccountId === undefined ? {} : { linkedAccountId }),
      ...(administratorId === undefined ? {} : { administratorId })
    } satisfies ProviderAccount.ProviderAccount
  })

  /**
   * What a login was seen to reach, one sight a merchant or entity. Accounts that go by an id of ours are found through
   * what the account here is connected to.
   */
  const sights = Effect.fnUntraced(function* (
    organizationId: Id.OrganizationId,
    state: Consolidation.Open,
    seen: ReadonlyArray<Profile.Candidate>
  ) {
    const known = new Map<string, ProviderAccount.ProviderAccountId>()
    for (const { id, linkedAccountId } of state.accounts) {
      if (linkedAccountId === undefined || id !== linkedAccountId) continue
      for (const owner of yield* owners(organizationId, linkedAccountId)) known.set(owner, id)
    }
    return seen.flatMap((candidate): ReadonlyArray<Look.Sight> => {
      const owner = Profile.owner(candidate)
      // An agency's own profile is no account of anybody's (field problem: calls for it fail).
      if (owner === undefined || !Profile.isExternalId(owner) || candidate.type === "agency") return []
      return [{ id: known.get(owner) ?? owner, name: candidate.name, permission: Profile.permissionOf(candidate) }]
    })
  })

  return { own, complete, sights }
})
