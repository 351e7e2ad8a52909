/** One request to connect, for the member who asks: writing, preview, sending, and what became of it (flow F5). */
import { Access, Actor, Channel, Id, Marketplace } from "@portolan/domain"
import type { AuthLinks, Connections, Requests } from "@portolan/ports"
import { type DateTime, Effect, Option, Redacted, Result } from "effect"
import type { Context } from "hono"
import type { PageContext, Routes } from "../page/context.ts"
import { html, type Markup, nothing, isolateText } from "../page/html.ts"
import * as Layout from "../page/layout.ts"
import * as Components from "../page/components.ts"
import type { Status } from "../page/errors.ts"
import * as Http from "../page/http.ts"
import * as Labels from "../page/labels.ts"
import { emailPolicy, emailView } from "./letterView.ts"
import * as Form from "./requestForm.ts"
import { choosePage, listPage, toneOf, what } from "./RequestLists.ts"

const crumbs = (view: Connections.ConnectionDetail) => [
  { href: "/requests", label: "Requests" },
  { href: `/accounts/${view.account.id}`, label: isolateText(view.account.name) }
]

const about = ({ account, company, connection }: Connections.ConnectionDetail): Markup => html`<dl class="facts">
  <div><dt>Company</dt><dd>${isolateText(company.name)}</dd></div><div><dt>Account</dt><dd>${isolateText(account.name)}</dd></div>
  <div><dt>Marketplace</dt><dd>${Labels.marketplaceName(connection.marketplaceId)}</dd></div>
  <div><dt>Channel</dt><dd>${Channel.label(connection.channel)}</dd></div></dl>`

const formPage = (
  context: PageContext,
  c: Context,
  me: Layout.Me,
  view: Connections.ConnectionDetail,
  state: Components.FormState,
  status: Status = 200
) =>
  Http.send(
    c,
    Layout.memberPage(
      context,
      me,
      "Request to connect",
      "requests",
      html`
    ${Components.pageHead("Request to connect", {
      crumbs: crumbs(view),
      lead: "Ask the owner of the seller account by mail. You get a copy, and a confirmation when it is done."
    })}
    ${state.errors["form"] !== undefined && Components.notice("act", "The request cannot be sent", state.errors["form"])}
    ${Components.notice(
      "info",
      "Are you the owner yourself?",
      html`Then <a href="/accounts/${view.account.id}">authenticate now</a>; nobody has to be asked.`
    )}
    <form method="post" action="/connections/${view.connection.id}/request/preview" class="card form">
      ${about(view)}
      <input type="hidden" name="marketplace" value="${view.connection.marketplaceId}">
      ${Components.textField(state, "name", "Owner's name", {
        hint: "The person who registered the seller account. Passing the mail on does not pass on the right."
      })}
      ${Components.textField(state, "email", "Owner's e-mail address", { type: "email" })}
      ${Form.messageField(state)}
      <div class="buttons"><button>Preview the mail</button><a class="button secondary outline" href="/accounts/${
        view.account.id
      }">Cancel</a></div>
    </form>`
    ),
    status
  )

const draftOf = (
  view: Connections.ConnectionDetail,
  input: { readonly name: string; readonly email: string; readonly message: string },
  marketplace: string
): Requests.RequestInput => ({
  connectionId: view.connection.id,
  owner: { name: input.name, email: input.email },
  message: input.message,
  marketplaceId: Option.getOrUndefined(Marketplace.find(marketplace))?.id ?? view.connection.marketplaceId
})

const previewPage = (
  context: PageContext,
  c: Context,
  me: Layout.Me,
  view: Connections.ConnectionDetail,
  preview: Requests.Preview,
  values: { readonly [field: string]: string }
) => {
  c.header("Content-Security-Policy", emailPolicy)
  const { owner, requester } = preview.to
  return Http.send(
    c,
    Layout.memberPage(
      context,
      me,
      "Preview of the request",
      "requests",
      html`
    ${Components.pageHead("Preview of the request", {
      crumbs: crumbs(view),
      lead: "This is the mail, word for word. Nothing has been sent yet."
    })}
    <section class="card"><dl class="facts people">
      <div><dt>To</dt><dd>${isolateText(owner.name)}, ${isolateText(owner.email)}</dd></div>
      <div><dt>Copy to you</dt><dd>${isolateText(requester.name)}, ${isolateText(requester.email)}</dd></div></dl>
      ${emailView(preview.emailMessage, context.origin, "The request")}
      <div class="buttons"><form method="post" action="/connections/${view.connection.id}/request">
        ${Form.hidden({ ...values, reference: preview.reference })}<button>Send the request</button></form>
      <form method="post" action="/connections/${view.connection.id}/request/edit">${Form.hidden(
        values
      )}<button class="secondary outline">Change it</button></form></div>
    </section>`
    )
  )
}

