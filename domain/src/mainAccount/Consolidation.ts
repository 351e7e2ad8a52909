/**
 * Many provider accounts under one main login (flow F4, rules S-R1 to S-R7). It mirrors what the provider's own console
 * says: each account has one administrator, every other login that sees it is a secondary user, and only the
 * administrator can let a secondary user in. Nothing here changes anything at a provider; it records what people say
 * they did and what a login was really seen to reach, and `plan` says what is still to be done, and by whom.
 *
 * One consolidation a company. An account whose administrator nobody has named yet has none; it never has two, because
 * the administrator is a field of the account and not a row among the accesses.
 */
import { Array, DateTime, Option, Schema } from "effect"
import { type Catalogue, standard } from "../providers/Catalogue.ts"
import * as Channel from "../providers/Channel.ts"
import { AccountId, CompanyId, ConsolidationId, CredentialId, OrganizationId } from "../kernel/Id.ts"
import { compare, Look, type Seen } from "./Look.ts"
import { type Decision, deciderWith, fold, happened, nothing } from "../kernel/Machine.ts"
import * as Marketplace from "../providers/Marketplace.ts"
import type { Provider } from "../providers/Provider.ts"
import type { Permission } from "../providers/Permission.ts"
import * as PlanShare from "./PlanShare.ts"
import { Credential, ProviderAccount, ProviderAccountId, SecondaryAccess } from "./ProviderAccount.ts"
import { folded } from "../kernel/Text.ts"
import { type Message, say } from "../messages/Messages.ts"
import { impossible, refuse } from "../messages/Refusal.ts"

const fields = {
  id: ConsolidationId,
  organizationId: OrganizationId,
  companyId: CompanyId,
  openedAt: Schema.DateTimeUtc
}

/** Absent until opened. */
export const State = Schema.TaggedUnion({
  Absent: {},
  Open: {
    ...fields,
    credentials: Schema.Array(Credential),
    accounts: Schema.Array(ProviderAccount),
    accesses: Schema.Array(SecondaryAccess),
    looks: Schema.Array(Look),
    mainCredentialId: Schema.optionalKey(CredentialId),
    /** The latest address that shows the plan without a sign-in. */
    share: Schema.optionalKey(PlanShare.Share)
  }
})
export type State = typeof State.Type
/** A consolidation with its logins and accounts. */
export type Open = Extract<State, { readonly _tag: "Open" }>
/** The state before the first event. */
export const initial: State = { _tag: "Absent" }

/** Limits of this product, not of a provider. */
export const limits = { credentials: 100, accounts: 1000, accesses: 5000, seen: 5000, unknown: 1000 } as const

const linkedAccountId = Schema.optionalKey(AccountId)

/** What happened. Events that matter to one of our accounts name it in `linkedAccountId`. */
export const Event = Schema.TaggedUnion({
  ConsolidationOpened: fields,
  CredentialAdded: { credential: Credential },
  CredentialCorrected: { credential: Credential },
  /** Its accesses end with it. */
  CredentialRemoved: { credentialId: CredentialId },
  ProviderAccountAdded: { account: ProviderAccount },
  ProviderAccountLinked: { accountId: ProviderAccountId, linkedAccountId: AccountId },
  ProviderAccountRemoved: { accountId: ProviderAccountId },
  AdministratorNamed: { accountId: ProviderAccountId, credentialId: CredentialId },
  /** The former administrator stays as a secondary user (rule C13). */
  AdministrationHandedOver: {
    accountId: ProviderAccountId,
    fromId: CredentialId,
    toId: CredentialId,
    at: Schema.DateTimeUtc,
    linkedAccountId
  },
  /** New, or with another permission than before, or seen after it was only told. */
  SecondaryAccessGranted: { access: SecondaryAccess, linkedAccountId },
  /**
   * Told by the administrator or seen at the provider: the account is lost to this login, its data stay (rule S-R6).
   */
  SecondaryAccessRemoved: {
    accountId: ProviderAccountId,
    credentialId: CredentialId,
    source: Schema.Literals(["told", "seen"]),
    at: Schema.DateTimeUtc,
    linkedAccountId
  },
  LoginObserved: { look: Look },
  MainAccountChosen: { credentialId: CredentialId },
  ...PlanShare.events
})
export type Event = typeof Event.Type

