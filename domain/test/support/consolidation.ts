/** Consolidations for properties: a few logins and accounts, administrators known or not, accesses told and seen. */
import { Consolidation, type ProviderAccount } from "@portolan/domain"
import { Arbitrary, Result } from "effect"
import { between, hour, id, instants, key, oneOf, pick } from "./values.ts"

const { Constant, all, array, map } = Arbitrary

/** The nth login at Amazon. */
export const credential = (
  n: number,
  name = `Login ${n}`,
  provider: "amazon" | "walmart" = "amazon"
): ProviderAccount.Credential => ({ id: id("credential", n), provider, name })

/** The nth account at Amazon, of one marketplace. */
export const account = (
  n: number,
  administrator?: number,
  change: Partial<ProviderAccount.ProviderAccount> = {}
): ProviderAccount.ProviderAccount => ({
  id: key(n).externalId,
  name: `Account ${n}`,
  provider: "amazon",
  accountType: n % 2 === 0 ? "seller" : "vendor",
  marketplaceIds: [key().marketplaceId],
  ...(administrator === undefined ? {} : { administratorId: id("credential", administrator) }),
  ...change
})

/** The command that begins. */
export const open: Consolidation.Command = {
  _tag: "Open",
  consolidation: {
    id: id("consolidation"),
    organizationId: id("organization"),
    companyId: id("company"),
    openedAt: hour(0)
  }
}

/** Grants, as the administrator tells of them. */
export const grant = (
  accountN: number,
  to: number,
  performer: number,
  permission: "edit" | "view" = "edit",
  at = 1
): Consolidation.Command => ({
  _tag: "Grant",
  accountId: key(accountN).externalId,
  credentialId: id("credential", to),
  performerId: id("credential", performer),
  permission,
  at: hour(at)
})

/** What one login sees. */
export const observe = (
  n: number,
  visible: ReadonlyArray<readonly [account: number, permission: "edit" | "view"]>,
  at = 2
): Consolidation.Command => ({
  _tag: "Observe",
  credentialId: id("credential", n),
  at: hour(at),
  visible: visible.map(([one, permission]) => ({ id: key(one).externalId, name: `Account ${one}`, permission }))
})

const credentials = Arbitrary.map(between(0, 4), (n) => credential(n))
const credentialIds = map(credentials, (one) => one.id)
const accountIds = map(between(0, 5), (n) => key(n).externalId)
const permissions = pick<"edit" | "view">("edit", "view")

/** Any command, over five logins and six accounts. */
export const commands: Arbitrary.Arbitrary<Consolidation.Command> = oneOf<Consolidation.Command>(
  Constant(open),
  map(all([between(0, 4), pick("Login 0", "LOGIN 1", "Main")]), ([n, name]) => ({
    _tag: "AddCredential",
    credential: credential(n, name)
  })),
  all({ _tag: Constant("AddCredential"), credential: credentials }),
  map(all([between(0, 4), pick("Login 0", "Main", "Other")]), ([n, name]) => ({
    _tag: "CorrectCredential",
    credential: credential(n, name)
  })),
  all({ _tag: Constant("RemoveCredential"), credentialId: credentialIds }),
  map(all([between(0, 5), between(-1, 4)]), ([n, by]) => ({
    _tag: "AddProviderAccount",
    account: account(n, by < 0 ? undefined : by)
  })),
  map(all([accountIds, between(0, 2)]), ([accountId, n]) => ({
    _tag: "LinkProviderAccount",
    accountId,
    linkedAccountId: id("account", n)
  })),
  all({ _tag: Constant("RemoveProviderAccount"), accountId: accountIds }),
  all({ _tag: Constant("UnlinkProviderAccount"), accountId: accountIds }),
  all({ _tag: Constant("UnlinkProviderAccount"), accountId: Constant(key(0).externalId) }),
  all({
    _tag: Constant("LinkProviderAccount"),
    accountId: Constant(key(0).externalId),
    linkedAccountId: Constant(id("account", 0))
  }),
  all({ _tag: Constant("CorrectAdministrator"), accountId: accountIds, credentialId: credentialIds }),
  all({ _tag: Constant("CorrectAdministrator"), accountId: accountIds }),
  all({ _tag: Constant("NameAdministrator"), accountId: accountIds, credentialId: credentialIds }),
  all({
    _tag: Constant("HandOver"),
    accountId: accountIds,
    performerId: credentialIds,
    toId: credentialIds,
    at: instants
  }),
  all({
    _tag: Constant("Grant"),
    accountId: accountIds,
    credentialId: credentialIds,
    permission: permissions,
    performerId: credentialIds,
    at: instants
  }),
  all({
    _tag: Constant("Withdraw"),
    accountId: accountIds,
    credentialId: credentialIds,
    performerId: credentialIds,
    at: instants
  }),
  all({ _tag: Constant("ChooseMain"), credentialId: credentialIds }),
  all({
    _tag: Constant("Observe"),
    credentialId: credentialIds,
    at: instants,
    visible: array(all({ id: accountIds, permission: permissions }), { maxLength: 6 })
  }),
  all({
    _tag: Constant("Observe"),
    credentialId: credentialIds,
    at: instants,
    marketplaceIds: array(pick(key().marketplaceId), { maxLength: 1 }),
    visible: array(all({ id: accountIds, permission: permissions }), { maxLength: 6 })
  })
)

