/**
 * A company's main account (flow F4; rules S-R1 to S-R7): its logins, which of them administers what, who sees what,
 * and the plan that gathers everything under one login. Nothing here changes anything at a provider: people do the
 * steps there, and a look with the login marks them done.
 */
import { Access, given, Id } from "@portolan/domain"
import { Effect, Result } from "effect"
import { words } from "../../messages/words.ts"
import * as Components from "../../page/components.ts"
import { BadRequest, type PageError, type Status } from "../../page/errors.ts"
import { asMember, get, post, type Routes } from "../../page/handle.ts"
import * as Http from "../../page/http.ts"
import * as Input from "../../page/input.ts"
import { sendMember } from "../../page/send.ts"
import type { MemberVisit } from "../../page/visit.ts"
import { together } from "../../page/together.ts"
import * as MainAccountForm from "./form.ts"
import { mainAccountPage, type RefusedForms } from "./view.ts"

const accountsShown = 100

const sendMainAccount = Effect.fnUntraced(function* (
  visit: MemberVisit,
  id: Id.CompanyId,
  refused: RefusedForms = {},
  status: Status = 200
) {
  const { c, context, me } = visit
  const read = [
    context.consolidations.view(me, id),
    context.accounts.list(me, { companyId: id }, { limit: accountsShown })
  ] as const
  const [view, { items: own }] = yield* Effect.all(read, together)
  return yield* sendMember(
    visit,
    mainAccountPage({
      base: `/companies/${id}/main-account`,
      company: view.company,
      done: c.req.method === "GET" ? c.req.query("done") : undefined,
      mayAct: Access.can(me, "connect"),
      now: yield* Http.now,
      own,
      refused,
      status,
      view
    })
  )
})

const at = "/companies/:id/main-account"

const showMainAccount = Effect.fnUntraced(function* (visit: MemberVisit) {
  return yield* sendMainAccount(visit, yield* Http.idParam(visit.c, Id.CompanyId))
})

/** What a form asks for. Answers with what was done, or with what is wrong with the form. */
type Change = (visit: MemberVisit, id: Id.CompanyId, form: Http.Form) => Effect.Effect<string | RefusedForms, PageError>

const addLogin: Change = Effect.fnUntraced(function* ({ context, me }, id, form) {
  const login = MainAccountForm.newLogin(form)
  if (Result.isFailure(login)) return { login: { values: Http.typed(form), errors: { name: login.failure } } }
  yield* context.consolidations.addCredential(me, { companyId: id, credential: login.success })
  return "saved"
})

const addAccount: Change = Effect.fnUntraced(function* ({ context, me }, id, form) {
  const account = MainAccountForm.newAccount(form)
  if (Result.isFailure(account)) return { account: { values: Http.typed(form), errors: { account: account.failure } } }
  yield* context.consolidations.addAccount(me, { companyId: id, account: account.success })
  return "saved"
})

const look: Change = Effect.fnUntraced(function* ({ context, me }, id, form) {
  const login = Http.one(form, "login")
  const consent = Http.one(form, "consent")
  if (!MainAccountForm.isLogin(login)) return yield* new BadRequest({ detail: words.mainAccount.chooseLogin })
  yield* context.consolidations.observe(me, id, {
    credentialId: login,
    ...(MainAccountForm.isGrant(consent) ? { grantId: consent } : {})
  })
  return "looked"
})

const mail: Change = Effect.fnUntraced(function* ({ context, me }, id, form) {
  const address = MainAccountForm.email(Http.one(form, "to"))
  if (Result.isFailure(address) || address.success === undefined)
    return { mail: { values: Http.typed(form), errors: { to: Input.noEmail } } }
  const message = Http.one(form, "message").trim().slice(0, 1000)
  yield* context.consolidations.mail(me, id, {
    email: address.success,
    ...given({ message: message === "" ? undefined : message })
  })
  return "mailed"
})

const changes: { readonly [kind: string]: Change } = {
  logins: addLogin,
  accounts: addAccount,
  look,
  mail,
  share: ({ context, me }, id) => Effect.as(context.consolidations.share(me, id), "shared"),
  unshare: ({ context, me }, id) => Effect.as(context.consolidations.unshare(me, id), "unshared")
}

/** What a person says was done at the provider. */
const record = (kind: string): Change =>
  Effect.fnUntraced(function* ({ context, me }, id, form) {
    const change = MainAccountForm.readChange(kind, form)
    if (change === undefined) return yield* new BadRequest({ detail: words.mainAccount.chooseFromPage })
    yield* context.consolidations.record(me, id, change)
    return "saved"
  })

const changeMainAccount = Effect.fnUntraced(function* (visit: MemberVisit) {
  const { c } = visit
  const id = yield* Http.idParam(c, Id.CompanyId)
  const form = yield* Http.readForm(c)
  const kind = c.req.param("kind") ?? ""
  const change = (Object.hasOwn(changes, kind) ? changes[kind] : undefined) ?? record(kind)
  return yield* change(visit, id, form).pipe(
    Effect.flatMap((done) =>
      typeof done === "string"
        ? Effect.succeed(c.redirect(`/companies/${id}/main-account?done=${done}`, 303))
        : sendMainAccount(visit, id, done, 422)
    ),
    Effect.catchTag("Refused", (refused) =>
      refused.reason === "not-permitted" && refused.subject === "Access"
        ? Effect.fail(refused)
        : sendMainAccount(visit, id, { notice: Components.notice("act", refused.detail, refused.nextStep) }, 409)
    )
  )
})

/** `/companies/{id}/main-account`. */
export const routes: Routes = [get(at, asMember(showMainAccount)), post(`${at}/:kind`, asMember(changeMainAccount), at)]
