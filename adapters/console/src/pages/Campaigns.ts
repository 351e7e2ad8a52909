/**
 * Renewal campaigns: whose consents end, whom to ask, the mails as they will be sent, one an owner, and sending them
 * (rules X-R13, X-R14, C11).
 */
import { Access, Channel, Connection, Id } from "@portolan/domain"
import { Requests } from "@portolan/ports"
import { DateTime, Effect, Option, Result, Schema } from "effect"
import type { Context } from "hono"
import type { PageContext, Routes } from "../page/context.ts"
import { html, type Markup, isolateText } from "../page/html.ts"
import * as Input from "../page/input.ts"
import * as Layout from "../page/layout.ts"
import * as Components from "../page/components.ts"
import type { Status } from "../page/errors.ts"
import * as Http from "../page/http.ts"
import * as Labels from "../page/labels.ts"
import { emailPolicy, emailView } from "./letterView.ts"
import * as Form from "./requestForm.ts"

/** The most connections on one form, so that it stays within the size of a form. */
const formLimit = 50

const horizons = [7, 30, 90, 365] as const
const standardDays = 90

/** One connection that can be asked for. */
interface Candidate extends Omit<Requests.Renewable, "expiresAt"> {
  /** Absent: no end is known, or there is no consent; then a campaign has nothing to renew. */
  readonly expiresAt?: DateTime.Utc
}

const decodeConnection = Schema.decodeUnknownOption(Id.ConnectionId)
const chosenOf = (values: ReadonlyArray<string>): ReadonlyArray<Id.ConnectionId> =>
  [...new Set(values.flatMap((text) => Option.toArray(decodeConnection(text))))].slice(0, formLimit)

/** The connections of a list of ids. Those that are not there, or not the caller's, are left out, as in every list. */
const candidatesOf = (context: PageContext, me: Layout.Me, ids: ReadonlyArray<Id.ConnectionId>) =>
  Effect.map(
    Effect.forEach(
      ids,
      (id) =>
        Effect.gen(function* (): Effect.fn.Return<
          ReadonlyArray<Candidate>,
          Effect.Error<ReturnType<typeof context.requests.list>>
        > {
          const { account, company, connection } = yield* context.connections.view(me, id)
          if (!Connection.isLinked(connection) || Channel.accessBy(connection.channel) === "partner") return []
          const {
            items: [last]
          } = yield* context.requests.list(me, { connectionId: id }, { limit: 1 })
          return [
            {
              connection,
              accountName: account.name,
              companyName: company.name,
              ...(connection.link.expiresAt === undefined ? {} : { expiresAt: connection.link.expiresAt }),
              ...(last === undefined ? {} : { owner: last.link.request.owner }),
              ...(last?.outcome.label === "Open" ? { openRequest: last.link.id } : {})
            }
          ]
        }).pipe(Effect.catchTag("NotFound", () => Effect.succeed<ReadonlyArray<Candidate>>([]))),
      { concurrency: 4 }
    ),
    (found) => found.flat()
  )

const field = (state: Components.FormState, name: string, label: string, fallback: string, type: string): Markup => {
  const error = state.errors[name]
  return html`<label for="field-${name}" class="sr-only">${
    label
  }</label><input id="field-${name}" name="${name}" type="${type}" autocomplete="off"
    value="${state.values[name] ?? fallback}" placeholder="${type === "email" ? "name@example.com" : "Name"}"${
      error !== undefined && html` aria-invalid="true" aria-describedby="field-${name}-error"`
    }>${Components.fieldError(state, name)}`
}

