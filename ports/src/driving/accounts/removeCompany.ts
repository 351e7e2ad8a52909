/** A company that is there twice: taken off the lists, put back, or merged into the other one (rule C14). */
import { type Access, type Account, Company, Effects, given, type Id, Messages, Refusal } from "@portolan/domain"
import { Effect } from "effect"
import type { StoreError } from "../../driven/StoreUnavailable.ts"
import * as AccessScope from "../shared/AccessScope.ts"
import { change, decideAndCommit, decideOn, on } from "../shared/change.ts"
import type { ChangeDeps, Deps } from "../shared/deps.ts"
import { everyPage } from "../shared/everyPage.ts"
import { fixedId } from "../shared/fixedId.ts"
import { changeCompany } from "./changeAccountCompany.ts"
import { sideBySide } from "../shared/sideBySide.ts"

type Reads = Deps<"repository">

const pages = 100

const accountsOf = (
  { repository }: Reads,
  { id: companyId, organizationId }: Company.Present,
  state: Account.Present["_tag"]
) => everyPage((page) => repository.accounts(organizationId, { companyId, states: [state] }, page), pages)

/** Members, invited ones too, and keys whose access is limited to a company or its brands. */
const limitedTo = Effect.fnUntraced(function* ({ repository }: Reads, { brands, id, organizationId }: Company.Present) {
  const members = yield* everyPage(
    (page) => repository.members(organizationId, { states: ["Active", "Invited"] }, page),
    pages
  )
  const keys = yield* everyPage((page) => repository.apiKeys(organizationId, page), pages)
  const names = (accessScope: Access.AccessScope) =>
    accessScope._tag === "Limited" &&
    (accessScope.companies.some((one) => one.id === id) ||
      accessScope.brands.some((one) => brands.some((brand) => brand.id === one.id)))
  const holders = [...members, ...keys.filter(({ _tag }) => _tag === "Active")]
  return holders.filter((one) => "accessScope" in one && names(one.accessScope)).length
})

const hasPlan = Effect.fnUntraced(function* (
  deps: Deps<"repository" | "secrets">,
  { id, organizationId }: Company.Present
): Effect.fn.Return<boolean, StoreError> {
  const consolidation = yield* fixedId(deps, "consolidation", id)
  return yield* deps.repository.find("consolidation", organizationId, consolidation).pipe(
    Effect.as(true),
    Effect.catchTag("NotFound", () => Effect.succeed(false))
  )
})

/** A command whose effects are asked for. `into`: the company that takes over the accounts before it is removed. */
export interface CompanyCommand {
  readonly command: "remove" | "restore"
  readonly into?: Id.CompanyId | undefined
}

/** What removing or restoring a company would do, for a page that asks for confirmation. Changes nothing. */
export const effects = Effect.fn("Companies.effects")(function* (
  deps: Deps<"repository" | "secrets">,
  caller: Access.Caller,
  companyId: Id.CompanyId,
  { command, into }: CompanyCommand
) {
  const companies = [
    AccessScope.company(deps, caller, "administer", companyId),
    into === undefined ? Effect.succeed(undefined) : AccessScope.company(deps, caller, "administer", into)
  ] as const
  const [{ state: company }, taking] = yield* sideBySide(...companies)
  const other = taking?.state
  const [own, limited, removed, planned] = yield* sideBySide(
    accountsOf(deps, company, "Open"),
    limitedTo(deps, company),
    accountsOf(deps, company, "Removed"),
    hasPlan(deps, company)
  )
  const facts = {
    limited,
    removedAccounts: removed.length,
    hasPlan: planned,
    into: other === undefined ? undefined : { company: other.name, accounts: own.length }
  }
  return Effects.ofCompany(command, given(facts))
})

/** Takes a company off the lists; refused while it has an account in use. */
export const remove = Effect.fn("Companies.remove")(
  (deps: ChangeDeps, caller: Access.Caller, companyId: Id.CompanyId) =>
    decideAndCommit(deps, caller, ({ actor: by, at }) =>
      Effect.gen(function* () {
        const read = yield* AccessScope.company(deps, caller, "administer", companyId)
        const { length: accounts } = yield* accountsOf(deps, read.state, "Open")
        const removed = yield* decideOn("company", read, { _tag: "Remove", accounts, at, by })
        return { decided: [removed], result: removed.next as Company.Present }
      })
    )
)

/** Puts a removed company back. */
export const restore = Effect.fn("Companies.restore")(function* (
  deps: ChangeDeps,
  caller: Access.Caller,
  companyId: Id.CompanyId
) {
  const read = AccessScope.company(deps, caller, "administer", companyId)
  const [company] = yield* change(deps, caller, [
    on("company", read, (at) => ({ _tag: "Restore", at, by: caller.actor }))
  ])
  return company
})

/**
 * Takes every account in use to another company, one change an account, and then removes the company. Interrupted, it
 * is carried on by asking again: what is moved stays moved.
 */
export const merge = Effect.fn("Companies.merge")(function* (
  deps: ChangeDeps,
  caller: Access.Caller,
  companyId: Id.CompanyId,
  into: Id.CompanyId
) {
  const { state: company } = yield* AccessScope.company(deps, caller, "administer", companyId)
  if (companyId === into) {
    return yield* Refusal.make("Company", "Merge", "contradiction", {
      detail: Messages.say("company.merge-into-itself", { company: company.name }),
      nextStep: Messages.say("company.choose-other")
    })
  }
  const { state: other } = yield* AccessScope.company(deps, caller, "administer", into)
  yield* Effect.fromResult(Company.inUse(other, "Company", "Merge"))
  for (const { id } of yield* accountsOf(deps, company, "Open")) {
    yield* changeCompany(deps, caller, id, { companyId: into })
  }
  return yield* remove(deps, caller, companyId)
})
