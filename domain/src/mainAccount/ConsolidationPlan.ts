/**
 * The plan that leads to one main login with the right to edit every account: who has to sign in, and what to grant
 * there (flow F4, rules S-R1, S-R2). It contains no grant that exists already; the account's own administrator makes
 * each grant; each person appears once; and the order of the input does not change it. An account that cannot be
 * planned is listed with the reason.
 */
import type { DateTime } from "effect"
import * as Result from "effect/Result"
import { label } from "../providers/AccountType.ts"
import { type Catalogue, standard } from "../providers/Catalogue.ts"
import { label as providerLabel } from "../providers/Provider.ts"
import { type Command, decide, replay, type State } from "./Consolidation.ts"
import type { Refused } from "../kernel/Refused.ts"
import type { Permission } from "../providers/Permission.ts"
import type { Credential, ProviderAccount, ProviderAccountId } from "./ProviderAccount.ts"
import { given } from "../kernel/given.ts"
import { folded } from "../kernel/Text.ts"
import type { CredentialId } from "../kernel/Id.ts"
import { text } from "../messages/Messages.ts"

/** An account that a login sees, and its role there. */
export interface Visible {
  readonly account: ProviderAccount
  readonly role: "administrator" | "secondary-user"
  readonly permission: Permission
}

/** One grant to make at the provider. `upgrade`: the main login can view the account already and is to edit it. */
export interface PlannedGrant {
  readonly account: ProviderAccount
  readonly permission: "edit"
  readonly upgrade: boolean
}

/** What one person does after signing in once. */
export interface Step {
  readonly login: Credential
  readonly grants: ReadonlyArray<PlannedGrant>
  /** The same for people: the first line says who signs in, one more for each grant. */
  readonly lines: ReadonlyArray<string>
}

/** An account that the plan cannot bring under the main login, and what to do about it. */
export interface Unsolved {
  readonly account: ProviderAccount
  readonly reason: "no-main-account" | "no-administrator-known" | "other-provider"
  readonly detail: string
  readonly nextStep: string
}

/** A step that may fail: the named administrator was seen without the account or without the right to edit it. */
export interface Doubt {
  readonly account: ProviderAccount
  readonly administrator: Credential
  readonly detail: string
  readonly nextStep: string
}

/** The steps, what is visible already, and what cannot be planned. */
export interface Plan {
  /** Absent until a main account is chosen; then there are no steps. */
  readonly main?: Credential
  readonly steps: ReadonlyArray<Step>
  /** What the main login sees before the first step. */
  readonly visible: ReadonlyArray<Visible>
  readonly unsolved: ReadonlyArray<Unsolved>
  readonly doubts: ReadonlyArray<Doubt>
}

const compareText = (one: string, other: string): number => {
  if (one === other) return 0
  return one < other ? -1 : 1
}
/** By name as people read it, then by id, so that the order depends on nothing else. */
const byName = (
  one: { readonly name: string; readonly id: string },
  other: { readonly name: string; readonly id: string }
) => compareText(folded(one.name), folded(other.name)) || compareText(one.id, other.id)

const known = (credential: Credential): string =>
  credential.email === undefined ? credential.name : `${credential.name} (${credential.email})`
const called = (account: ProviderAccount, catalogue: Catalogue): string =>
  `${account.name} (${label(account.accountType, catalogue)})`

/** The accounts that a login sees: those it administers and those it was granted, and no others. */
export const visible = (state: State, credentialId: CredentialId): ReadonlyArray<Visible> => {
  if (state._tag === "Absent") return []
  const permissions = new Map(
    state.accesses
      .filter((access) => access.credentialId === credentialId)
      .map((access) => [access.accountId, access.permission])
  )
  return state.accounts.toSorted(byName).flatMap((account): ReadonlyArray<Visible> => {
    if (account.administratorId === credentialId) return [{ account, role: "administrator", permission: "edit" }]
    const permission = permissions.get(account.id)
    return permission === undefined ? [] : [{ account, role: "secondary-user", permission }]
  })
}

const rank = ({ permission, role }: Omit<Visible, "account">): number => {
  if (role === "administrator") return 0
  return permission === "edit" ? 1 : 2
}

/**
 * The logins through which an account can be reached, the strongest first: the administrator, then those who may edit,
 * then those who may view. When the first is lost, the next one takes over (rule S-R7).
 */
export const coverage = (
  state: State,
  accountId: ProviderAccountId
): ReadonlyArray<{ readonly credential: Credential } & Omit<Visible, "account">> => {
  if (state._tag === "Absent") return []
  return state.credentials
    .toSorted(byName)
    .flatMap((credential) =>
      visible(state, credential.id)
        .filter((one) => one.account.id === accountId)
        .map(({ permission, role }) => ({ credential, permission, role }))
    )
    .toSorted((one, other) => rank(one) - rank(other))
}

