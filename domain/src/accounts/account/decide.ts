/** What the commands of an account lead to. */
import * as Array from "effect/Array"
import * as DateTime from "effect/DateTime"
import * as Option from "effect/Option"
import { BrandId } from "../../kernel/Id.ts"
import { deciderWith, happened, nothing } from "../../kernel/Machine.ts"
import { type Message, say } from "../../messages/Messages.ts"
import { impossible, refuse } from "../../messages/Refusal.ts"
import * as AccountType from "../../providers/AccountType.ts"
import { type Catalogue, standard } from "../../providers/Catalogue.ts"
import * as Channel from "../../providers/Channel.ts"
import * as Marketplace from "../../providers/Marketplace.ts"
import * as Provider from "../../providers/Provider.ts"
import { expand } from "../Expansion.ts"
import { addMarketplace, elsewhere, removeMarketplace } from "./marketplaces.ts"
import { type Command, Event, type Present, Removed, State, graceDays } from "./state.ts"

const subject = "Account"

const brandsObstacle = (
  command: string,
  brandIds: ReadonlyArray<BrandId>,
  defaultBrandId: BrandId,
  companyBrands: ReadonlyArray<BrandId>
) => {
  if (brandIds.some((brandId) => !companyBrands.includes(brandId))) {
    return refuse(subject, command, "not-yours", {
      detail: say("account.brand-of-other-company"),
      nextStep: say("account.add-brand-first")
    })
  }
  if (!brandIds.includes(defaultBrandId)) {
    return refuse(subject, command, "contradiction", {
      detail: say("account.default-brand-not-assigned"),
      nextStep: say("account.assign-brand")
    })
  }
  return undefined
}

const openAccount = (
  { account, companyBrands }: Extract<Command, { readonly _tag: "OpenAccount" }>,
  catalogue: Catalogue
) => {
  const contradiction = (detail: Message, nextStep: Message) =>
    refuse(subject, "OpenAccount", "contradiction", { detail, nextStep })
  const ids = Array.dedupe(account.marketplaces)
  const marketplaces = Array.getSomes(ids.map((id) => Marketplace.find(id, catalogue)))
  const first = marketplaces[0]
  if (first === undefined || marketplaces.length < ids.length) {
    const unknown = ids.filter((id) => Option.isNone(Marketplace.find(id, catalogue)))
    return contradiction(say("account.marketplace-unknown", { ids: unknown }), say("account.choose-marketplace"))
  }
  const { id, provider, region } = first
  const alien = marketplaces.find((other) => other.region !== region)
  const providerName = Provider.label(provider, catalogue)
  if (alien !== undefined) {
    return contradiction(
      say("account.regions-differ", { one: first.country, other: alien.country, provider: providerName }),
      say("account.one-per-region")
    )
  }
  if (Channel.required(provider, account.accountType, catalogue).length === 0) {
    return contradiction(
      say("account.type-of-other-provider", {
        type: AccountType.label(account.accountType, catalogue),
        provider: providerName
      }),
      say("account.choose-type")
    )
  }
  const { accountType } = account
  for (const [index, further] of ids.entries()) {
    if (index === 0) continue
    const held = { provider, accountType, region, marketplaces: [id, ...ids.slice(1, index)] as const }
    const { decision, message } = expand(held, { marketplaceId: further, accountType }, undefined, catalogue)
    if (decision === "add-account") return contradiction(message, say("account.create-new"))
  }
  const obstacle = brandsObstacle("OpenAccount", account.brandIds, account.defaultBrandId, companyBrands)
  if (obstacle !== undefined) return obstacle
  return happened<Event>({
    _tag: "AccountOpened",
    account: { ...account, _tag: "Open", region, provider, marketplaces: ids, brandIds: Array.dedupe(account.brandIds) }
  })
}

const changeCompany = (
  state: Present,
  {
    at,
    brandIds,
    by,
    companyBrands,
    companyId: to,
    defaultBrandId
  }: Extract<Command, { readonly _tag: "ChangeCompany" }>
) => {
  if (state.companyId === to) return nothing
  const unique = Array.dedupe(brandIds)
  return (
    brandsObstacle("ChangeCompany", unique, defaultBrandId, companyBrands) ??
    happened<Event>({
      _tag: "AccountCompanyChanged",
      from: state.companyId,
      to,
      brandIds: unique,
      defaultBrandId,
      at,
      by
    })
  )
}

const stillConnected = (command: string, connected: number, action: Message) =>
  connected > 0
    ? refuse(subject, command, "not-possible-now", {
        detail: say("account.connections-live", { count: connected }),
        nextStep: say("account.disconnect-before", { action })
      })
    : undefined

const deleteData = (state: Present, { at, by, connected }: Extract<Command, { readonly _tag: "DeleteData" }>) =>
  stillConnected("DeleteData", connected, say("account.action-delete-data")) ??
  (state.deletion !== undefined
    ? nothing
    : happened<Event>({
        _tag: "DeletionScheduled",
        accountId: state.id,
        requestedAt: at,
        requestedBy: by,
        dueAt: DateTime.add(at, { days: graceDays })
      }))

