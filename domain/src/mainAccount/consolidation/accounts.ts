/** What the commands about the provider's accounts lead to. */
import * as Array from "effect/Array"
import * as Option from "effect/Option"
import { given } from "../../kernel/given.ts"
import type { AccountId, CredentialId } from "../../kernel/Id.ts"
import { type Decision, happened, nothing } from "../../kernel/Machine.ts"
import { say } from "../../messages/Messages.ts"
import type { Catalogue } from "../../providers/Catalogue.ts"
import * as Channel from "../../providers/Channel.ts"
import * as Marketplace from "../../providers/Marketplace.ts"
import { shownBy } from "../coverage.ts"
import type { ProviderAccount, ProviderAccountId, SecondaryAccess } from "../ProviderAccount.ts"
import { granted } from "./accesses.ts"
import { noAccount, noCredential, otherProvider, refuse, tooMany, tooManyAccesses } from "./refusals.ts"
import { accountOf, type CommandOf, credentialOf, type Event, limits, type Open } from "./state.ts"

/** Whether the account's type and marketplaces are those of its provider. */
const fitsProvider = ({ accountType, marketplaceIds, provider }: ProviderAccount, catalogue: Catalogue): boolean =>
  Channel.required(provider, accountType, catalogue).length > 0 &&
  marketplaceIds.every((id) => Option.exists(Marketplace.find(id, catalogue), (found) => found.provider === provider))

/** Refuses an account of ours that is linked to another account of the provider. */
const linkObstacle = (
  command: string,
  state: Open,
  accountId: ProviderAccountId,
  linkedAccountId: AccountId | undefined
): Decision<never> | undefined =>
  linkedAccountId !== undefined &&
  state.accounts.some((one) => one.id !== accountId && one.linkedAccountId === linkedAccountId)
    ? refuse(command, "already-exists", say("consolidation.linked-elsewhere"), say("consolidation.link-one"))
    : undefined

/** Refuses an administrator that is unknown or belongs to another provider. */
const administratorObstacle = (command: string, state: Open, account: ProviderAccount): Decision<never> | undefined => {
  if (account.administratorId === undefined) return undefined
  const administrator = credentialOf(state, account.administratorId)
  if (administrator === undefined) return noCredential(command)
  return administrator.provider === account.provider ? undefined : otherProvider(command, administrator, account)
}

/** Accesses of logins that the provider showed the account to before it was added; they need no second look. */
const accessesSeen = (state: Open, account: ProviderAccount): ReadonlyArray<Event> =>
  state.looks
    .filter(
      ({ credentialId }) =>
        credentialId !== account.administratorId && credentialOf(state, credentialId)?.provider === account.provider
    )
    .flatMap(({ at, credentialId, unknown }) =>
      unknown
        .filter((one) => one.id === account.id)
        .map(({ permission }) =>
          granted(account, { accountId: account.id, credentialId, permission, source: "seen", since: at })
        )
    )

/** Adds an account of the provider, with the accesses to it that looks have shown. */
export const addAccount = (
  state: Open,
  { account }: CommandOf<"AddProviderAccount">,
  catalogue: Catalogue
): Decision<Event> => {
  const command = "AddProviderAccount"
  if (accountOf(state, account.id) !== undefined) {
    return refuse(command, "already-exists", say("consolidation.account-exists"), say("consolidation.use-existing"))
  }
  if (state.accounts.length >= limits.accounts) {
    return tooMany(command, say("consolidation.too-many-accounts", { limit: limits.accounts }))
  }
  if (!fitsProvider(account, catalogue)) {
    return refuse(
      command,
      "contradiction",
      say("consolidation.type-of-provider"),
      say("consolidation.choose-of-provider")
    )
  }
  const obstacle =
    linkObstacle(command, state, account.id, account.linkedAccountId) ?? administratorObstacle(command, state, account)
  if (obstacle !== undefined) return obstacle
  if (state.accesses.length + state.credentials.length > limits.accesses) return tooManyAccesses(command)
  return happened<Event>(
    { _tag: "ProviderAccountAdded", account: { ...account, marketplaceIds: Array.dedupe(account.marketplaceIds) } },
    ...accessesSeen(state, account)
  )
}