/** Said where mails are only kept, instead of promising that somebody gets them. */
const kept: { readonly [what: string]: readonly [string, string] } = {
  sent: [
    "Request made",
    "Its mail was not sent, because no mail server is set up here. Pass the link below on by hand."
  ],
  mailed: ["Mail made", "It was not sent, because no mail server is set up here. Pass the link below on by hand."],
  withdrawn: ["Request withdrawn", "The link no longer works."]
}

const done: { readonly [what: string]: readonly [string, string] } = {
  sent: ["Request sent", "The owner gets the mail, and you get a copy."],
  mailed: ["Mailed again", "The owner gets the mail once more."],
  withdrawn: ["Request withdrawn", "The link no longer works, and the owner is told so."]
}

const address = (link: AuthLinks.LinkWithAddress): Markup =>
  link.url === undefined
    ? html``
    : html`<label for="request-link">The link in the mail</label>
  <div class="joined"><input id="request-link" type="text" readonly value="${Redacted.value(
    link.url
  )}" autocomplete="off" spellcheck="false">
  <button type="button" data-copy="request-link" hidden>Copy</button></div>
    <p id="request-link-status" class="copy-status" role="status"></p>`

const isOpen = ({ outcome }: Requests.RequestView): boolean => outcome.label === "Open"

const facts = (view: Requests.RequestView, now: DateTime.Utc): Markup => {
  const { link } = view
  const { message, owner, requester } = link.request
  return html`<dl class="facts people"><div><dt>Owner</dt><dd>${isolateText(owner.name)}, ${isolateText(owner.email)}</dd></div>
    <div><dt>Asked by</dt><dd>${isolateText(requester.name)}, ${isolateText(requester.email)}</dd></div>
    <div><dt>Sent</dt><dd>${Components.whenFully(link.issuedAt, now)} by ${isolateText(Actor.describe(link.issuedBy))}</dd></div>
    <div><dt>${isOpen(view) ? "Expires" : "Would have expired"}</dt><dd>${Components.whenFully(link.expiresAt, now)}</dd></div>
    ${link._tag === "Open" && html`<div><dt>Mailed</dt><dd>${Labels.count(link.mails, "time")}</dd></div>`}
    ${message !== undefined && html`<div><dt>Message</dt><dd class="said">${isolateText(message)}</dd></div>`}</dl>`
}

const withdrawing =
  "The link stops working at once and the owner gets a mail that says so. " +
  "Somebody who is at the provider with it right now cannot finish."

/** What the side that asks can do about a request as it stands. */
const nextActions = (view: Requests.RequestView): Markup => {
  const { link } = view
  if (isOpen(view)) {
    return html`<div class="buttons">
      <form method="post" action="/requests/${link.id}/mail-again"><button class="secondary small">Send again</button></form>
      ${Components.confirmed("Withdraw request", withdrawing, `/requests/${link.id}/revoke`, "Yes, withdraw it")}</div>`
  }
  return link._tag === "Used"
    ? nothing
    : html`<p><a class="button small" href="/connections/${link.connectionId}/request">Ask again</a></p>`
}

const detailPage = Effect.fnUntraced(function* (
  context: PageContext,
  c: Context,
  me: Layout.Me,
  view: Requests.RequestView,
  wrong?: Markup,
  status: Status = 200
) {
  const now = yield* Http.now
  const { accountName, companyName, link, outcome } = view
  const mayAsk = Access.can(me, "connect")
  const shown = isOpen(view) && mayAsk ? yield* Effect.option(context.authLinks.view(me, link.id)) : Option.none()
  const told = (context.mailer.sends ? done : kept)[c.req.query("done") ?? ""]
  return Http.send(
    c,
    Layout.memberPage(
      context,
      me,
      `Request for ${accountName}`,
      "requests",
      html`
    ${Components.pageHead(html`Request for ${isolateText(accountName)}`, {
      crumbs: [
        { href: "/requests", label: "Requests" },
        { href: `/accounts/${link.accountId}`, label: isolateText(accountName) }
      ],
      lead: html`${isolateText(companyName)} · ${what(link.channel, link.request.marketplaceId)}`
    })}
    ${told !== undefined && Components.notice("good", told[0], told[1])}${wrong ?? ""}
    ${
      !context.mailer.sends &&
      isOpen(view) &&
      Components.notice(
        "info",
        "No mail server is set up here",
        html`Mails are kept instead of sent.${
          Access.can(me, "administer") && html` Read them in the <a href="/mailbox">mailbox</a>.`
        }`
      )
    }
    <section class="card"><header class="with-badge">
      <h2>How it stands</h2>${Components.badge(toneOf(view), outcome.label)}</header>
      ${Components.reasons(outcome, Labels.mustAct[outcome.mustAct])}
      ${facts(view, now)}
      ${Option.isSome(shown) && address(shown.value)}
      ${mayAsk && nextActions(view)}
      ${link._tag === "Used" && html`<p><a href="/connections/${link.connectionId}">See the connection</a></p>`}
    </section>
    ${!mayAsk && Components.onlyLooking("An owner, admin or member of your organization")}`
    ),
    status
  )
})