// Once the erasure is due it may have begun, so nobody can promise any more that the data is kept.
const keepData = (state: Present, { at, by }: Extract<Command, { readonly _tag: "KeepData" }>) => {
  if (state.deletion === undefined) return nothing
  return DateTime.isLessThan(at, state.deletion.dueAt)
    ? happened<Event>({ _tag: "DeletionCalledOff", at, by })
    : refuse(subject, "KeepData", "expired", {
        detail: say("account.erasure-final"),
        nextStep: say("account.connect-again-to-load")
      })
}

const abandonErasure = (state: Present, { at, by }: Extract<Command, { readonly _tag: "AbandonErasure" }>) =>
  state.deletion === undefined ? nothing : happened<Event>({ _tag: "DeletionCalledOff", at, by })

// A call-off in time keeps the data, although the job to erase it exists already.
const recordErasure = (state: Present, { at, rows }: Extract<Command, { readonly _tag: "RecordErasure" }>) =>
  state.deletion === undefined || DateTime.isLessThan(at, state.deletion.dueAt)
    ? nothing
    : happened<Event>({ _tag: "DataErased", at, rows })

const gone = (of: string, command: string, { name }: Removed) =>
  refuse(of, command, "not-possible-now", {
    detail: say("account.was-removed", { name }),
    nextStep: say("account.restore")
  })

/** Refuses to begin anything with an account that was removed; the refusal names the command (rules P-R18, C14). */
export const inUse = (account: Present, of: string, command: string) =>
  account._tag === "Open" ? nothing : gone(of, command, account)

/** Decides what an account's command leads to. */
export const decide = deciderWith<State, Command, Event, Catalogue>(
  standard,
  {
    Absent: { OpenAccount: (_, command, catalogue) => openAccount(command, catalogue) },
    Open: {
      OpenAccount: () =>
        refuse(subject, "OpenAccount", "already-exists", {
          detail: say("account.exists"),
          nextStep: say("step.open-instead")
        }),
      Rename: (state, { name }) => (state.name === name ? nothing : happened<Event>({ _tag: "AccountRenamed", name })),
      AssignBrands: (state, { brandIds, companyBrands, defaultBrandId }) => {
        const obstacle = brandsObstacle("AssignBrands", brandIds, defaultBrandId, companyBrands)
        if (obstacle !== undefined) return obstacle
        const unique = Array.dedupe(brandIds)
        const same =
          state.defaultBrandId === defaultBrandId &&
          unique.length === state.brandIds.length &&
          unique.every((brandId) => state.brandIds.includes(brandId))
        return same ? nothing : happened<Event>({ _tag: "BrandsAssigned", brandIds: unique, defaultBrandId })
      },
      ChangeCompany: changeCompany,
      AddMarketplace: addMarketplace,
      RemoveMarketplace: removeMarketplace,
      ChangeMarketplace: (state, { connected, from, to }, catalogue) => {
        if (from === to || !state.marketplaces.includes(from)) return nothing
        if (connected > 0 || state.marketplaces.includes(to)) {
          return refuse(subject, "ChangeMarketplace", "not-possible-now", {
            detail: say("account.connected-elsewhere"),
            nextStep: say("account.add-marketplace-instead")
          })
        }
        return (
          elsewhere(state, "ChangeMarketplace", to, catalogue) ??
          happened<Event>({ _tag: "MarketplaceChanged", from, to })
        )
      },
      Remove: (_, { at, by, connected }) =>
        stillConnected("Remove", connected, say("account.action-remove")) ??
        happened<Event>({ _tag: "AccountRemoved", at, by }),
      Restore: () => nothing,
      DeleteData: deleteData,
      KeepData: keepData,
      AbandonErasure: abandonErasure,
      RecordErasure: recordErasure
    },
    Removed: {
      OpenAccount: () =>
        refuse(subject, "OpenAccount", "already-exists", {
          detail: say("account.exists"),
          nextStep: say("account.restore-instead")
        }),
      Rename: (state) => gone(subject, "Rename", state),
      AssignBrands: (state) => gone(subject, "AssignBrands", state),
      ChangeCompany: (state) => gone(subject, "ChangeCompany", state),
      AddMarketplace: (state) => gone(subject, "AddMarketplace", state),
      RemoveMarketplace: (state) => gone(subject, "RemoveMarketplace", state),
      ChangeMarketplace: (state) => gone(subject, "ChangeMarketplace", state),
      Remove: () => nothing,
      Restore: (_, { at, by }) => happened<Event>({ _tag: "AccountRestored", at, by }),
      DeleteData: deleteData,
      KeepData: keepData,
      AbandonErasure: abandonErasure,
      RecordErasure: recordErasure
    }
  },
  impossible(subject, {
    Absent: say("account.create-first"),
    Open: say("account.open"),
    Removed: say("account.restore-first")
  })
)
