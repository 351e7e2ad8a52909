/**
 * Creating an organization, switching between several, and the settings of one: its name, its owner, leaving it
 * (rules P-R5, C13, X-R7).
 */
import { Access, Id, type Member } from "@portolan/domain"
import type { Organizations } from "@portolan/ports"
import { Effect, Redacted, Result, Schema } from "effect"
import type { Context } from "hono"
import type { Desk, Routes } from "../Desk.ts"
import { type Content, html, type Markup, theirs } from "../Html.ts"
import * as Input from "../Input.ts"
import * as Layout from "../Layout.ts"
import * as Parts from "../Parts.ts"
import { BadRequest, type Status } from "../Trouble.ts"
import * as Web from "../Web.ts"

const membersShown = 100

const newPage = (desk: Desk, c: Context, state: Parts.FormState, key: string, status: Status = 200) =>
  Web.send(
    c,
    Layout.guestPage(
      desk,
      "Create an organization",
      html`<section class="card sign-in"><h1>Create an organization</h1>
    <p class="muted">Companies, accounts and colleagues belong to an organization. You become its owner.</p>
    <form method="post" action="/organizations"><input type="hidden" name="key" value="${key}">
      ${Parts.textField(state, "name", "Name of the organization", {
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
  desk: Desk,
  c: Context,
  mine: ReadonlyArray<Organizations.Membership>,
  current: string | undefined
) =>
  Web.send(
    c,
    Layout.guestPage(
      desk,
      "Your organizations",
      html`<section class="card"><h1>Your organizations</h1>
    <ul class="organizations plain">${mine.map(
      ({ organization, role }) =>
        html`<li><form method="post" action="/organizations/${organization.id}/choose">
      <button class="secondary outline wide-button">${theirs(organization.name)} <span class="muted">${role}${
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
    <p>${theirs(view.owner.name)} <span class="muted">${theirs(view.owner.email)}</span></p>
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
      ${Parts.confirmed(
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
  desk: Desk,
  c: Context,
  me: Layout.Me,
  state: Parts.FormState,
  status: Status = 200
) {
  const view = yield* desk.organizations.view(me)
  const others =
    me.role !== "owner"
      ? []
      : (yield* desk.members.list(me, { states: ["Active"] }, { limit: membersShown })).items.flatMap(
          ({ isCaller, member }) => (member._tag === "Active" && !isCaller ? [member] : [])
        )
  const mayRename = Access.can(me, "administer") && me.accessScope._tag === "Everything"
  const done = notices[c.req.query("done") ?? ""]
  return Web.send(
    c,
    Layout.memberPage(
      desk,
      me,
      "Organization",
      undefined,
      html`
    ${Parts.pageHead("Organization", { lead: theirs(view.organization.name) })}
    ${done !== undefined && Parts.notice("good", done)}
    ${
      mayRename &&
      html`<form method="post" action="/settings/name" class="card form">
      ${Parts.textField(
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
export const routes: Routes = (app, desk) => {
  app.get(
    "/organizations",
    Web.handle(desk, (c) =>
      Effect.gen(function* () {
        const person = yield* Web.person(desk, c)
        const mine = yield* desk.organizations.mine(person)
        if (mine.length === 0) return c.redirect("/organizations/new", 303)
        const current = mine.find(({ organization }) => organization.id === person.organizationId) ?? mine[0]
        return choosePage(desk, c, mine, current?.organization.id)
      })
    )
  )

  app.get(
    "/organizations/new",
    Web.handle(desk, (c) =>
      Effect.gen(function* () {
        yield* Web.person(desk, c)
        return newPage(desk, c, Parts.blank, Redacted.value(yield* desk.secrets.token))
      })
    )
  )

  app.post(
    "/organizations",
    Web.handle(desk, (c) =>
      Effect.gen(function* () {
        const person = yield* Web.person(desk, c)
        const form = yield* Web.readForm(c)
        const name = Input.name(Web.one(form, "name"), "the organization")
        const key = Web.one(form, "key").slice(0, 100)
        if (Result.isFailure(name))
          return newPage(desk, c, { values: Web.typed(form), errors: { name: name.failure } }, key, 422)
        const fingerprint = yield* desk.secrets.digest(Redacted.make(name.success))
        const founded = yield* desk.organizations.create(
          person,
          { name: name.success },
          key === "" ? undefined : { key: `console/${key}`, fingerprint }
        )
        yield* desk.organizations.choose(c.req.raw.headers, founded.id)
        return c.redirect("/companies", 303)
      })
    )
  )

  app.post(
    "/organizations/:id/choose",
    Web.handle(desk, (c) =>
      Effect.gen(function* () {
        yield* desk.organizations.choose(c.req.raw.headers, yield* Web.idParam(c, Id.OrganizationId))
        return c.redirect("/companies", 303)
      })
    )
  )

  app.get(
    "/settings",
    Web.handle(desk, (c) => Effect.flatMap(Web.member(desk, c), (me) => settingsPage(desk, c, me, Parts.blank)))
  )

  app.post(
    "/settings/name",
    Web.handle(desk, (c) =>
      Effect.gen(function* () {
        const me = yield* Web.member(desk, c)
        const form = yield* Web.readForm(c)
        const name = Input.name(Web.one(form, "name"), "the organization")
        if (Result.isFailure(name)) {
          return yield* settingsPage(desk, c, me, { values: Web.typed(form), errors: { name: name.failure } }, 422)
        }
        yield* desk.organizations.rename(me, name.success)
        return c.redirect("/settings?done=renamed", 303)
      })
    )
  )

  app.post(
    "/settings/owner",
    Web.handle(desk, (c) =>
      Effect.gen(function* () {
        const me = yield* Web.caller(desk, c)
        const to = Web.one(yield* Web.readForm(c), "member")
        if (!isMemberId(to)) return yield* new BadRequest({ detail: "No member was chosen." })
        yield* desk.organizations.handOver(me, to)
        return c.redirect("/settings?done=owner", 303)
      })
    )
  )

  app.post(
    "/settings/leave",
    Web.handle(desk, (c) =>
      Effect.gen(function* () {
        const me = yield* Web.caller(desk, c)
        yield* desk.members.leave(me)
        return c.redirect("/organizations", 303)
      })
    )
  )
}