/** `/requests`, and `/connections/{id}/request`. */
export const routes: Routes = (app, context) => {
  app.get(
    "/requests",
    Http.handle(context, (c) => listPage(context, c))
  )
  app.get(
    "/requests/new",
    Http.handle(context, (c) => choosePage(context, c))
  )

  const begun = Effect.fnUntraced(function* (c: Context) {
    const me = yield* Http.member(context, c)
    yield* Effect.fromResult(Access.check(me, "connect"))
    return { me, view: yield* context.connections.view(me, yield* Http.idParam(c, Id.ConnectionId)) }
  })
  const typedIn = (form: Http.Form) => {
    const { email = "", marketplace = "", message = "", name = "" } = Http.typed(form)
    return { email, marketplace, message, name }
  }

  app.get(
    "/connections/:id/request",
    Http.handle(context, (c) =>
      Effect.gen(function* () {
        const { me, view } = yield* begun(c)
        const {
          items: [last]
        } = yield* context.requests.list(me, { connectionId: view.connection.id }, { limit: 1 })
        const owner =
          last === undefined || (last.link._tag === "Open" && last.link.objection !== undefined)
            ? undefined
            : last.link.request.owner
        return formPage(context, c, me, view, {
          values: owner === undefined ? {} : { name: owner.name, email: owner.email },
          errors: {}
        })
      })
    )
  )

  app.post(
    "/connections/:id/request/edit",
    Http.handle(context, (c) =>
      Effect.gen(function* () {
        const { me, view } = yield* begun(c)
        return formPage(context, c, me, view, { values: typedIn(yield* Http.readForm(c)), errors: {} })
      })
    )
  )

  app.post(
    "/connections/:id/request/preview",
    Http.handle(context, (c) =>
      Effect.gen(function* () {
        const { me, view } = yield* begun(c)
        const values = typedIn(yield* Http.readForm(c))
        const { errors, input } = Form.read(values)
        if (Result.isFailure(input)) return formPage(context, c, me, view, { values, errors }, 422)
        return yield* context.requests.preview(me, draftOf(view, input.success, values.marketplace)).pipe(
          Effect.map((preview) => previewPage(context, c, me, view, preview, values)),
          Effect.catchTag("Refused", (refused) =>
            refused.reason === "not-permitted"
              ? Effect.fail(refused)
              : Effect.succeed(formPage(context, c, me, view, { values, errors: { form: refused.message } }, 409))
          )
        )
      })
    )
  )

  app.post(
    "/connections/:id/request",
    Http.handle(context, (c) =>
      Effect.gen(function* () {
        const { me, view } = yield* begun(c)
        const form = yield* Http.readForm(c)
        const values = typedIn(form)
        const { errors, input } = Form.read(values)
        if (Result.isFailure(input)) return formPage(context, c, me, view, { values, errors }, 422)
        return yield* context.requests
          .send(me, { ...draftOf(view, input.success, values.marketplace), reference: Http.one(form, "reference") })
          .pipe(
            Effect.map(({ link }) => c.redirect(`/requests/${link.id}?done=sent`, 303)),
            Effect.catchTag("Refused", (refused) =>
              refused.reason === "not-permitted"
                ? Effect.fail(refused)
                : Effect.succeed(formPage(context, c, me, view, { values, errors: { form: refused.message } }, 409))
            )
          )
      })
    )
  )

  app.get(
    "/requests/:id",
    Http.handle(context, (c) =>
      Effect.gen(function* () {
        const me = yield* Http.member(context, c)
        return yield* detailPage(
          context,
          c,
          me,
          yield* context.requests.view(me, yield* Http.idParam(c, Id.InvitationId))
        )
      })
    )
  )

  const acting = (path: string, act: "mailAgain" | "revoke", told: string) =>
    app.post(
      path,
      Http.handle(context, (c) =>
        Effect.gen(function* () {
          const me = yield* Http.member(context, c)
          const id = yield* Http.idParam(c, Id.InvitationId)
          return yield* context.requests[act](me, id).pipe(
            Effect.map(() => c.redirect(`/requests/${id}?done=${told}`, 303)),
            Effect.catchTag("Refused", (refused) =>
              refused.reason === "not-permitted"
                ? Effect.fail(refused)
                : Effect.flatMap(context.requests.view(me, id), (view) =>
                    detailPage(context, c, me, view, Components.notice("act", refused.detail, refused.nextStep), 409)
                  )
            )
          )
        })
      )
    )
  acting("/requests/:id/mail-again", "mailAgain", "mailed")
  acting("/requests/:id/revoke", "revoke", "withdrawn")
}
