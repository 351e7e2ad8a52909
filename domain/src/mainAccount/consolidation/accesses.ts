/** What an administrator does at the provider, and what the provider shows to a login. */
import { given } from "../../kernel/given.ts"
import type { CredentialId } from "../../kernel/Id.ts"
import { type Decision, happened, nothing } from "../../kernel/Machine.ts"
import { say } from "../../messages/Messages.ts"
import type { Catalogue } from "../../providers/Catalogue.ts"
import { compare, isOld } from "../Look.ts"
import type { ProviderAccount, ProviderAccountId, SecondaryAccess } from "../ProviderAccount.ts"
import { noAccount, noCredential, otherProvider, refuse, tooMany, tooManyAccesses } from "./refusals.ts"
import { accessOf, accountOf, type CommandOf, credentialOf, type Event, limits, type Open } from "./state.ts"

const link = (account: ProviderAccount | undefined) => given({ linkedAccountId: account?.linkedAccountId })

/** An access that is new or changed. */
export const granted = (account: ProviderAccount | undefined, access: SecondaryAccess): Event => ({
  _tag: "SecondaryAccessGranted",
  access,
  ...link(account)
})

/**
 * Both parties are known and of one provider, and the performer is the account's administrator; nobody else may let a
 * login in or out (rule S-R2).
 */
const asAdministrator = (
  command: string,
  state: Open,
  {
    accountId,
    credentialId,
    performerId
  }: { readonly accountId: ProviderAccountId; readonly credentialId: CredentialId; readonly performerId: CredentialId },
  then: (account: ProviderAccount) => Decision<Event>
): Decision<Event> => {
  const account = accountOf(state, accountId)
  const credential = credentialOf(state, credentialId)
  if (account === undefined) return noAccount(command)
  if (credential === undefined) return noCredential(command)
  if (credential.provider !== account.provider) return otherProvider(command, credential, account)
  if (account.administratorId === credentialId) return nothing
  if (account.administratorId === undefined) {
    return refuse(
      command,
      "not-possible-now",
      say("consolidation.administrator-unknown", { account: account.name }),
      say("consolidation.name-administrator")
    )
  }
  if (account.administratorId === performerId) return then(account)
  return refuse(
    command,
    "not-permitted",
    say("consolidation.administrator-only", { account: account.name }),
    say("consolidation.have-them-sign-in", {
      administrator: credentialOf(state, account.administratorId)?.name ?? say("consolidation.the-administrator")
    })
  )
}

/** Hands the administration of an account over to another login. */
export const handOver = (state: Open, { accountId, at, performerId, toId }: CommandOf<"HandOver">): Decision<Event> =>
  asAdministrator("HandOver", state, { accountId, credentialId: toId, performerId }, (account) =>
    happened<Event>({ _tag: "AdministrationHandedOver", accountId, fromId: performerId, toId, at, ...link(account) })
  )

/** Lets a login in, or changes what it may do. */
export const grant = (state: Open, command: CommandOf<"Grant">): Decision<Event> =>
  asAdministrator("Grant", state, command, (account) => {
    const { accountId, at, credentialId, permission } = command
    const known = accessOf(state, accountId, credentialId)
    if (known?.permission === permission) return nothing
    return known === undefined && state.accesses.length >= limits.accesses
      ? tooManyAccesses("Grant")
      : happened(granted(account, { accountId, credentialId, permission, source: "told", since: at }))
  })

/** Takes a login's access away. */
export const withdraw = (state: Open, command: CommandOf<"Withdraw">): Decision<Event> => {
  const { accountId, at, credentialId } = command
  const administered = accountOf(state, accountId)
  if (administered !== undefined && administered.administratorId === credentialId) {
    return refuse(
      "Withdraw",
      "not-possible-now",
      say("consolidation.administers", { account: administered.name }),
      say("consolidation.hand-over-first")
    )
  }
  return asAdministrator("Withdraw", state, command, (account) =>
    accessOf(state, accountId, credentialId) === undefined
      ? nothing
      : happened<Event>({
          _tag: "SecondaryAccessRemoved",
          accountId,
          credentialId,
          source: "told",
          at,
          ...link(account)
        })
  )
}

/** Mirrors the accounts that the provider shows to a login. */
export const observe = (state: Open, command: CommandOf<"Observe">, catalogue: Catalogue): Decision<Event> => {
  const { at, credentialId, visible } = command
  const credential = credentialOf(state, credentialId)
  if (credential === undefined) return noCredential("Observe")
  const last = state.looks.find((look) => look.credentialId === credentialId)
  const marketplaceIds = [...catalogue.marketplaces.values()]
    .filter(({ provider }) => provider === credential.provider)
    .map(({ id }) => id)
  if (isOld(last, command, marketplaceIds)) return nothing
  if (visible.length > limits.seen) {
    return tooMany("Observe", say("consolidation.too-many-seen", { limit: limits.seen }))
  }
  const accesses = state.accesses.filter((access) => access.credentialId === credentialId)
  const { gained, look, lost } = compare(
    { credential, accounts: state.accounts, accesses, marketplaceIds, ...given({ last }) },
    command
  )
  const others = state.looks.reduce((sum, one) => (one === last ? sum : sum + one.unknown.length), 0)
  if (others + look.unknown.length > limits.unknown) {
    return tooMany("Observe", say("consolidation.too-many-unknown", { limit: limits.unknown }))
  }
  const more = gained.filter((access) => accessOf(state, access.accountId, credentialId) === undefined).length
  if (state.accesses.length - lost.length + more > limits.accesses) return tooManyAccesses("Observe")
  return happened<Event>(
    ...gained.map((access) => granted(accountOf(state, access.accountId), access)),
    ...lost.map(({ accountId }): Event => ({
      _tag: "SecondaryAccessRemoved",
      accountId,
      credentialId,
      source: "seen",
      at,
      ...link(accountOf(state, accountId))
    })),
    { _tag: "LoginObserved", look }
  )
}