/** One command and what came of it. */
export interface Step {
  readonly before: Consolidation.State
  readonly command: Consolidation.Command
  readonly events?: ReadonlyArray<Consolidation.Event>
  readonly refused?: string
  readonly after: Consolidation.State
}

/** Carries out commands, one after the other; refused ones change nothing. */
export const tell = (
  list: ReadonlyArray<Consolidation.Command>,
  from: Consolidation.State = Consolidation.initial
): ReadonlyArray<Step> => {
  let state = from
  return list.map((command) => {
    const before = state
    const decision = Consolidation.decide(before, command)
    if (Result.isFailure(decision)) return { before, command, refused: decision.failure.reason, after: before }
    state = Consolidation.replay(before, decision.success)
    return { before, command, events: decision.success, after: state }
  })
}

/** The state after all commands; throws at the first refusal, so that an example means what it says. */
export const after = (...list: ReadonlyArray<Consolidation.Command>): Consolidation.Open => {
  const steps = tell([open, ...list])
  const refused = steps.find((step) => step.refused !== undefined)
  const last = steps.at(-1)?.after
  if (refused !== undefined || last?._tag !== "Open")
    throw new Error(`refused: ${refused?.command._tag} ${refused?.refused}`)
  return last
}

/** Five logins and a creation first, then anything. */
export const stories: Arbitrary.Arbitrary<ReadonlyArray<Step>> = map(array(commands, { maxLength: 30 }), (rest) =>
  tell([
    open,
    ...[0, 1, 2].map((n): Consolidation.Command => ({ _tag: "AddCredential", credential: credential(n) })),
    ...rest
  ])
)

/** Situations: three to twelve logins and accounts, administrators known or not, some accesses, a main account. */
export const situations: Arbitrary.Arbitrary<Consolidation.Open> = Arbitrary.flatMap(
  all([between(1, 12), between(0, 12)]),
  ([logins, accounts]) =>
    map(
      all([
        array(between(-1, logins - 1), { minLength: accounts, maxLength: accounts }),
        array(all([between(0, 11), between(0, logins - 1), permissions]), { maxLength: 20 }),
        between(0, logins - 1)
      ]),
      ([administrators, told, main]) => {
        const list: Array<Consolidation.Command> = [open]
        for (let n = 0; n < logins; n++) list.push({ _tag: "AddCredential", credential: credential(n) })
        administrators.forEach((by, n) =>
          list.push({ _tag: "AddProviderAccount", account: account(n, by < 0 ? undefined : by) })
        )
        for (const [n, to, permission] of told) {
          const by = administrators[n]
          // Accesses to accounts whose administrator is unknown can only have been seen.
          if (by === undefined) continue
          list.push(by < 0 ? observe(to, [[n, permission]], 1 + list.length / 10) : grant(n, to, by, permission))
        }
        list.push({ _tag: "ChooseMain", credentialId: id("credential", main) })
        const state = tell(list).at(-1)?.after
        if (state?._tag !== "Open") throw new Error("impossible: it was opened")
        return state
      }
    )
)