/** What can be asked. `performerId` is the login that acts at the provider, `at` the caller's now. */
export type Command =
  | { readonly _tag: "Open"; readonly consolidation: Pick<Open, "id" | "organizationId" | "companyId" | "openedAt"> }
  | { readonly _tag: "AddCredential"; readonly credential: Credential }
  | { readonly _tag: "CorrectCredential"; readonly credential: Credential }
  | { readonly _tag: "RemoveCredential"; readonly credentialId: CredentialId }
  | { readonly _tag: "AddProviderAccount"; readonly account: ProviderAccount }
  | { readonly _tag: "LinkProviderAccount"; readonly accountId: ProviderAccountId; readonly linkedAccountId: AccountId }
  | { readonly _tag: "RemoveProviderAccount"; readonly accountId: ProviderAccountId }
  /** Names the administrator of an account that has none yet; another one takes over with `HandOver`. */
  | { readonly _tag: "NameAdministrator"; readonly accountId: ProviderAccountId; readonly credentialId: CredentialId }
  | {
      readonly _tag: "HandOver"
      readonly accountId: ProviderAccountId
      readonly performerId: CredentialId
      readonly toId: CredentialId
      readonly at: DateTime.Utc
    }
  | {
      readonly _tag: "Grant"
      readonly accountId: ProviderAccountId
      readonly credentialId: CredentialId
      readonly permission: Permission
      readonly performerId: CredentialId
      readonly at: DateTime.Utc
    }
  | {
      readonly _tag: "Withdraw"
      readonly accountId: ProviderAccountId
      readonly credentialId: CredentialId
      readonly performerId: CredentialId
      readonly at: DateTime.Utc
    }
  | { readonly _tag: "ChooseMain"; readonly credentialId: CredentialId }
  /** What a login really sees, as the provider showed it. */
  | ({ readonly _tag: "Observe"; readonly credentialId: CredentialId } & Seen)
  | PlanShare.Command

const subject = "Consolidation"

const credentialOf = (state: Open, id: CredentialId) => state.credentials.find((one) => one.id === id)
const accountOf = (state: Open, id: ProviderAccountId) => state.accounts.find((one) => one.id === id)
const accessOf = (state: Open, accountId: ProviderAccountId, credentialId: CredentialId) =>
  state.accesses.find((one) => one.accountId === accountId && one.credentialId === credentialId)
const link = (account: ProviderAccount | undefined) =>
  account?.linkedAccountId === undefined ? {} : { linkedAccountId: account.linkedAccountId }

const noCredential = (command: string) =>
  refuse(subject, command, "does-not-exist", {
    detail: say("consolidation.login-missing"),
    nextStep: say("consolidation.add-login")
  })
const noAccount = (command: string) =>
  refuse(subject, command, "does-not-exist", {
    detail: say("consolidation.account-missing"),
    nextStep: say("consolidation.add-account")
  })
const otherProvider = (command: string, credential: Credential, account: ProviderAccount) =>
  refuse(subject, command, "contradiction", {
    detail: say("consolidation.providers-differ", { login: credential.name, account: account.name }),
    nextStep: say("consolidation.choose-provider-login")
  })

const credentialObstacle = (command: string, state: Open, credential: Credential) => {
  const others = state.credentials.filter((one) => one.id !== credential.id && one.provider === credential.provider)
  if (others.some((one) => folded(one.name) === folded(credential.name))) {
    return refuse(subject, command, "already-exists", {
      detail: say("consolidation.name-taken", { name: credential.name }),
      nextStep: say("consolidation.choose-name")
    })
  }
  const { providerUserId } = credential
  return providerUserId !== undefined && others.some((one) => one.providerUserId === providerUserId)
    ? refuse(subject, command, "already-exists", {
        detail: say("consolidation.login-under-other-name"),
        nextStep: say("consolidation.use-existing")
      })
    : undefined
}

const same = Schema.toEquivalence(Credential)

