/** Removing a company that is there twice, merging it into the other one, and putting it back (rule C14). */
import { Access, Id, Messages } from "@portolan/domain"
import { Effect, Option, Schema } from "effect"
import { words } from "../../messages/words.ts"
import { companyChoice, searchField } from "../../page/companyChoice.ts"
import type { Status } from "../../page/errors.ts"
import { asCaller, asMember, get, post, type Routes } from "../../page/handle.ts"
import * as Http from "../../page/http.ts"
import { sendMember } from "../../page/send.ts"
import type { CallerVisit, MemberVisit } from "../../page/visit.ts"
import { together } from "../../page/together.ts"
import { removalPage, removedCompaniesPage, restorePage } from "./removalView.ts"

const isCompanyId = Schema.is(Id.CompanyId)
const accountsShown = 50

const sendRemoval = Effect.fnUntraced(function* (
  visit: MemberVisit,
  typed: { readonly search: string; readonly selectedId: string; readonly wrong?: string },
  status: Status = 200
) {
  const { c, context, me } = visit
  const id = yield* Http.idParam(c, Id.CompanyId)
  yield* Effect.fromResult(Access.checkEverywhere(me, "administer"))
  const company = yield* context.companies.view(me, id)
  if (company._tag === "Removed") return c.redirect(`/companies/${id}`, 303)
  const { selectedId, wrong } = typed
  const selected =
    isCompanyId(selectedId) && selectedId !== id
      ? Option.getOrUndefined(yield* Effect.option(context.companies.view(me, selectedId)))
      : undefined
  const into = selected?._tag === "Open" ? selected : undefined
  const [effects, accounts, choice] = yield* Effect.all(
    [
      context.companies.effects(me, id, { command: "remove", into: into?.id }),
      context.accounts.list(me, { companyId: id }, { limit: accountsShown }),
      companyChoice(context, me, { search: typed.search, selectedId: into?.id })
    ],
    together
  )
  return yield* sendMember(visit, removalPage({ accounts, choice, company, effects, into, status, wrong }))
})

const showRemoval = (visit: MemberVisit) => {
  const { [searchField]: search = "", company: selectedId = "" } = visit.c.req.query()
  return sendRemoval(visit, { search, selectedId })
}

const remove = Effect.fnUntraced(function* ({ c, context, me }: CallerVisit) {
  const company = yield* context.companies.remove(me, yield* Http.idParam(c, Id.CompanyId))
  return c.redirect(`/companies/${company.id}?done=remove`, 303)
})

const merge = Effect.fnUntraced(function* (visit: MemberVisit) {
  const { c, context, me } = visit
  const id = yield* Http.idParam(c, Id.CompanyId)
  const into = Http.one(yield* Http.readForm(c), "company")
  const again = (wrong: string) => sendRemoval(visit, { search: "", selectedId: "", wrong }, 422)
  if (!isCompanyId(into) || into === id) return yield* again(Messages.text("company.choose-other"))
  return yield* context.companies.merge(me, id, into).pipe(
    Effect.map(() => c.redirect(`/companies/${into}`, 303)),
    Effect.catchTag("NotFound", () => again(words.start.companyGone))
  )
})

const showRestore = Effect.fnUntraced(function* (visit: MemberVisit) {
  const { c, context, me } = visit
  const id = yield* Http.idParam(c, Id.CompanyId)
  const read = [context.companies.effects(me, id, { command: "restore" }), context.companies.view(me, id)] as const
  const [effects, company] = yield* Effect.all(read, together)
  return company._tag === "Open"
    ? c.redirect(`/companies/${id}`, 303)
    : yield* sendMember(visit, restorePage(company, effects))
})

const restore = Effect.fnUntraced(function* ({ c, context, me }: CallerVisit) {
  const company = yield* context.companies.restore(me, yield* Http.idParam(c, Id.CompanyId))
  return c.redirect(`/companies/${company.id}?done=restore`, 303)
})

const showRemoved = Effect.fnUntraced(function* (visit: MemberVisit) {
  const { c, context, me } = visit
  const cursor = Http.cursorOf(c)
  const page = yield* context.companies.list(me, { states: ["Removed"] }, Http.pageOf(25, cursor))
  const mayRestore = me.accessScope._tag === "Everything" && Access.may(me.role, "administer")
  return yield* sendMember(visit, removedCompaniesPage({ cursor, mayRestore, now: yield* Http.now, page }))
})

/** `/companies/removed`, and what takes a company off the lists and puts it back. */
export const removalRoutes: Routes = [
  get("/companies/removed", asMember(showRemoved)),
  get("/companies/:id/remove", asMember(showRemoval)),
  post("/companies/:id/remove", asCaller(remove)),
  post("/companies/:id/merge", asMember(merge), "/companies/:id/remove"),
  get("/companies/:id/restore", asMember(showRestore)),
  post("/companies/:id/restore", asCaller(restore))
]
