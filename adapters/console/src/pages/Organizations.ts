/**
 * Creating an organization, switching between several, and the settings of one: its name, its owner, leaving it
 * (rules P-R5, C13, X-R7).
 */
import { Access, Id, type Member } from "@portolan/domain"
import type { Organizations } from "@portolan/ports"
import { Effect, Redacted, Result, Schema } from "effect"
import type { Context } from "hono"
import type { PageContext, Routes } from "../page/context.ts"
import { type Content, html, type Markup, isolateText } from "../page/html.ts"
import * as Input from "../page/input.ts"
import * as Layout from "../page/layout.ts"
import * as Components from "../page/components.ts"
import { BadRequest, type Status } from "../page/errors.ts"
import * as Http from "../page/http.ts"

const membersShown = 100

const newPage = (context: PageContext, c: Context, state: Components.FormState, key: string, status: Status = 200) =>
  Http.send(
    c,
    Layout.guestPage(
      context,
      "Create an organization",
      html`<section class="card sign-in"><h1>Create an organization</h1>
    <p class="muted">Companies, accounts and colleagues belong to an organization. You become its owner.</p>
    <form method="post" action="/organizations"><input type="hidden" name="key" value="${key}">
      ${Components.textField(state, "name", "Name of the organization", {
        autocomplete: "organization",
        hint: "Usually your own firm. It can be renamed."
      })}
      <button>Create organization</button></form>
    <p class="muted">Were you invited to one? Open the link in the invitation's mail instead.</p>
    <form method="post" action="/sign-out"><button class="secondary outline small">Sign out</button></form></section>`
    ),
    status
  )

const choosePage = (
  context: PageContext,
  c: Context,
  mine: ReadonlyArray<Organizations.Membership>,
  current: string | undefined
) =>
  Http.send(
    c,
    Layout.guestPage(
      context,
      "Your organizations",
      html`<section class="card"><h1>Your organizations</h1>
    <ul class="organizations plain">${mine.map(
      ({ organization, role }) =>
        html`<li><form method="post" action="/organizations/${organization.id}/choose">
      <button class="secondary outline wide-button">${isolateText(organization.name)} <span class="muted">${role}${
        organization.id === current && ", you are here"
      }</span></button></form></li>`
    )}</ul>
    <p><a href="/organizations/new">Create another organization</a><br><a href="/companies">Back</a></p></section>`
    )
  )

const memberSelect = (name: string, label: Content, members: ReadonlyArray<Member.Active>): Markup =>
  html`<div class="field"><label for="field-${name}">${label}</label><select id="field-${name}" name="${name}">${members.map(
    ({ email, id, name: who }) => html`<option value="${id}">${who} (${email})</option>`
  )}</select></div>`

const ownerPart = (me: Layout.Me, view: Organizations.OrganizationView, others: ReadonlyArray<Member.Active>): Markup =>
  html`<section class="card form" aria-labelledby="owner"><h2 id="owner">Owner</h2>
    <p>${isolateText(view.owner.name)} <span class="muted">${isolateText(view.owner.email)}</span></p>
    ${
      me.role === "owner" &&
      (others.length === 0
        ? html`<p class="muted">To hand the ownership over, <a href="/members/invite">invite somebody</a> first.</p>`
        : html`<details class="confirm"><summary class="button secondary outline small">Hand the ownership over</summary>
        <div class="confirm-panel">
        <p>There is exactly one owner. You stay as admin, and only the new owner can hand it back.</p>
        <form method="post" action="/settings/owner">${memberSelect(
          "member",
          "New owner",
          others
        )}<button class="danger small">Hand over</button></form></div></details>`)
    }
    ${
      me.role !== "owner" &&
      html`<p class="muted">Only the owner can hand the ownership over. If the owner is gone, the
      operator of this installation can.</p>`
    }</section>`

const leavePart = (
  me: Layout.Me
): Markup => html`<section class="card form" aria-labelledby="leave"><h2 id="leave">Leave</h2>
  ${
    me.role === "owner"
      ? html`<p class="muted">An organization always has an owner. Hand the ownership over first, then you can leave.</p>`
      : html`<p>You lose access at once. The owner answers for your consents from then on, and keys you made stop working.</p>
      ${Components.confirmed(
        "Leave this organization",
        "Do you really leave? Somebody must invite you again to come back.",
        "/settings/leave",
        "Yes, leave"
      )}`
  }</section>`

const notices: { readonly [done: string]: string } = {
  renamed: "The new name is saved",
  owner: "The ownership is handed over"
}

