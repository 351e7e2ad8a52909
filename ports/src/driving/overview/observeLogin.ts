import {
  type Access,
  type Consolidation,
  type Grant,
  type Id,
  Marketplace,
  Messages,
  Profile,
  Provider,
  Refusal,
  type Refused
} from "@portolan/domain"
import { DateTime, Effect } from "effect"
import { CurrentCatalogue } from "../../driven/CurrentCatalogue.ts"
import { NotFound } from "../../driven/Repository.ts"
import type { Deps } from "../shared/deps.ts"
import type { TokenDeps } from "../tokens/AccessTokens.ts"
import { accessTo, callAsGrant } from "../tokens/callProvider.ts"
import { type ConsolidationDeps, writeConsolidation } from "./changeConsolidation.ts"
import type { Observation } from "./consolidationInput.ts"
import {
  lookupChannels,
  lookupConsents,
  readCompany,
  readConsolidation,
  viewConsolidation
} from "./consolidationView.ts"
import { sightsOf } from "./providerAccounts.ts"

type Login = Consolidation.Open["credentials"][number]

/**
 * Asks the provider what a login sees and records it: accesses gained and lost, accounts nobody has added (rules S-R3,
 * S-R6). Without a consent named, the one that this login is known to have given is asked.
 */
export const observe = Effect.fn("Consolidations.observe")(function* (
  deps: ConsolidationDeps & TokenDeps<"provider">,
  caller: Access.Caller,
  companyId: Id.CompanyId,
  { credentialId, grantId }: Observation
) {
  const company = yield* readCompany(deps, caller, "connect", companyId)
  const { state } = yield* readConsolidation(deps, company)
  const login = loginOf(state, credentialId)
  if (login === undefined) return yield* new NotFound({ kind: "login", id: credentialId })
  const grant = yield* consentOf(deps, caller, login, grantId)
  const at = yield* DateTime.now
  const { candidates, marketplaceIds } = yield* candidatesOf(deps, grant)
  const visible = yield* sightsOf(deps, state, candidates)
  yield* writeConsolidation(deps, caller, company, (now) => {
    const observed: Consolidation.Command = { _tag: "Observe", credentialId, visible, at, marketplaceIds }
    return Effect.succeed([...identified(loginOf(now, credentialId), grant), observed])
  })
  return yield* viewConsolidation(deps, caller, company)
})

const loginOf = ({ credentials }: Consolidation.Open, id: Id.CredentialId) => credentials.find((one) => one.id === id)

/** Notes what the provider calls a login, once its consent says so; nothing when that is known already. */
const identified = (login: Login | undefined, { grantor }: Grant.Active): ReadonlyArray<Consolidation.Command> =>
  login === undefined || login.providerUserId !== undefined || grantor === undefined || !Profile.isExternalId(grantor)
    ? []
    : [{ _tag: "CorrectCredential", credential: { ...login, providerUserId: grantor } }]

const candidatesOf = Effect.fnUntraced(function* (deps: TokenDeps<"provider">, grant: Grant.Active) {
  const catalogue = yield* CurrentCatalogue
  const marketplaceIds = Marketplace.inRegion(grant.region, catalogue).map(({ id }) => id)
  const [marketplaceId] = marketplaceIds
  const accountType = [...catalogue.accountTypes.values()].find(({ channels }) =>
    channels.some(({ channel }) => channel === grant.channel)
  )?.id
  if (marketplaceId === undefined || accountType === undefined) {
    return yield* Effect.die(`no marketplace in ${grant.region}, or no account type for ${grant.channel}`)
  }
  const candidates = yield* callAsGrant(deps, grant, (accessToken) =>
    deps.provider.discover(accessTo({ ...grant, accountType, marketplaceId }, accessToken, grant))
  )
  return { candidates, marketplaceIds }
})

const refused = (reason: Refused.Reason, detail: Messages.Message, nextStep: Messages.Message) =>
  Refusal.make("Consolidation", "Observe", reason, { detail, nextStep })

/** The consent to ask: the one that was named, or one that this login gave. */
const consentOf = Effect.fnUntraced(function* (
  deps: Deps<"repository">,
  { organizationId }: Access.Caller,
  { name, provider, providerUserId }: Login,
  grantId: Id.GrantId | undefined
) {
  const catalogue = yield* CurrentCatalogue
  const providerName = Provider.label(provider, catalogue)
  const lookup = lookupChannels(catalogue).find((channel) => channel.provider === provider)
  const grant = yield* grantId === undefined
    ? givenBy(deps, organizationId, providerUserId)
    : Effect.map(deps.repository.find("grant", organizationId, grantId), ({ state }) => state)
  if (grant === undefined || grant._tag !== "Active") {
    return yield* refused(
      "not-possible-now",
      Messages.say("consolidation.no-consent", { login: name }),
      lookup?.accountLookup === undefined
        ? Messages.say("consolidation.no-channel-shows", { provider: providerName })
        : Messages.verbatim(lookup.accountLookup.nextStep)
    )
  }
  const { channel, grantor } = grant
  if (channel !== lookup?.id) {
    return yield* refused(
      "contradiction",
      lookup === undefined
        ? Messages.say("consolidation.no-lookup", { provider: providerName })
        : Messages.say("consolidation.lookup-only", { channel: lookup.label }),
      Messages.say("consolidation.choose-advertising-consent")
    )
  }
  if (providerUserId !== undefined && grantor !== undefined && grantor !== providerUserId) {
    return yield* refused(
      "different-identity",
      Messages.say("consolidation.other-login", { login: name }),
      Messages.say("consolidation.choose-own-consent")
    )
  }
  return grant
})

const givenBy = (deps: Deps<"repository">, organizationId: Id.OrganizationId, providerUserId: string | undefined) =>
  Effect.map(lookupConsents(deps, organizationId), (all) =>
    all.find(({ grantor }) => grantor !== undefined && grantor === providerUserId)
  )