const stepOf = (
  main: Credential,
  login: Credential,
  grants: ReadonlyArray<PlannedGrant>,
  catalogue: Catalogue
): Step => ({
  login,
  grants,
  lines: [
    text("plan.sign-in", { provider: providerLabel(login.provider, catalogue), login: known(login) }),
    ...grants.map(({ account, upgrade }) =>
      upgrade
        ? text("plan.change-permission", { login: known(main), account: called(account, catalogue) })
        : text("plan.give-access", { login: known(main), account: called(account, catalogue) })
    )
  ]
})

const unsolvedFor = (main: Credential | undefined, account: ProviderAccount, catalogue: Catalogue): Unsolved => {
  if (main === undefined) {
    return { account, reason: "no-main-account", detail: text("plan.no-main"), nextStep: text("plan.choose-main") }
  }
  return account.provider !== main.provider
    ? {
        account,
        reason: "other-provider",
        detail: text("plan.providers-differ", {
          account: called(account, catalogue),
          accountProvider: providerLabel(account.provider, catalogue),
          login: main.name,
          loginProvider: providerLabel(main.provider, catalogue)
        }),
        nextStep: text("plan.connect-there", { provider: providerLabel(account.provider, catalogue) })
      }
    : {
        account,
        reason: "no-administrator-known",
        detail: text("plan.administrator-unnamed", { account: called(account, catalogue) }),
        nextStep: text("plan.find-administrator")
      }
}

/**
 * Plans how the main login comes to see every account with the right to edit. Pure; the same situation gives the same
 * plan.
 */
export const plan = (state: State, catalogue: Catalogue = standard): Plan => {
  if (state._tag === "Absent") return { steps: [], visible: [], unsolved: [], doubts: [] }
  const credentials = new Map(state.credentials.map((credential) => [credential.id, credential]))
  const main = state.mainCredentialId === undefined ? undefined : credentials.get(state.mainCredentialId)
  const there = main === undefined ? [] : visible(state, main.id)
  const permissions = new Map(there.map((one) => [one.account.id, one.permission]))
  const doubted = new Map(state.looks.map((look) => [look.credentialId, new Set(look.doubted)]))

  const grants = new Map<CredentialId, Array<PlannedGrant>>()
  const unsolved: Array<Unsolved> = []
  const doubts: Array<Doubt> = []
  for (const account of state.accounts.toSorted(byName)) {
    const administrator = account.administratorId === undefined ? undefined : credentials.get(account.administratorId)
    if (administrator !== undefined && doubted.get(administrator.id)?.has(account.id) === true) {
      doubts.push({
        account,
        administrator,
        detail: text("plan.not-shown", {
          administrator: administrator.name,
          account: called(account, catalogue),
          provider: providerLabel(account.provider, catalogue)
        }),
        nextStep: text("plan.check-administrator")
      })
    }
    const permission = permissions.get(account.id)
    if (permission === "edit") continue
    if (
      main === undefined ||
      administrator === undefined ||
      administrator.provider !== main.provider ||
      account.provider !== main.provider
    ) {
      unsolved.push(unsolvedFor(main, account, catalogue))
      continue
    }
    const planned: PlannedGrant = { account, permission: "edit", upgrade: permission === "view" }
    const mine = grants.get(administrator.id)
    if (mine === undefined) grants.set(administrator.id, [planned])
    else mine.push(planned)
  }

  const steps =
    main === undefined
      ? []
      : [...grants.keys()]
          .flatMap((id) => credentials.get(id) ?? [])
          .toSorted(byName)
          .map((login) => stepOf(main, login, grants.get(login.id) ?? [], catalogue))
  return { ...given({ main }), steps, visible: there, unsolved, doubts }
}

/** The grants of a plan as commands, each performed by the account's administrator at `at`. */
export const commands = (plan: Plan, at: DateTime.Utc): ReadonlyArray<Extract<Command, { readonly _tag: "Grant" }>> => {
  const { main } = plan
  if (main === undefined) return []
  return plan.steps.flatMap(({ grants, login }) =>
    grants.map(({ account, permission }) => ({
      _tag: "Grant" as const,
      accountId: account.id,
      credentialId: main.id,
      permission,
      performerId: login.id,
      at
    }))
  )
}

/**
 * The state after every grant of a plan was made at `at`, or the refusal of the first one that is not possible any
 * more.
 */
export const afterPlan = (state: State, plan: Plan, at: DateTime.Utc): Result.Result<State, Refused> =>
  commands(plan, at).reduce<Result.Result<State, Refused>>(
    (reached, command) =>
      Result.flatMap(reached, (before) => Result.map(decide(before, command), (events) => replay(before, events))),
    Result.succeed(state)
  )