const settingsPage = Effect.fnUntraced(function* (
  context: PageContext,
  c: Context,
  me: Layout.Me,
  state: Components.FormState,
  status: Status = 200
) {
  const view = yield* context.organizations.view(me)
  const others =
    me.role !== "owner"
      ? []
      : (yield* context.members.list(me, { states: ["Active"] }, { limit: membersShown })).items.flatMap(
          ({ isCaller, member }) => (member._tag === "Active" && !isCaller ? [member] : [])
        )
  const mayRename = Access.can(me, "administer") && me.accessScope._tag === "Everything"
  const done = notices[c.req.query("done") ?? ""]
  return Http.send(
    c,
    Layout.memberPage(
      context,
      me,
      "Organization",
      undefined,
      html`
    ${Components.pageHead("Organization", { lead: isolateText(view.organization.name) })}
    ${done !== undefined && Components.notice("good", done)}
    ${
      mayRename &&
      html`<form method="post" action="/settings/name" class="card form">
      ${Components.textField(
        { ...state, values: { name: state.values["name"] ?? view.organization.name } },
        "name",
        "Name",
        { autocomplete: "organization" }
      )}
      <button class="small">Save name</button></form>`
    }
    ${ownerPart(me, view, others)}
    ${leavePart(me)}`
    ),
    status
  )
})

const isMemberId = Schema.is(Id.MemberId)

/** `/organizations` and `/settings`. */
export const routes: Routes = (app, context) => {
  app.get(
    "/organizations",
    Http.handle(context, (c) =>
      Effect.gen(function* () {
        const person = yield* Http.person(context, c)
        const mine = yield* context.organizations.mine(person)
        if (mine.length === 0) return c.redirect("/organizations/new", 303)
        const current = mine.find(({ organization }) => organization.id === person.organizationId) ?? mine[0]
        return choosePage(context, c, mine, current?.organization.id)
      })
    )
  )

  app.get(
    "/organizations/new",
    Http.handle(context, (c) =>
      Effect.gen(function* () {
        yield* Http.person(context, c)
        return newPage(context, c, Components.blank, Redacted.value(yield* context.secrets.token))
      })
    )
  )

  app.post(
    "/organizations",
    Http.handle(context, (c) =>
      Effect.gen(function* () {
        const person = yield* Http.person(context, c)
        const form = yield* Http.readForm(c)
        const name = Input.name(Http.one(form, "name"), "the organization")
        const key = Http.one(form, "key").slice(0, 100)
        if (Result.isFailure(name))
          return newPage(context, c, { values: Http.typed(form), errors: { name: name.failure } }, key, 422)
        const fingerprint = yield* context.secrets.digest(Redacted.make(name.success))
        const founded = yield* context.organizations.create(
          person,
          { name: name.success },
          key === "" ? undefined : { key: `console/${key}`, fingerprint }
        )
        yield* context.organizations.choose(c.req.raw.headers, founded.id)
        return c.redirect("/companies", 303)
      })
    )
  )

  app.post(
    "/organizations/:id/choose",
    Http.handle(context, (c) =>
      Effect.gen(function* () {
        yield* context.organizations.choose(c.req.raw.headers, yield* Http.idParam(c, Id.OrganizationId))
        return c.redirect("/companies", 303)
      })
    )
  )

  app.get(
    "/settings",
    Http.handle(context, (c) =>
      Effect.flatMap(Http.member(context, c), (me) => settingsPage(context, c, me, Components.blank))
    )
  )

  app.post(
    "/settings/name",
    Http.handle(context, (c) =>
      Effect.gen(function* () {
        const me = yield* Http.member(context, c)
        const form = yield* Http.readForm(c)
        const name = Input.name(Http.one(form, "name"), "the organization")
        if (Result.isFailure(name)) {
          return yield* settingsPage(context, c, me, { values: Http.typed(form), errors: { name: name.failure } }, 422)
        }
        yield* context.organizations.rename(me, name.success)
        return c.redirect("/settings?done=renamed", 303)
      })
    )
  )

  app.post(
    "/settings/owner",
    Http.handle(context, (c) =>
      Effect.gen(function* () {
        const me = yield* Http.caller(context, c)
        const to = Http.one(yield* Http.readForm(c), "member")
        if (!isMemberId(to)) return yield* new BadRequest({ detail: "No member was chosen." })
        yield* context.organizations.handOver(me, to)
        return c.redirect("/settings?done=owner", 303)
      })
    )
  )

  app.post(
    "/settings/leave",
    Http.handle(context, (c) =>
      Effect.gen(function* () {
        const me = yield* Http.caller(context, c)
        yield* context.members.leave(me)
        return c.redirect("/organizations", 303)
      })
    )
  )
}
