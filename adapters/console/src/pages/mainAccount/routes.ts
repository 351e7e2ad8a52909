/**
 * A company's main account (flow F4; rules S-R1 to S-R7): its logins, which of them administers what, who sees what, and the plan
 * that gathers everything under one login. Nothing here changes anything at a provider: people do the steps there, and a look
 * with the login marks them done.
 */
import { Access, type Company, Id } from "@portolan/domain"
import { Effect, Result } from "effect"
import * as Components from "../../page/components.ts"
import { BadRequest, type Status } from "../../page/errors.ts"
import { asMember, get, post, type Routes } from "../../page/handle.ts"
import * as Http from "../../page/http.ts"
import { sendMember } from "../../page/send.ts"
import type { MemberVisit } from "../../page/visit.ts"
import * as MainAccountForm from "./form.ts"
import { isGrant, isLogin } from "./form.ts"
import { type Again, mainAccountPage } from "./view.ts"

const accountsShown = 100

const done: { readonly [kind: string]: readonly [title: string, text: string] } = {
  saved: ["Noted", "The plan below is up to date."],
  looked: ["Looked just now", "What the login sees is in the plan."],
  shared: ["The address is ready", "Send it to the people named in the plan."],
  unshared: ["Address withdrawn", "Whoever opens it is told so."],
  mailed: ["The mail is on its way", "It carries the address of the plan."]
}

const sendMainAccount = Effect.fnUntraced(function* (
  visit: MemberVisit,
  id: Id.CompanyId,
  again: Again = {},
  status: Status = 200
) {
  const { c, context, me } = visit
  const view = yield* context.consolidations.view(me, id)
  const now = yield* Http.now
  const company: Company.Open = view.company
  const { items: own } = yield* context.accounts.list(me, id, { limit: accountsShown })
  const base = `/companies/${id}/main-account`
  const may = Access.can(me, "connect")
  const said = c.req.method === "GET" ? done[c.req.query("done") ?? ""] : undefined
  return sendMember(visit, mainAccountPage({ again, base, company, may, now, own, said, status, view }))
})

const at = "/companies/:id/main-account"

const showMainAccount = Effect.fnUntraced(function* (visit: MemberVisit) {
  const { c } = visit
  return yield* sendMainAccount(visit, yield* Http.idParam(c, Id.CompanyId))
})

const changeMainAccount = Effect.fnUntraced(function* (visit: MemberVisit) {
  const { c, context, me } = visit
  const id = yield* Http.idParam(c, Id.CompanyId)
  const form = yield* Http.readForm(c)
  const kind = c.req.param("kind") ?? ""
  const to = (what: keyof typeof done) => c.redirect(`/companies/${id}/main-account?done=${what}`, 303)
  const values = Http.typed(form)
  const act = Effect.gen(function* () {
    switch (kind) {
      case "logins": {
        const login = MainAccountForm.newLogin(form)
        if (Result.isFailure(login))
          return yield* sendMainAccount(visit, id, { login: { values, errors: { name: login.failure } } }, 422)
        yield* context.consolidations.addCredential(me, id, login.success)
        return to("saved")
      }
      case "accounts": {
        const account = MainAccountForm.newAccount(form)
        if (Result.isFailure(account))
          return yield* sendMainAccount(visit, id, { account: { values, errors: { account: account.failure } } }, 422)
        yield* context.consolidations.addAccount(me, id, account.success)
        return to("saved")
      }
      case "look": {
        const login = Http.one(form, "login")
        const consent = Http.one(form, "consent")
        if (!isLogin(login)) return yield* new BadRequest({ detail: "Choose a login from the list." })
        yield* context.consolidations.observe(me, id, login, isGrant(consent) ? consent : undefined)
        return to("looked")
      }
      case "share":
        return yield* Effect.as(context.consolidations.share(me, id), to("shared"))
      case "unshare":
        return yield* Effect.as(context.consolidations.unshare(me, id), to("unshared"))
      case "mail": {
        const address = MainAccountForm.email(Http.one(form, "to"))
        if (Result.isFailure(address) || address.success === undefined) {
          return yield* sendMainAccount(
            visit,
            id,
            { mail: { values, errors: { to: "Enter an e-mail address." } } },
            422
          )
        }
        const message = Http.one(form, "message").trim().slice(0, 1000)
        yield* context.consolidations.mail(me, id, { email: address.success, ...(message === "" ? {} : { message }) })
        return to("mailed")
      }
      default: {
        const told = MainAccountForm.readChange(kind, form)
        if (told === undefined) return yield* new BadRequest({ detail: "Choose from what the sendMainAccount offers." })
        yield* context.consolidations.tell(me, id, told)
        return to("saved")
      }
    }
  })
  return yield* Effect.catchTag(act, "Refused", (refused) =>
    refused.reason === "not-permitted" && refused.subject === "Access"
      ? Effect.fail(refused)
      : sendMainAccount(visit, id, { notice: Components.notice("act", refused.detail, refused.nextStep) }, 409)
  )
})

/** `/companies/{id}/main-account`. */
export const routes: Routes = [get(at, asMember(showMainAccount)), post(`${at}/:kind`, asMember(changeMainAccount))]