/**
 * Both parties known and of one provider, and the performer entitled: the administrator and nobody else (rule S-R2).
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
    return refuse(subject, command, "not-possible-now", {
      detail: say("consolidation.administrator-unknown", { account: account.name }),
      nextStep: say("consolidation.name-administrator")
    })
  }
  if (account.administratorId === performerId) return then(account)
  return refuse(subject, command, "not-permitted", {
    detail: say("consolidation.administrator-only", { account: account.name }),
    nextStep: say("consolidation.have-them-sign-in", {
      administrator: credentialOf(state, account.administratorId)?.name ?? say("consolidation.the-administrator")
    })
  })
}

const granted = (account: ProviderAccount | undefined, access: SecondaryAccess): Event => ({
  _tag: "SecondaryAccessGranted",
  access,
  ...link(account)
})

const tooMany = (command: string, detail: Message) =>
  refuse(subject, command, "too-many", { detail, nextStep: say("consolidation.remove-or-split") })
const tooManyAccesses = (command: string) =>
  tooMany(command, say("consolidation.too-many-accesses", { limit: limits.accesses }))

const observe = (state: Open, command: Extract<Command, { readonly _tag: "Observe" }>): Decision<Event> => {
  const { at, credentialId, visible } = command
  const credential = credentialOf(state, credentialId)
  if (credential === undefined) return noCredential("Observe")
  const last = state.looks.find((look) => look.credentialId === credentialId)
  // Looks may arrive out of order; an older one says nothing about the present.
  if (last !== undefined && DateTime.isLessThanOrEqualTo(at, last.at)) return nothing
  if (visible.length > limits.seen)
    return tooMany("Observe", say("consolidation.too-many-seen", { limit: limits.seen }))
  const { gained, look, lost } = compare(
    {
      credential,
      accounts: state.accounts,
      accesses: state.accesses.filter((access) => access.credentialId === credentialId),
      ...(last === undefined ? {} : { last })
    },
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

const inCatalogue = (id: Marketplace.MarketplaceId, provider: Provider, catalogue: Catalogue) =>
  Option.exists(Marketplace.find(id, catalogue), (found) => found.provider === provider)

const addAccount = (state: Open, account: ProviderAccount, catalogue: Catalogue): Decision<Event> => {
  const command = "AddProviderAccount"
  if (accountOf(state, account.id) !== undefined) {
    return refuse(subject, command, "already-exists", {
      detail: say("consolidation.account-exists"),
      nextStep: say("consolidation.use-existing")
    })
  }
  if (state.accounts.length >= limits.accounts)
    return tooMany(command, say("consolidation.too-many-accounts", { limit: limits.accounts }))
  if (
    Channel.required(account.provider, account.accountType, catalogue).length === 0 ||
    account.marketplaceIds.some((id) => !inCatalogue(id, account.provider, catalogue))
  ) {
    return refuse(subject, command, "contradiction", {
      detail: say("consolidation.type-of-provider"),
      nextStep: say("consolidation.choose-of-provider")
    })
  }
  const obstacle =
    account.linkedAccountId === undefined
      ? undefined
      : linkObstacle(command, state, account.id, account.linkedAccountId)
  if (obstacle !== undefined) return obstacle
  const administrator = account.administratorId === undefined ? undefined : credentialOf(state, account.administratorId)
  if (account.administratorId !== undefined && administrator === undefined) return noCredential(command)
  if (administrator !== undefined && administrator.provider !== account.provider)
    return otherProvider(command, administrator, account)
  if (state.accesses.length + state.credentials.length > limits.accesses) return tooManyAccesses(command)
  // Logins that were seen to reach it before it was added need no second look.
  const accesses = state.looks.flatMap((look) =>
    look.unknown
      .filter(
        (one) =>
          one.id === account.id &&
          look.credentialId !== account.administratorId &&
          credentialOf(state, look.credentialId)?.provider === account.provider
      )
      .map((one) =>
        granted(account, {
          accountId: account.id,
          credentialId: look.credentialId,
          permission: one.permission,
          source: "seen",
          since: look.at
        })
      )
  )
  return happened<Event>(
    { _tag: "ProviderAccountAdded", account: { ...account, marketplaceIds: Array.dedupe(account.marketplaceIds) } },
    ...accesses
  )
}

const linkObstacle = (command: string, state: Open, accountId: ProviderAccountId, linkedAccountId: AccountId) =>
  state.accounts.some((one) => one.id !== accountId && one.linkedAccountId === linkedAccountId)
    ? refuse(subject, command, "already-exists", {
        detail: say("consolidation.linked-elsewhere"),
        nextStep: say("consolidation.link-one")
      })
    : undefined

/** Decides what a consolidation's command leads to. */
export const decide = deciderWith<State, Command, Event, Catalogue>(
  standard,
  {
    Absent: { Open: (_, { consolidation }) => happened<Event>({ _tag: "ConsolidationOpened", ...consolidation }) },
    Open: {
      Open: () =>
        refuse(subject, "Open", "already-exists", {
          detail: say("consolidation.exists"),
          nextStep: say("step.open-instead")
        }),
      AddCredential: (state, { credential }) => {
        if (credentialOf(state, credential.id) !== undefined) {
          return refuse(subject, "AddCredential", "already-exists", {
            detail: say("consolidation.login-exists"),
            nextStep: say("consolidation.use-existing")
          })
        }
        if (state.credentials.length >= limits.credentials) {
          return tooMany("AddCredential", say("consolidation.too-many-logins", { limit: limits.credentials }))
        }
        return (
          credentialObstacle("AddCredential", state, credential) ??
          happened<Event>({ _tag: "CredentialAdded", credential })
        )
      },
      CorrectCredential: (state, { credential }) => {
        const known = credentialOf(state, credential.id)
        if (known === undefined) return noCredential("CorrectCredential")
        if (known.provider !== credential.provider) {
          return refuse(subject, "CorrectCredential", "contradiction", {
            detail: say("consolidation.login-keeps-provider"),
            nextStep: say("consolidation.add-other-login")
          })
        }
        if (same(known, credential)) return nothing
        return (
          credentialObstacle("CorrectCredential", state, credential) ??
          happened<Event>({ _tag: "CredentialCorrected", credential })
        )
      },
      RemoveCredential: (state, { credentialId }) => {
        const known = credentialOf(state, credentialId)
        if (known === undefined) return noCredential("RemoveCredential")
        const administered = state.accounts.filter((account) => account.administratorId === credentialId)
        if (administered.length > 0) {
          return refuse(subject, "RemoveCredential", "not-possible-now", {
            detail: say("consolidation.administers-several", {
              login: known.name,
              accounts: administered.slice(0, 3).map((account) => account.name),
              more: administered.length - 3
            }),
            nextStep: say("consolidation.hand-over-first")
          })
        }
        return state.mainCredentialId === credentialId
          ? refuse(subject, "RemoveCredential", "not-possible-now", {
              detail: say("consolidation.is-main", { login: known.name }),
              nextStep: say("consolidation.choose-other-main")
            })
          : happened<Event>({ _tag: "CredentialRemoved", credentialId })
      },
      AddProviderAccount: (state, { account }, catalogue) => addAccount(state, account, catalogue),
      LinkProviderAccount: (state, { accountId, linkedAccountId }) => {
        const account = accountOf(state, accountId)
        if (account === undefined) return noAccount("LinkProviderAccount")
        if (account.linkedAccountId === linkedAccountId) return nothing
        return (
          linkObstacle("LinkProviderAccount", state, accountId, linkedAccountId) ??
          happened<Event>({ _tag: "ProviderAccountLinked", accountId, linkedAccountId })
        )
      },
      RemoveProviderAccount: (state, { accountId }) =>
        accountOf(state, accountId) === undefined
          ? noAccount("RemoveProviderAccount")
          : happened<Event>({ _tag: "ProviderAccountRemoved", accountId }),
      NameAdministrator: (state, { accountId, credentialId }) => {
        const account = accountOf(state, accountId)
        const credential = credentialOf(state, credentialId)
        if (account === undefined) return noAccount("NameAdministrator")
        if (credential === undefined) return noCredential("NameAdministrator")
        if (account.administratorId === credentialId) return nothing
        if (account.administratorId !== undefined) {
          return refuse(subject, "NameAdministrator", "already-exists", {
            detail: say("consolidation.has-administrator", {
              account: account.name,
              administrator: credentialOf(state, account.administratorId)?.name ?? say("consolidation.another-login")
            }),
            nextStep: say("consolidation.have-handed-over")
          })
        }
        return credential.provider === account.provider
          ? happened<Event>({ _tag: "AdministratorNamed", accountId, credentialId })
          : otherProvider("NameAdministrator", credential, account)
      },
      HandOver: (state, { accountId, at, performerId, toId }) =>
        asAdministrator("HandOver", state, { accountId, credentialId: toId, performerId }, (account) =>
          happened<Event>({
            _tag: "AdministrationHandedOver",
            accountId,
            fromId: performerId,
            toId,
            at,
            ...link(account)
          })
        ),
      Grant: (state, command) =>
        asAdministrator("Grant", state, command, (account) => {
          const { accountId, at, credentialId, permission } = command
          const known = accessOf(state, accountId, credentialId)
          if (known?.permission === permission) return nothing
          return known === undefined && state.accesses.length >= limits.accesses
            ? tooManyAccesses("Grant")
            : happened(granted(account, { accountId, credentialId, permission, source: "told", since: at }))
        }),
      Withdraw: (state, command) => {
        const { accountId, at, credentialId } = command
        const administered = accountOf(state, accountId)
        if (administered !== undefined && administered.administratorId === credentialId) {
          return refuse(subject, "Withdraw", "not-possible-now", {
            detail: say("consolidation.administers", { account: administered.name }),
            nextStep: say("consolidation.hand-over-first")
          })
        }
        return asAdministrator("Withdraw", state, command, (account) => {
          return accessOf(state, accountId, credentialId) === undefined
            ? nothing
            : happened<Event>({
                _tag: "SecondaryAccessRemoved",
                accountId,
                credentialId,
                source: "told",
                at,
                ...link(account)
              })
        })
      },
      ChooseMain: (state, { credentialId }) => {
        if (credentialOf(state, credentialId) === undefined) return noCredential("ChooseMain")
        return state.mainCredentialId === credentialId
          ? nothing
          : happened<Event>({ _tag: "MainAccountChosen", credentialId })
      },
      Observe: observe,
      Share: (state, command) => PlanShare.decide(state.share, command),
      WithdrawShare: (state, command) => PlanShare.decide(state.share, command),
      MailPlan: (state, command) => PlanShare.decide(state.share, command)
    }
  },
  impossible(subject, { Absent: say("consolidation.begin"), Open: say("consolidation.open") })
)

