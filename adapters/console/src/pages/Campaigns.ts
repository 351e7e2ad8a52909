/**
 * Renewal campaigns: whose consents end, whom to ask, the mails as they will be sent, one an owner, and sending them
 * (rules X-R13, X-R14, C11).
 */
import { Access, Channel, Connection, Id } from "@portolan/domain"
import { Requests } from "@portolan/ports"
import { DateTime, Effect, Option, Result, Schema } from "effect"
import type { Context } from "hono"
import type { Desk, Routes } from "../Desk.ts"
import { html, type Markup, theirs } from "../Html.ts"
import * as Input from "../Input.ts"
import * as Layout from "../Layout.ts"
import * as Parts from "../Parts.ts"
import type { Status } from "../Trouble.ts"
import * as Web from "../Web.ts"
import * as Words from "../Words.ts"
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
const candidatesOf = (desk: Desk, me: Layout.Me, ids: ReadonlyArray<Id.ConnectionId>) =>
  Effect.map(
    Effect.forEach(
      ids,
      (id) =>
        Effect.gen(function* (): Effect.fn.Return<
          ReadonlyArray<Candidate>,
          Effect.Error<ReturnType<typeof desk.requests.list>>
        > {
          const { account, company, connection } = yield* desk.connections.view(me, id)
          if (!Connection.isLinked(connection) || Channel.accessBy(connection.channel) === "partner") return []
          const {
            items: [last]
          } = yield* desk.requests.list(me, { connectionId: id }, { limit: 1 })
          return [
            {
              connection,
              accountName: account.name,
              companyName: company.name,
              ...(connection.link.expiresAt === undefined ? {} : { expiresAt: connection.link.expiresAt }),
              ...(last === undefined ? {} : { owner: last.link.request.owner }),
              ...(last?.standing.label === "Open" ? { openRequest: last.link.id } : {})
            }
          ]
        }).pipe(Effect.catchTag("NotFound", () => Effect.succeed<ReadonlyArray<Candidate>>([]))),
      { concurrency: 4 }
    ),
    (found) => found.flat()
  )

const field = (state: Parts.FormState, name: string, label: string, fallback: string, type: string): Markup => {
  const error = state.errors[name]
  return html`<label for="field-${name}" class="sr-only">${
    label
  }</label><input id="field-${name}" name="${name}" type="${type}" autocomplete="off"
    value="${state.values[name] ?? fallback}" placeholder="${type === "email" ? "name@example.com" : "Name"}"${
      error !== undefined && html` aria-invalid="true" aria-describedby="field-${name}-error"`
    }>${Parts.fieldError(state, name)}`
}

const row = (one: Candidate, isChosen: boolean, state: Parts.FormState, now: DateTime.Utc): Markup => {
  const { accountName, companyName, connection, expiresAt, openRequest, owner } = one
  const { id } = connection
  return html`<tr><td class="pick">${
    expiresAt !== undefined &&
    html`<input type="checkbox" name="connection" value="${id}" aria-label="Choose ${accountName},
    ${Channel.label(connection.channel)}"${isChosen && html` checked`}>`
  }</td>
  <th scope="row" data-label="Account">${theirs(accountName)}<br><small class="muted">${theirs(companyName)} · ${Words.shortChannel(
    connection.channel
  )},
    ${Words.marketplaceName(connection.marketplaceId)}</small></th>
  <td data-label="Consent ends">${
    expiresAt === undefined
      ? html`<span class="muted">no end known; <a href="/connections/${id}/request">send a request instead</a></span>`
      : Parts.when(expiresAt, now)
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
  readonly state: Parts.FormState
  /** Where the list was made from an end that is near, not from a choice on another page. */
  readonly days?: number
  readonly next?: string
}

