/** What the events of a consolidation make of its state. */
import type { DateTime } from "effect"
import { given } from "../../kernel/given.ts"
import type { CredentialId } from "../../kernel/Id.ts"
import { type Coverage, forgetting, outdatedBy } from "../coverage.ts"
import type { Look } from "../Look.ts"
import * as PlanShare from "../PlanShare.ts"
import type { ProviderAccount, ProviderAccountId, SecondaryAccess } from "../ProviderAccount.ts"
import { accountOf, credentialOf, type Event, type EventOf, type Open, type State } from "./state.ts"

const changeAccount = (
  state: Open,
  id: ProviderAccountId,
  change: Partial<ProviderAccount>
): ReadonlyArray<ProviderAccount> =>
  state.accounts.map((account) => (account.id === id ? { ...account, ...change } : account))

const accessesBut = (
  accesses: ReadonlyArray<SecondaryAccess>,
  accountId: ProviderAccountId,
  credentialId: CredentialId
): ReadonlyArray<SecondaryAccess> =>
  accesses.filter((one) => one.accountId !== accountId || one.credentialId !== credentialId)

const notDoubted = (looks: ReadonlyArray<Look>, accountId: ProviderAccountId): ReadonlyArray<Look> =>
  looks.map((look) => ({ ...look, doubted: look.doubted.filter((id) => id !== accountId) }))

const changeCoverages = (
  look: Look,
  change: (coverages: ReadonlyArray<Coverage>) => ReadonlyArray<Coverage>
): Look => ({ ...look, ...given({ coverages: look.coverages === undefined ? undefined : change(look.coverages) }) })

/** Earlier looks of a login say nothing any more about an account that somebody reported on. */
const looksReported = (
  looks: ReadonlyArray<Look>,
  accountId: ProviderAccountId,
  logins: ReadonlyArray<CredentialId>,
  at: DateTime.Utc
): ReadonlyArray<Look> =>
  looks.map((look) =>
    logins.includes(look.credentialId) ? changeCoverages(look, (all) => outdatedBy(all, accountId, at)) : look
  )

const credentialRemoved = (state: Open, { credentialId }: EventOf<"CredentialRemoved">): Open => ({
  ...state,
  credentials: state.credentials.filter((one) => one.id !== credentialId),
  accesses: state.accesses.filter((one) => one.credentialId !== credentialId),
  looks: state.looks.filter((one) => one.credentialId !== credentialId)
})

const accountAdded = (state: Open, { account }: EventOf<"ProviderAccountAdded">): Open => {
  if (accountOf(state, account.id) !== undefined) return state
  const looks = state.looks.map((look) => ({ ...look, unknown: look.unknown.filter((one) => one.id !== account.id) }))
  return { ...state, accounts: [...state.accounts, account], looks }
}

const accountRemoved = (state: Open, { accountId }: EventOf<"ProviderAccountRemoved">): Open => ({
  ...state,
  accounts: state.accounts.filter((one) => one.id !== accountId),
  accesses: state.accesses.filter((one) => one.accountId !== accountId),
  looks: notDoubted(state.looks, accountId).map((look) => changeCoverages(look, (all) => forgetting(all, accountId)))
})

const administratorNamed = (state: Open, { accountId, credentialId }: EventOf<"AdministratorNamed">): Open => ({
  ...state,
  accounts: changeAccount(state, accountId, { administratorId: credentialId }),
  accesses: accessesBut(state.accesses, accountId, credentialId)
})

const accountUnlinked = (state: Open, { accountId, linkedAccountId }: EventOf<"ProviderAccountUnlinked">): Open => ({
  ...state,
  accounts: state.accounts.map((account) => {
    if (account.id !== accountId || account.linkedAccountId !== linkedAccountId) return account
    const { linkedAccountId: _linked, ...rest } = account
    return rest
  })
})

