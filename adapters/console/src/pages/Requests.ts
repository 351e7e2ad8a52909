/** One request to connect, for the member who asks: writing, preview, sending, and what became of it (flow F5). */
import { Access, Actor, Channel, Id, Marketplace } from "@portolan/domain"
import type { AuthLinks, Connections, Requests } from "@portolan/ports"
import { type DateTime, Effect, Option, Redacted, Result } from "effect"
import type { Context } from "hono"
import type { Desk, Routes } from "../Desk.ts"
import { html, type Markup, nothing, theirs } from "../Html.ts"
import * as Layout from "../Layout.ts"
import * as Parts from "../Parts.ts"
import type { Status } from "../Trouble.ts"
import * as Web from "../Web.ts"
import * as Words from "../Words.ts"
import { emailPolicy, emailView } from "./letterView.ts"
import * as Form from "./requestForm.ts"
import { choosePage, listPage, toneOf, what } from "./RequestLists.ts"

const crumbs = (view: Connections.ConnectionDetail) => [
  { href: "/requests", label: "Requests" },
  { href: `/accounts/${view.account.id}`, label: theirs(view.account.name) }
]

const about = ({ account, company, connection }: Connections.ConnectionDetail): Markup => html`<dl class="facts">
  <div><dt>Company</dt><dd>${theirs(company.name)}</dd></div><div><dt>Account</dt><dd>${theirs(account.name)}</dd></div>
  <div><dt>Marketplace</dt><dd>${Words.marketplaceName(connection.marketplaceId)}</dd></div>
  <div><dt>Channel</dt><dd>${Channel.label(connection.channel)}</dd></div></dl>`

