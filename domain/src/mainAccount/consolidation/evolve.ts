/** What the events of a consolidation make of its state. */
import type { CredentialId } from "../../kernel/Id.ts"
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
  looks: notDoubted(state.looks, accountId)
})

const administratorNamed = (state: Open, { accountId, credentialId }: EventOf<"AdministratorNamed">): Open => ({
  ...state,
  accounts: changeAccount(state, accountId, { administratorId: credentialId }),
  accesses: accessesBut(state.accesses, accountId, credentialId)
})

const handedOver = (state: Open, { accountId, at, fromId, toId }: EventOf<"AdministrationHandedOver">): Open => {
  if (accountOf(state, accountId) === undefined) return state
  const accesses = accessesBut(accessesBut(state.accesses, accountId, toId), accountId, fromId)
  return {
    ...state,
    accounts: changeAccount(state, accountId, { administratorId: toId }),
    accesses: [...accesses, { accountId, credentialId: fromId, permission: "edit", source: "told", since: at }],
    looks: notDoubted(state.looks, accountId)
  }
}

const accessGranted = (state: Open, { access }: EventOf<"SecondaryAccessGranted">): Open =>
  accountOf(state, access.accountId) === undefined
    ? state
    : { ...state, accesses: [...accessesBut(state.accesses, access.accountId, access.credentialId), access] }

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
    case "ProviderAccountRemoved":
      return accountRemoved(state, event)
    case "AdministratorNamed":
      return administratorNamed(state, event)
    case "AdministrationHandedOver":
      return handedOver(state, event)
    case "SecondaryAccessGranted":
      return accessGranted(state, event)
    case "SecondaryAccessRemoved":
      return { ...state, accesses: accessesBut(state.accesses, event.accountId, event.credentialId) }
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