/** Whoever was named by mistake never administered it: they keep what looks show, and nothing by the name. */
const administratorCorrected = (
  state: Open,
  { accountId, fromId, seen, toId }: EventOf<"AdministratorCorrected">
): Open => {
  if (accountOf(state, accountId) === undefined) return state
  const others = accessesBut(state.accesses, accountId, fromId)
  const accesses = seen === undefined ? others : accessesBut(others, seen.accountId, seen.credentialId)
  return {
    ...state,
    accounts: state.accounts.map((account) => {
      if (account.id !== accountId) return account
      const { administratorId: _named, ...rest } = account
      return { ...rest, ...given({ administratorId: toId }) }
    }),
    accesses: [
      ...(toId === undefined ? accesses : accessesBut(accesses, accountId, toId)),
      ...(seen === undefined ? [] : [seen])
    ],
    looks: notDoubted(state.looks, accountId)
  }
}

const handedOver = (state: Open, { accountId, at, fromId, toId }: EventOf<"AdministrationHandedOver">): Open => {
  if (accountOf(state, accountId) === undefined) return state
  const accesses = accessesBut(accessesBut(state.accesses, accountId, toId), accountId, fromId)
  return {
    ...state,
    accounts: changeAccount(state, accountId, { administratorId: toId }),
    accesses: [...accesses, { accountId, credentialId: fromId, permission: "edit", source: "told", since: at }],
    looks: looksReported(notDoubted(state.looks, accountId), accountId, [fromId, toId], at)
  }
}

const accessGranted = (state: Open, { access }: EventOf<"SecondaryAccessGranted">): Open => {
  const { accountId, credentialId, since, source } = access
  if (accountOf(state, accountId) === undefined) return state
  const looks = source === "told" ? looksReported(state.looks, accountId, [credentialId], since) : state.looks
  return { ...state, accesses: [...accessesBut(state.accesses, accountId, credentialId), access], looks }
}

const accessRemoved = (state: Open, event: EventOf<"SecondaryAccessRemoved">): Open => {
  const { accountId, at, credentialId, source } = event
  const looks = source === "told" ? looksReported(state.looks, accountId, [credentialId], at) : state.looks
  return { ...state, accesses: accessesBut(state.accesses, accountId, credentialId), looks }
}

const shareChanged = (state: Open, event: PlanShare.Event): Open => {
  const share = PlanShare.evolve(state.share, event)
  return share === undefined || share === state.share ? state : { ...state, share }
}

/** Applies a fact. Total: a fact about a login or an account that is not here changes nothing. */
export const evolve = (state: State, event: Event): State => {
  if (event._tag === "ConsolidationOpened") {
    return state._tag === "Absent"
      ? { ...event, _tag: "Open", credentials: [], accounts: [], accesses: [], looks: [] }
      : state
  }
  return state._tag === "Absent" ? state : evolveOpen(state, event)
}

const evolveOpen = (state: Open, event: Exclude<Event, { readonly _tag: "ConsolidationOpened" }>): Open => {
  switch (event._tag) {
    case "CredentialAdded":
      return credentialOf(state, event.credential.id) === undefined
        ? { ...state, credentials: [...state.credentials, event.credential] }
        : state
    case "CredentialCorrected":
      return {
        ...state,
        credentials: state.credentials.map((one) => (one.id === event.credential.id ? event.credential : one))
      }
    case "CredentialRemoved":
      return credentialRemoved(state, event)
    case "ProviderAccountAdded":
      return accountAdded(state, event)
    case "ProviderAccountLinked":
      return { ...state, accounts: changeAccount(state, event.accountId, { linkedAccountId: event.linkedAccountId }) }
    case "ProviderAccountUnlinked":
      return accountUnlinked(state, event)
    case "AdministratorCorrected":
      return administratorCorrected(state, event)
    case "ProviderAccountRemoved":
      return accountRemoved(state, event)
    case "AdministratorNamed":
      return administratorNamed(state, event)
    case "AdministrationHandedOver":
      return handedOver(state, event)
    case "SecondaryAccessGranted":
      return accessGranted(state, event)
    case "SecondaryAccessRemoved":
      return accessRemoved(state, event)
    case "LoginObserved":
      return {
        ...state,
        looks: [...state.looks.filter((one) => one.credentialId !== event.look.credentialId), event.look]
      }
    case "MainAccountChosen":
      return { ...state, mainCredentialId: event.credentialId }
    case "PlanShared":
    case "PlanShareWithdrawn":
    case "PlanMailed":
      return shareChanged(state, event)
  }
}