const formPage = Effect.fnUntraced(function* (
  desk: Desk,
  c: Context,
  me: Layout.Me,
  { candidates, chosen, days, next, state }: Shown,
  status: Status = 200
) {
  const now = yield* Web.now
  const selected = (id: string) => chosen.includes(id)
  return Web.send(
    c,
    Layout.memberPage(
      desk,
      me,
      "Renewal campaign",
      "requests",
      html`
    ${Parts.pageHead("Renewal campaign", {
      crumbs: [{ href: "/requests", label: "Requests" }],
      lead: "Ask owners to consent again before a consent ends. Each owner gets one mail with a link for each account; account, brands and history are kept."
    })}
    ${state.errors["form"] !== undefined && Parts.notice("act", "The campaign cannot be sent", state.errors["form"])}
    ${
      days !== undefined &&
      html`<form method="get" action="/campaigns/new" class="filters">
      <div><label for="days">Consent ends</label><select id="days" name="days">${horizons.map(
        (one) => html`<option value="${one}"${one === days && html` selected`}>within ${one} days</option>`
      )}</select></div><button class="secondary">Filter</button></form>`
    }
    ${
      candidates.length === 0
        ? Parts.empty(
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
      Parts.pagination(
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
const read = (form: Web.Form) => {
  const values = Web.typed(form)
  const ids = chosenOf(Web.many(form, "connection"))
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
  desk: Desk,
  c: Context,
  me: Layout.Me,
  form: Web.Form,
  errors: { readonly [field: string]: string },
  status: Status
) {
  const candidates = yield* candidatesOf(
    desk,
    me,
    chosenOf([...Web.many(form, "shown"), ...Web.many(form, "connection")])
  )
  return yield* formPage(
    desk,
    c,
    me,
    { candidates, chosen: Web.many(form, "connection"), state: { values: Web.typed(form), errors } },
    status
  )
})

const previewPage = (desk: Desk, c: Context, me: Layout.Me, preview: Requests.CampaignPreview, form: Web.Form) => {
  c.header("Content-Security-Policy", emailPolicy)
  const kept = [...form].flatMap(([name, values]) => values.flatMap((value) => Form.hidden({ [name]: value })))
  const count = Words.count(preview.mails.length, "mail")
  return Web.send(
    c,
    Layout.memberPage(
      desk,
      me,
      "Preview of the campaign",
      "requests",
      html`
    ${Parts.pageHead("Preview of the campaign", {
      crumbs: [{ href: "/requests", label: "Requests" }],
      lead: "One mail an owner, word for word. Nothing has been sent yet."
    })}
    <p>A copy of each goes to you, ${theirs(preview.requester.email)}.</p>
    ${preview.mails.map(
      (mail) => html`<section class="card"><h2>To ${theirs(mail.to.name)}</h2>
      <p class="muted">${theirs(mail.to.email)} · ${Words.count(mail.connectionIds.length, "account")}</p>${emailView(
        mail.emailMessage,
        desk.origin,
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
export const routes: Routes = (app, desk) => {
  const asking = (c: Context) => Effect.tap(Web.member(desk, c), (me) => Effect.fromResult(Access.check(me, "connect")))

  app.get(
    "/campaigns/new",
    Web.handle(desk, (c) =>
      Effect.gen(function* () {
        const me = yield* asking(c)
        const chosen = chosenOf(c.req.queries("connection") ?? [])
        if (chosen.length > 0) {
          return yield* formPage(desk, c, me, {
            candidates: yield* candidatesOf(desk, me, chosen),
            chosen,
            state: Parts.blank
          })
        }
        const days = horizons.find((one) => String(one) === c.req.query("days")) ?? standardDays
        const cursor = (c.req.query("cursor") ?? "").slice(0, 2000)
        const expiresBefore = DateTime.add(yield* Web.now, { days })
        const page = yield* desk.requests.renewable(
          me,
          { expiresBefore },
          { limit: formLimit, ...(cursor === "" ? {} : { cursor }) }
        )
        return yield* formPage(desk, c, me, {
          candidates: page.items,
          chosen: [],
          state: Parts.blank,
          days,
          ...(page.next === undefined ? {} : { next: page.next })
        })
      })
    )
  )

  app.post(
    "/campaigns/edit",
    Web.handle(desk, (c) =>
      Effect.gen(function* () {
        const me = yield* asking(c)
        return yield* again(desk, c, me, yield* Web.readForm(c), {}, 200)
      })
    )
  )

  app.post(
    "/campaigns/preview",
    Web.handle(desk, (c) =>
      Effect.gen(function* () {
        const me = yield* asking(c)
        const form = yield* Web.readForm(c)
        const { campaign, errors } = read(form)
        if (Object.keys(errors).length > 0) return yield* again(desk, c, me, form, errors, 422)
        return yield* desk.requests.previewCampaign(me, campaign).pipe(
          Effect.map((preview) => previewPage(desk, c, me, preview, form)),
          Effect.catchTag("Refused", (refused) => again(desk, c, me, form, { form: refused.message }, 409))
        )
      })
    )
  )

  app.post(
    "/campaigns",
    Web.handle(desk, (c) =>
      Effect.gen(function* () {
        const me = yield* asking(c)
        const form = yield* Web.readForm(c)
        const { campaign, errors } = read(form)
        if (Object.keys(errors).length > 0) return yield* again(desk, c, me, form, errors, 422)
        return yield* desk.requests.campaign(me, { ...campaign, reference: Web.one(form, "reference") }).pipe(
          Effect.map(() => c.redirect("/requests?state=open", 303)),
          Effect.catchTag("Refused", (refused) => again(desk, c, me, form, { form: refused.message }, 409))
        )
      })
    )
  )
}
