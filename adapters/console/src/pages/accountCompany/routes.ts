/** Taking an account that stands in the wrong company to the right one. */
import { Access, Id } from "@portolan/domain"
import { Effect, Schema } from "effect"
import { words } from "../../messages/words.ts"
import { companyChoice, isSearching, searchField } from "../../page/companyChoice.ts"
import type { Status } from "../../page/errors.ts"
import { asMember, get, post, type Routes } from "../../page/handle.ts"
import * as Http from "../../page/http.ts"
import { sendMember } from "../../page/send.ts"
import type { MemberVisit } from "../../page/visit.ts"
import { together } from "../../page/together.ts"
import { accountCompanyPage } from "./view.ts"

const isCompanyId = Schema.is(Id.CompanyId)

const sendPage = Effect.fnUntraced(function* (
  visit: MemberVisit,
  { search, selectedId, wrong }: { readonly search: string; readonly selectedId: string; readonly wrong?: string },
  status: Status = 200
) {
  const { c, context, me } = visit
  yield* Effect.fromResult(Access.checkEverywhere(me, "administer"))
  const id = yield* Http.idParam(c, Id.AccountId)
  const [account, effects, choice] = yield* Effect.all(
    [
      context.accounts.view(me, id),
      context.accounts.effects(me, id, "change-company"),
      companyChoice(context, me, { search, selectedId })
    ],
    together
  )
  const company = yield* context.companies.view(me, account.companyId)
  return yield* sendMember(visit, accountCompanyPage({ account, choice, company, effects, status, wrong }))
})

const showPage = (visit: MemberVisit) =>
  sendPage(visit, { search: visit.c.req.query(searchField) ?? "", selectedId: "" })

const changeCompany = Effect.fnUntraced(function* (visit: MemberVisit) {
  const { c, context, me } = visit
  const id = yield* Http.idParam(c, Id.AccountId)
  const form = yield* Http.readForm(c)
  const typed = { search: Http.one(form, searchField), selectedId: Http.one(form, "company") }
  if (isSearching(form)) return yield* sendPage(visit, typed)
  const { selectedId: companyId } = typed
  if (!isCompanyId(companyId)) return yield* sendPage(visit, { ...typed, wrong: words.accounts.chooseRight }, 422)
  return yield* context.accounts.changeCompany(me, id, { companyId }).pipe(
    Effect.map(() => c.redirect(`/accounts/${id}?done=change-company`, 303)),
    Effect.catchTag("NotFound", () => sendPage(visit, { ...typed, wrong: words.start.companyGone }, 422))
  )
})

/** `/accounts/{id}/company`. */
export const routes: Routes = [
  get("/accounts/:id/company", asMember(showPage)),
  post("/accounts/:id/company", asMember(changeCompany), "/accounts/:id/company")
]