/** Links an account of the provider to one of ours. */
export const linkAccount = (
  state: Open,
  { accountId, linkedAccountId }: CommandOf<"LinkProviderAccount">
): Decision<Event> => {
  const command = "LinkProviderAccount"
  const account = accountOf(state, accountId)
  if (account === undefined) return noAccount(command)
  if (account.linkedAccountId === linkedAccountId) return nothing
  return (
    linkObstacle(command, state, accountId, linkedAccountId) ??
    happened<Event>({ _tag: "ProviderAccountLinked", accountId, linkedAccountId })
  )
}

/** Takes the link of an account of the provider back. */
export const unlinkAccount = (state: Open, { accountId }: CommandOf<"UnlinkProviderAccount">): Decision<Event> => {
  const account = accountOf(state, accountId)
  if (account === undefined) return noAccount("UnlinkProviderAccount")
  const { linkedAccountId } = account
  return linkedAccountId === undefined
    ? nothing
    : happened<Event>({ _tag: "ProviderAccountUnlinked", accountId, linkedAccountId })
}

/** Takes the name of a wrong administrator back. What looks with that login show of the account is true and stays. */
export const correctAdministrator = (
  state: Open,
  { accountId, credentialId }: CommandOf<"CorrectAdministrator">
): Decision<Event> => {
  const command = "CorrectAdministrator"
  const account = accountOf(state, accountId)
  if (account === undefined) return noAccount(command)
  const { administratorId: fromId } = account
  if (fromId === credentialId) return nothing
  if (credentialId !== undefined) {
    const obstacle = administratorObstacle(command, state, { ...account, administratorId: credentialId })
    if (obstacle !== undefined) return obstacle
    if (fromId === undefined) return happened<Event>({ _tag: "AdministratorNamed", accountId, credentialId })
  }
  return fromId === undefined
    ? nothing
    : happened<Event>({
        _tag: "AdministratorCorrected",
        accountId,
        fromId,
        ...given({ toId: credentialId, seen: seenBy(state, accountId, fromId) })
      })
}

/** What the looks with a login show of an account, as an access. */
const seenBy = (state: Open, accountId: ProviderAccountId, credentialId: CredentialId): SecondaryAccess | undefined => {
  const look = state.looks.find((one) => one.credentialId === credentialId)
  const permission = shownBy(look?.coverages ?? []).get(accountId)?.permission
  return look === undefined || permission === undefined
    ? undefined
    : { accountId, credentialId, permission, source: "seen", since: look.at }
}

/** Removes an account of the provider. */
export const removeAccount = (state: Open, { accountId }: CommandOf<"RemoveProviderAccount">): Decision<Event> =>
  accountOf(state, accountId) === undefined
    ? noAccount("RemoveProviderAccount")
    : happened<Event>({ _tag: "ProviderAccountRemoved", accountId })

/** Names the administrator of an account that has none. */
export const nameAdministrator = (
  state: Open,
  { accountId, credentialId }: CommandOf<"NameAdministrator">
): Decision<Event> => {
  const command = "NameAdministrator"
  const account = accountOf(state, accountId)
  const credential = credentialOf(state, credentialId)
  if (account === undefined) return noAccount(command)
  if (credential === undefined) return noCredential(command)
  if (account.administratorId === credentialId) return nothing
  if (account.administratorId !== undefined) {
    return refuse(
      command,
      "already-exists",
      say("consolidation.has-administrator", {
        account: account.name,
        administrator: credentialOf(state, account.administratorId)?.name ?? say("consolidation.another-login")
      }),
      say("consolidation.have-handed-over")
    )
  }
  return credential.provider === account.provider
    ? happened<Event>({ _tag: "AdministratorNamed", accountId, credentialId })
    : otherProvider(command, credential, account)
}