const row = (one: Candidate, isChosen: boolean, state: Components.FormState, now: DateTime.Utc): Markup => {
  const { accountName, companyName, connection, expiresAt, openRequest, owner } = one
  const { id } = connection
  return html`<tr><td class="pick">${
    expiresAt !== undefined &&
    html`<input type="checkbox" name="connection" value="${id}" aria-label="Choose ${accountName},
    ${Channel.label(connection.channel)}"${isChosen && html` checked`}>`
  }</td>
  <th scope="row" data-label="Account">${isolateText(accountName)}<br><small class="muted">${isolateText(companyName)} · ${Labels.shortChannel(
    connection.channel
  )},
    ${Labels.marketplaceName(connection.marketplaceId)}</small></th>
  <td data-label="Consent ends">${
    expiresAt === undefined
      ? html`<span class="muted">no end known; <a href="/connections/${id}/request">send a request instead</a></span>`
      : Components.when(expiresAt, now)
  }${openRequest !== undefined && html`<br><small><a href="/requests/${openRequest}">asked already</a></small>`}</td>
  <td data-label="Owner's name">${
    expiresAt !== undefined && field(state, `name-${id}`, `Owner's name for ${accountName}`, owner?.name ?? "", "text")
  }</td>
  <td data-label="Owner's e-mail">${
    expiresAt !== undefined &&
    field(state, `email-${id}`, `Owner's e-mail for ${accountName}`, owner?.email ?? "", "email")
  }</td></tr>`
}

interface Shown {
  readonly candidates: ReadonlyArray<Candidate>
  readonly chosen: ReadonlyArray<string>
  readonly state: Components.FormState
  /** Where the list was made from an end that is near, not from a choice on another page. */
  readonly days?: number
  readonly next?: string
}

const formPage = Effect.fnUntraced(function* (
  context: PageContext,
  c: Context,
  me: Layout.Me,
  { candidates, chosen, days, next, state }: Shown,
  status: Status = 200
) {
  const now = yield* Http.now
  const selected = (id: string) => chosen.includes(id)
  return Http.send(
    c,
    Layout.memberPage(
      context,
      me,
      "Renewal campaign",
      "requests",
      html`
    ${Components.pageHead("Renewal campaign", {
      crumbs: [{ href: "/requests", label: "Requests" }],
      lead: "Ask owners to consent again before a consent ends. Each owner gets one mail with a link for each account; account, brands and history are kept."
    })}
    ${state.errors["form"] !== undefined && Components.notice("act", "The campaign cannot be sent", state.errors["form"])}
    ${
      days !== undefined &&
      html`<form method="get" action="/campaigns/new" class="filters">
      <div><label for="days">Consent ends</label><select id="days" name="days">${horizons.map(
        (one) => html`<option value="${one}"${one === days && html` selected`}>within ${one} days</option>`
      )}</select></div><button class="secondary">Filter</button></form>`
    }
    ${
      candidates.length === 0
        ? Components.empty(
            "Nothing to renew",
            "No consent ends within this time, or none that an owner could renew.",
            html`<a class="button secondary outline" href="/connections">See all connections</a>`
          )
        : html`<form method="post" action="/campaigns/preview">
      <table class="rows"><thead><tr><th scope="col"><span class="sr-only">Choose</span></th>
        <th scope="col">Account</th><th scope="col">Consent ends</th>
        <th scope="col">Owner's name</th><th scope="col">Owner's e-mail</th></tr></thead>
        <tbody>${candidates.map((one) => row(one, selected(one.connection.id), state, now))}</tbody></table>
      ${candidates.map(({ connection }) => html`<input type="hidden" name="shown" value="${connection.id}">`)}
      <section class="card form">${Form.messageField(state)}<div class="buttons"><button>Preview the mails</button>
        <a class="button secondary outline" href="/requests">Cancel</a></div></section></form>`
    }
    ${
      days !== undefined &&
      Components.pagination(
        "/campaigns/new",
        { days: String(days), cursor: c.req.query("cursor") ?? "" },
        next === undefined ? {} : { next }
      )
    }`
    ),
    status
  )
})

/** What the form says: whom to ask for what, with errors by field. */
const read = (form: Http.Form) => {
  const values = Http.typed(form)
  const ids = chosenOf(Http.many(form, "connection"))
  const message = Form.read({ name: "x", email: "x@example.com", message: values["message"] ?? "" })
  const fields = ids.map((id) => ({
    id,
    name: Input.name(values[`name-${id}`] ?? "", "the owner"),
    email: Form.email(values[`email-${id}`] ?? "")
  }))
  const errors = Object.assign(
    {},
    message.errors,
    ...fields.map(({ email, id, name }) => Input.errorsOf({ [`name-${id}`]: name, [`email-${id}`]: email }))
  ) as { readonly [field: string]: string }
  const items = fields.flatMap(({ email, id, name }) =>
    Result.isSuccess(email) && Result.isSuccess(name)
      ? [{ connectionId: id, owner: { name: name.success, email: email.success } }]
      : []
  )
  const campaign: Requests.Campaign = {
    items,
    ...(Result.isSuccess(message.input) ? { message: message.input.success.message } : {})
  }
  return {
    campaign,
    ids,
    values,
    errors: ids.length === 0 ? { ...errors, form: "Choose at least one connection." } : errors
  }
}

const again = Effect.fnUntraced(function* (
  context: PageContext,
  c: Context,
  me: Layout.Me,
  form: Http.Form,
  errors: { readonly [field: string]: string },
  status: Status
) {
  const candidates = yield* candidatesOf(
    context,
    me,
    chosenOf([...Http.many(form, "shown"), ...Http.many(form, "connection")])
  )
  return yield* formPage(
    context,
    c,
    me,
    { candidates, chosen: Http.many(form, "connection"), state: { values: Http.typed(form), errors } },
    status
  )
})

const previewPage = (
  context: PageContext,
  c: Context,
  me: Layout.Me,
  preview: Requests.CampaignPreview,
  form: Http.Form
) => {
  c.header("Content-Security-Policy", emailPolicy)
  const kept = [...form].flatMap(([name, values]) => values.flatMap((value) => Form.hidden({ [name]: value })))
  const count = Labels.count(preview.mails.length, "mail")
  return Http.send(
    c,
    Layout.memberPage(
      context,
      me,
      "Preview of the campaign",
      "requests",
      html`
    ${Components.pageHead("Preview of the campaign", {
      crumbs: [{ href: "/requests", label: "Requests" }],
      lead: "One mail an owner, word for word. Nothing has been sent yet."
    })}
    <p>A copy of each goes to you, ${isolateText(preview.requester.email)}.</p>
    ${preview.mails.map(
      (mail) => html`<section class="card"><h2>To ${isolateText(mail.to.name)}</h2>
      <p class="muted">${isolateText(mail.to.email)} · ${Labels.count(mail.connectionIds.length, "account")}</p>${emailView(
        mail.emailMessage,
        context.origin,
        `The mail to ${mail.to.name}`
      )}</section>`
    )}
    <div class="buttons"><form method="post" action="/campaigns">${kept}${Form.hidden({
      reference: preview.reference
    })}<button>Send ${count}</button></form>
      <form method="post" action="/campaigns/edit">${kept}<button class="secondary outline">Change it</button></form></div>`
    )
  )
}

/** `/campaigns`. */
export const routes: Routes = (app, context) => {
  const asking = (c: Context) =>
    Effect.tap(Http.member(context, c), (me) => Effect.fromResult(Access.check(me, "connect")))

  app.get(
    "/campaigns/new",
    Http.handle(context, (c) =>
      Effect.gen(function* () {
        const me = yield* asking(c)
        const chosen = chosenOf(c.req.queries("connection") ?? [])
        if (chosen.length > 0) {
          return yield* formPage(context, c, me, {
            candidates: yield* candidatesOf(context, me, chosen),
            chosen,
            state: Components.blank
          })
        }
        const days = horizons.find((one) => String(one) === c.req.query("days")) ?? standardDays
        const cursor = (c.req.query("cursor") ?? "").slice(0, 2000)
        const expiresBefore = DateTime.add(yield* Http.now, { days })
        const page = yield* context.requests.renewable(
          me,
          { expiresBefore },
          { limit: formLimit, ...(cursor === "" ? {} : { cursor }) }
        )
        return yield* formPage(context, c, me, {
          candidates: page.items,
          chosen: [],
          state: Components.blank,
          days,
          ...(page.next === undefined ? {} : { next: page.next })
        })
      })
    )
  )

  app.post(
    "/campaigns/edit",
    Http.handle(context, (c) =>
      Effect.gen(function* () {
        const me = yield* asking(c)
        return yield* again(context, c, me, yield* Http.readForm(c), {}, 200)
      })
    )
  )

  app.post(
    "/campaigns/preview",
    Http.handle(context, (c) =>
      Effect.gen(function* () {
        const me = yield* asking(c)
        const form = yield* Http.readForm(c)
        const { campaign, errors } = read(form)
        if (Object.keys(errors).length > 0) return yield* again(context, c, me, form, errors, 422)
        return yield* context.requests.previewCampaign(me, campaign).pipe(
          Effect.map((preview) => previewPage(context, c, me, preview, form)),
          Effect.catchTag("Refused", (refused) => again(context, c, me, form, { form: refused.message }, 409))
        )
      })
    )
  )

  app.post(
    "/campaigns",
    Http.handle(context, (c) =>
      Effect.gen(function* () {
        const me = yield* asking(c)
        const form = yield* Http.readForm(c)
        const { campaign, errors } = read(form)
        if (Object.keys(errors).length > 0) return yield* again(context, c, me, form, errors, 422)
        return yield* context.requests.campaign(me, { ...campaign, reference: Http.one(form, "reference") }).pipe(
          Effect.map(() => c.redirect("/requests?state=open", 303)),
          Effect.catchTag("Refused", (refused) => again(context, c, me, form, { form: refused.message }, 409))
        )
      })
    )
  )
}