const formPage = (
  desk: Desk,
  c: Context,
  me: Layout.Me,
  view: Connections.ConnectionDetail,
  state: Parts.FormState,
  status: Status = 200
) =>
  Web.send(
    c,
    Layout.memberPage(
      desk,
      me,
      "Request to connect",
      "requests",
      html`
    ${Parts.pageHead("Request to connect", {
      crumbs: crumbs(view),
      lead: "Ask the owner of the seller account by mail. You get a copy, and a confirmation when it is done."
    })}
    ${state.errors["form"] !== undefined && Parts.notice("act", "The request cannot be sent", state.errors["form"])}
    ${Parts.notice(
      "info",
      "Are you the owner yourself?",
      html`Then <a href="/accounts/${view.account.id}">authenticate now</a>; nobody has to be asked.`
    )}
    <form method="post" action="/connections/${view.connection.id}/request/preview" class="card form">
      ${about(view)}
      <input type="hidden" name="marketplace" value="${view.connection.marketplaceId}">
      ${Parts.textField(state, "name", "Owner's name", {
        hint: "The person who registered the seller account. Passing the mail on does not pass on the right."
      })}
      ${Parts.textField(state, "email", "Owner's e-mail address", { type: "email" })}
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
): Requests.Draft => ({
  connectionId: view.connection.id,
  owner: { name: input.name, email: input.email },
  message: input.message,
  marketplaceId: Option.getOrUndefined(Marketplace.find(marketplace))?.id ?? view.connection.marketplaceId
})

const previewPage = (
  desk: Desk,
  c: Context,
  me: Layout.Me,
  view: Connections.ConnectionDetail,
  preview: Requests.Preview,
  values: { readonly [field: string]: string }
) => {
  c.header("Content-Security-Policy", emailPolicy)
  const { owner, requester } = preview.to
  return Web.send(
    c,
    Layout.memberPage(
      desk,
      me,
      "Preview of the request",
      "requests",
      html`
    ${Parts.pageHead("Preview of the request", {
      crumbs: crumbs(view),
      lead: "This is the mail, word for word. Nothing has been sent yet."
    })}
    <section class="card"><dl class="facts people">
      <div><dt>To</dt><dd>${theirs(owner.name)}, ${theirs(owner.email)}</dd></div>
      <div><dt>Copy to you</dt><dd>${theirs(requester.name)}, ${theirs(requester.email)}</dd></div></dl>
      ${emailView(preview.emailMessage, desk.origin, "The request")}
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

const isOpen = ({ standing }: Requests.RequestView): boolean => standing.label === "Open"

const facts = (view: Requests.RequestView, now: DateTime.Utc): Markup => {
  const { link } = view
  const { message, owner, requester } = link.request
  return html`<dl class="facts people"><div><dt>Owner</dt><dd>${theirs(owner.name)}, ${theirs(owner.email)}</dd></div>
    <div><dt>Asked by</dt><dd>${theirs(requester.name)}, ${theirs(requester.email)}</dd></div>
    <div><dt>Sent</dt><dd>${Parts.whenFully(link.issuedAt, now)} by ${theirs(Actor.describe(link.issuedBy))}</dd></div>
    <div><dt>${isOpen(view) ? "Expires" : "Would have expired"}</dt><dd>${Parts.whenFully(link.expiresAt, now)}</dd></div>
    ${link._tag === "Open" && html`<div><dt>Mailed</dt><dd>${Words.count(link.mails, "time")}</dd></div>`}
    ${message !== undefined && html`<div><dt>Message</dt><dd class="said">${theirs(message)}</dd></div>`}</dl>`
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
      ${Parts.confirmed("Withdraw request", withdrawing, `/requests/${link.id}/revoke`, "Yes, withdraw it")}</div>`
  }
  return link._tag === "Used"
    ? nothing
    : html`<p><a class="button small" href="/connections/${link.connectionId}/request">Ask again</a></p>`
}

const detailPage = Effect.fnUntraced(function* (
  desk: Desk,
  c: Context,
  me: Layout.Me,
  view: Requests.RequestView,
  wrong?: Markup,
  status: Status = 200
) {
  const now = yield* Web.now
  const { accountName, companyName, link, standing } = view
  const mayAsk = Access.can(me, "connect")
  const shown = isOpen(view) && mayAsk ? yield* Effect.option(desk.authLinks.view(me, link.id)) : Option.none()
  const told = (desk.mailer.sends ? done : kept)[c.req.query("done") ?? ""]
  return Web.send(
    c,
    Layout.memberPage(
      desk,
      me,
      `Request for ${accountName}`,
      "requests",
      html`
    ${Parts.pageHead(html`Request for ${theirs(accountName)}`, {
      crumbs: [
        { href: "/requests", label: "Requests" },
        { href: `/accounts/${link.accountId}`, label: theirs(accountName) }
      ],
      lead: html`${theirs(companyName)} · ${what(link.channel, link.request.marketplaceId)}`
    })}
    ${told !== undefined && Parts.notice("good", told[0], told[1])}${wrong ?? ""}
    ${
      !desk.mailer.sends &&
      isOpen(view) &&
      Parts.notice(
        "info",
        "No mail server is set up here",
        html`Mails are kept instead of sent.${
          Access.can(me, "administer") && html` Read them in the <a href="/mailbox">mailbox</a>.`
        }`
      )
    }
    <section class="card"><header class="with-badge">
      <h2>How it stands</h2>${Parts.badge(toneOf(view), standing.label)}</header>
      ${Parts.reasons(standing, Words.mustAct[standing.mustAct])}
      ${facts(view, now)}
      ${Option.isSome(shown) && address(shown.value)}
      ${mayAsk && nextActions(view)}
      ${link._tag === "Used" && html`<p><a href="/connections/${link.connectionId}">See the connection</a></p>`}
    </section>
    ${!mayAsk && Parts.onlyLooking("An owner, admin or member of your organization")}`
    ),
    status
  )
})

/** `/requests`, and `/connections/{id}/request`. */
export const routes: Routes = (app, desk) => {
  app.get(
    "/requests",
    Web.handle(desk, (c) => listPage(desk, c))
  )
  app.get(
    "/requests/new",
    Web.handle(desk, (c) => choosePage(desk, c))
  )

  const begun = Effect.fnUntraced(function* (c: Context) {
    const me = yield* Web.member(desk, c)
    yield* Effect.fromResult(Access.check(me, "connect"))
    return { me, view: yield* desk.connections.view(me, yield* Web.idParam(c, Id.ConnectionId)) }
  })
  const typedIn = (form: Web.Form) => {
    const { email = "", marketplace = "", message = "", name = "" } = Web.typed(form)
    return { email, marketplace, message, name }
  }

  app.get(
    "/connections/:id/request",
    Web.handle(desk, (c) =>
      Effect.gen(function* () {
        const { me, view } = yield* begun(c)
        const {
          items: [last]
        } = yield* desk.requests.list(me, { connectionId: view.connection.id }, { limit: 1 })
        const owner =
          last === undefined || (last.link._tag === "Open" && last.link.objection !== undefined)
            ? undefined
            : last.link.request.owner
        return formPage(desk, c, me, view, {
          values: owner === undefined ? {} : { name: owner.name, email: owner.email },
          errors: {}
        })
      })
    )
  )

  app.post(
    "/connections/:id/request/edit",
    Web.handle(desk, (c) =>
      Effect.gen(function* () {
        const { me, view } = yield* begun(c)
        return formPage(desk, c, me, view, { values: typedIn(yield* Web.readForm(c)), errors: {} })
      })
    )
  )

  app.post(
    "/connections/:id/request/preview",
    Web.handle(desk, (c) =>
      Effect.gen(function* () {
        const { me, view } = yield* begun(c)
        const values = typedIn(yield* Web.readForm(c))
        const { errors, input } = Form.read(values)
        if (Result.isFailure(input)) return formPage(desk, c, me, view, { values, errors }, 422)
        return yield* desk.requests.preview(me, draftOf(view, input.success, values.marketplace)).pipe(
          Effect.map((preview) => previewPage(desk, c, me, view, preview, values)),
          Effect.catchTag("Refused", (refused) =>
            refused.reason === "not-permitted"
              ? Effect.fail(refused)
              : Effect.succeed(formPage(desk, c, me, view, { values, errors: { form: refused.message } }, 409))
          )
        )
      })
    )
  )

  app.post(
    "/connections/:id/request",
    Web.handle(desk, (c) =>
      Effect.gen(function* () {
        const { me, view } = yield* begun(c)
        const form = yield* Web.readForm(c)
        const values = typedIn(form)
        const { errors, input } = Form.read(values)
        if (Result.isFailure(input)) return formPage(desk, c, me, view, { values, errors }, 422)
        return yield* desk.requests
          .send(me, { ...draftOf(view, input.success, values.marketplace), reference: Web.one(form, "reference") })
          .pipe(
            Effect.map(({ link }) => c.redirect(`/requests/${link.id}?done=sent`, 303)),
            Effect.catchTag("Refused", (refused) =>
              refused.reason === "not-permitted"
                ? Effect.fail(refused)
                : Effect.succeed(formPage(desk, c, me, view, { values, errors: { form: refused.message } }, 409))
            )
          )
      })
    )
  )

  app.get(
    "/requests/:id",
    Web.handle(desk, (c) =>
      Effect.gen(function* () {
        const me = yield* Web.member(desk, c)
        return yield* detailPage(desk, c, me, yield* desk.requests.view(me, yield* Web.idParam(c, Id.InvitationId)))
      })
    )
  )

  const acting = (path: string, act: "mailAgain" | "revoke", told: string) =>
    app.post(
      path,
      Web.handle(desk, (c) =>
        Effect.gen(function* () {
          const me = yield* Web.member(desk, c)
          const id = yield* Web.idParam(c, Id.InvitationId)
          return yield* desk.requests[act](me, id).pipe(
            Effect.map(() => c.redirect(`/requests/${id}?done=${told}`, 303)),
            Effect.catchTag("Refused", (refused) =>
              refused.reason === "not-permitted"
                ? Effect.fail(refused)
                : Effect.flatMap(desk.requests.view(me, id), (view) =>
                    detailPage(desk, c, me, view, Parts.notice("act", refused.detail, refused.nextStep), 409)
                  )
            )
          )
        })
      )
    )
  acting("/requests/:id/mail-again", "mailAgain", "mailed")
  acting("/requests/:id/revoke", "revoke", "withdrawn")
}
