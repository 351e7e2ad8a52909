/**
 * A company's main account (flow F4; rules S-R1 to S-R7): its logins, which of them administers what, who sees what, and the plan
 * that gathers everything under one login. Nothing here changes anything at a provider: people do the steps there, and a look
 * with the login marks them done.
 */
import { Access, type Company, Id } from "@portolan/domain"
import { Effect, Result, Schema } from "effect"
import type { Context } from "hono"
import type { PageContext, Routes } from "../page/context.ts"
import { html, type Markup, nothing, isolateText } from "../page/html.ts"
import * as Layout from "../page/layout.ts"
import * as Components from "../page/components.ts"
import { BadRequest, type Status } from "../page/errors.ts"
import * as Http from "../page/http.ts"
import * as forms from "./mainAccountForms.ts"
import { accountsSection, loginsSection } from "./mainAccountLists.ts"
import { planSection, shareSection } from "./mainAccountPlan.ts"

const accountsShown = 100

const done: { readonly [kind: string]: readonly [title: string, text: string] } = {
  saved: ["Noted", "The plan below is up to date."],
  looked: ["Looked just now", "What the login sees is in the plan."],
  shared: ["The address is ready", "Send it to the people named in the plan."],
  unshared: ["Address withdrawn", "Whoever opens it is told so."],
  mailed: ["The mail is on its way", "It carries the address of the plan."]
}

/** What was wrong with a form, to show it again. */
interface Again {
  readonly login?: Components.FormState
  readonly account?: Components.FormState
  readonly mail?: Components.FormState
  readonly notice?: Markup
}

const page = Effect.fnUntraced(function* (
  context: PageContext,
  c: Context,
  me: Layout.Me,
  id: Id.CompanyId,
  again: Again = {},
  status: Status = 200
) {
  const view = yield* context.consolidations.view(me, id)
  const now = yield* Http.now
  const company: Company.Open = view.company
  const { items: own } = yield* context.accounts.list(me, { companyId: id }, { limit: accountsShown })
  const base = `/companies/${id}/main-account`
  const may = Access.can(me, "connect")
  const said = done[c.req.query("done") ?? ""]
  return Http.send(
    c,
    Layout.memberPage(
      context,
      me,
      `${company.name}: main account`,
      "companies",
      html`
    ${Components.pageHead("Main account", {
      crumbs: [
        { href: "/companies", label: "Companies" },
        { href: `/companies/${company.id}`, label: isolateText(company.name) }
      ],
      lead: "Gather all accounts under one login. Each account has one administrator, and only the administrator can let another login in."
    })}
    ${again.notice ?? nothing}
    ${c.req.method === "GET" && said !== undefined && Components.notice("good", said[0], said[1])}
    <div class="split"><div>${planSection(view, base, may)}${accountsSection(
      view,
      own,
      base,
      may,
      again.account ?? Components.blank
    )}</div>
      <div>${loginsSection(view, base, may, now, again.login ?? Components.blank)}${
        may &&
        (view.plan.main !== undefined || view.address !== undefined) &&
        shareSection(view, base, again.mail ?? Components.blank)
      }
      ${!may && Components.onlyLooking("An owner, admin or member of your organization")}</div></div>`
    ),
    status
  )
})

const isLogin = Schema.is(Id.CredentialId)
const isGrant = Schema.is(Id.GrantId)

/** `/companies/{id}/main-account`. */
export const routes: Routes = (app, context) => {
  const at = "/companies/:id/main-account"
  app.get(
    at,
    Http.handle(context, (c) =>
      Effect.gen(function* () {
        const me = yield* Http.member(context, c)
        return yield* page(context, c, me, yield* Http.idParam(c, Id.CompanyId))
      })
    )
  )

  app.post(
    `${at}/:kind`,
    Http.handle(context, (c) =>
      Effect.gen(function* () {
        const me = yield* Http.member(context, c)
        const id = yield* Http.idParam(c, Id.CompanyId)
        const form = yield* Http.readForm(c)
        const kind = c.req.param("kind") ?? ""
        const to = (what: keyof typeof done) => c.redirect(`/companies/${id}/main-account?done=${what}`, 303)
        const values = Http.typed(form)
        const act = Effect.gen(function* () {
          switch (kind) {
            case "logins": {
              const login = forms.newLogin(form)
              if (Result.isFailure(login))
                return yield* page(context, c, me, id, { login: { values, errors: { name: login.failure } } }, 422)
              yield* context.consolidations.addCredential(me, { companyId: id, credential: login.success })
              return to("saved")
            }
            case "accounts": {
              const account = forms.newAccount(form)
              if (Result.isFailure(account))
                return yield* page(
                  context,
                  c,
                  me,
                  id,
                  { account: { values, errors: { account: account.failure } } },
                  422
                )
              yield* context.consolidations.addAccount(me, { companyId: id, account: account.success })
              return to("saved")
            }
            case "look": {
              const login = Http.one(form, "login")
              const consent = Http.one(form, "consent")
              if (!isLogin(login)) return yield* new BadRequest({ detail: "Choose a login from the list." })
              yield* context.consolidations.observe(me, id, {
                credentialId: login,
                grantId: isGrant(consent) ? consent : undefined
              })
              return to("looked")
            }
            case "share":
              return yield* Effect.as(context.consolidations.share(me, id), to("shared"))
            case "unshare":
              return yield* Effect.as(context.consolidations.unshare(me, id), to("unshared"))
            case "mail": {
              const address = forms.email(Http.one(form, "to"))
              if (Result.isFailure(address) || address.success === undefined) {
                return yield* page(
                  context,
                  c,
                  me,
                  id,
                  { mail: { values, errors: { to: "Enter an e-mail address." } } },
                  422
                )
              }
              const message = Http.one(form, "message").trim().slice(0, 1000)
              yield* context.consolidations.mail(me, id, {
                email: address.success,
                ...(message === "" ? {} : { message })
              })
              return to("mailed")
            }
            default: {
              const told = forms.told(kind, form)
              if (told === undefined) return yield* new BadRequest({ detail: "Choose from what the page offers." })
              yield* context.consolidations.record(me, id, told)
              return to("saved")
            }
          }
        })
        return yield* Effect.catchTag(act, "Refused", (refused) =>
          refused.reason === "not-permitted" && refused.subject === "Access"
            ? Effect.fail(refused)
            : page(context, c, me, id, { notice: Components.notice("act", refused.detail, refused.nextStep) }, 409)
        )
      })
    )
  )
}