const changeAccount = (
  state: Open,
  id: ProviderAccountId,
  change: Partial<ProviderAccount>
): ReadonlyArray<ProviderAccount> =>
  state.accounts.map((account) => (account.id === id ? { ...account, ...change } : account))

const accessesBut = (
  state: Open,
  accountId: ProviderAccountId,
  credentialId: CredentialId
): ReadonlyArray<SecondaryAccess> =>
  state.accesses.filter((one) => one.accountId !== accountId || one.credentialId !== credentialId)

const notDoubted = (looks: ReadonlyArray<Look>, accountId: ProviderAccountId): ReadonlyArray<Look> =>
  looks.map((look) => ({ ...look, doubted: look.doubted.filter((id) => id !== accountId) }))

/** Applies a fact. Total: a fact about a login or an account that is not here changes nothing. */
export const evolve = (state: State, event: Event): State => {
  if (event._tag === "ConsolidationOpened") {
    return state._tag === "Absent"
      ? { ...event, _tag: "Open", credentials: [], accounts: [], accesses: [], looks: [] }
      : state
  }
  if (state._tag === "Absent") return state
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
      return {
        ...state,
        credentials: state.credentials.filter((one) => one.id !== event.credentialId),
        accesses: state.accesses.filter((one) => one.credentialId !== event.credentialId),
        looks: state.looks.filter((one) => one.credentialId !== event.credentialId)
      }
    case "ProviderAccountAdded": {
      const { account } = event
      if (accountOf(state, account.id) !== undefined) return state
      const looks = state.looks.map((look) => ({
        ...look,
        unknown: look.unknown.filter((one) => one.id !== account.id)
      }))
      return { ...state, accounts: [...state.accounts, account], looks }
    }
    case "ProviderAccountLinked":
      return { ...state, accounts: changeAccount(state, event.accountId, { linkedAccountId: event.linkedAccountId }) }
    case "ProviderAccountRemoved":
      return {
        ...state,
        accounts: state.accounts.filter((one) => one.id !== event.accountId),
        accesses: state.accesses.filter((one) => one.accountId !== event.accountId),
        looks: notDoubted(state.looks, event.accountId)
      }
    case "AdministratorNamed":
      return {
        ...state,
        accounts: changeAccount(state, event.accountId, { administratorId: event.credentialId }),
        accesses: accessesBut(state, event.accountId, event.credentialId)
      }
    case "AdministrationHandedOver": {
      const { accountId, at, fromId, toId } = event
      if (accountOf(state, accountId) === undefined) return state
      const accesses = accessesBut({ ...state, accesses: accessesBut(state, accountId, toId) }, accountId, fromId)
      return {
        ...state,
        accounts: changeAccount(state, accountId, { administratorId: toId }),
        accesses: [...accesses, { accountId, credentialId: fromId, permission: "edit", source: "told", since: at }],
        looks: notDoubted(state.looks, accountId)
      }
    }
    case "SecondaryAccessGranted": {
      const { access } = event
      return accountOf(state, access.accountId) === undefined
        ? state
        : { ...state, accesses: [...accessesBut(state, access.accountId, access.credentialId), access] }
    }
    case "SecondaryAccessRemoved":
      return { ...state, accesses: accessesBut(state, event.accountId, event.credentialId) }
    case "LoginObserved":
      return {
        ...state,
        looks: [...state.looks.filter((one) => one.credentialId !== event.look.credentialId), event.look]
      }
    case "MainAccountChosen":
      return { ...state, mainCredentialId: event.credentialId }
    case "PlanShared":
    case "PlanShareWithdrawn":
    case "PlanMailed": {
      const share = PlanShare.evolve(state.share, event)
      return share === undefined || share === state.share ? state : { ...state, share }
    }
  }
}

/** Folds a history. */
export const replay = fold(evolve)
