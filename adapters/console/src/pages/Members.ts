/**
 * People of an organization: who is in it, who is invited, what each may see, and letting somebody go (rules K-R17,
 * P-R14 to P-R16).
 */
import { Access, Actor, Id, Member, type Refused } from "@portolan/domain"
import type { Members } from "@portolan/ports"
import { type DateTime, Effect, Result, Schema } from "effect"
import type { Context } from "hono"
import type { PageContext, Routes } from "../page/context.ts"
import { type Content, html, type Markup, isolateText } from "../page/html.ts"
import * as Input from "../page/input.ts"
import * as Layout from "../page/layout.ts"
import * as Components from "../page/components.ts"
import type { Status } from "../page/errors.ts"
import * as Http from "../page/http.ts"
import { accessFields, choosable, accessScopeIn, describeAccessScope, roleIn, valuesOf } from "./accessForm.ts"

const pageSize = 50
const heirsShown = 100

/** Whether somebody may change anything about people. */
const manages = (me: Layout.Me): boolean => Access.can(me, "manage-people") && me.accessScope._tag === "Everything"

const memberRow = (me: Layout.Me, { isCaller, member, role }: Members.MemberView, now: DateTime.Utc): Markup =>
  member._tag !== "Active"
    ? html``
    : html`<tr>
    <th scope="row" data-label="Person">${isolateText(member.name)}${isCaller && html` <span class="muted">(you)</span>`}<br>
      <small class="muted">${isolateText(member.email)}</small></th>
    <td data-label="Role">${role}</td>
    <td data-label="Sees">${role === "owner" ? "All accounts" : describeAccessScope(member.accessScope)}</td>
    <td data-label="Joined">${Components.when(member.joinedAt, now)}</td>
    <td class="end">${
      manages(me) &&
      role !== "owner" &&
      !isCaller &&
      html`<a class="button secondary outline small" href="/members/${member.id}">Change<span class="sr-only"> ${
        member.name
      }</span></a>`
    }</td></tr>`

const invitationRow = (me: Layout.Me, { member }: Members.MemberView, now: DateTime.Utc): Markup =>
  member._tag !== "Invited"
    ? html``
    : html`<tr>
    <th scope="row" data-label="Invited">${isolateText(member.email)}<br><small class="muted">by ${isolateText(
      Actor.describe(member.invitedBy)
    )}</small></th>
    <td data-label="Role">${member.role}</td>
    <td data-label="Will see">${describeAccessScope(member.accessScope)}</td>
    <td data-label="Expires">${Components.when(member.expiresAt, now)}<br><small class="muted">mailed ${
      member.mails === 1 ? "once" : `${member.mails} times`
    }</small></td>
    <td class="end">${
      manages(me) &&
      html`<div class="row-actions">${
        member.mails < Member.mailLimit &&
        html`<form method="post" action="/members/${
          member.id
        }/mail-again"><button class="secondary outline small">Send again<span class="sr-only"> to ${
          member.email
        }</span></button></form>`
      }
      ${Components.confirmed(
        "Withdraw",
        `Withdraw the invitation of ${member.email}? Its link stops working.`,
        `/members/${member.id}/withdraw`,
        "Yes, withdraw"
      )}</div>`
    }</td></tr>`

const table = (label: string, heads: ReadonlyArray<string>, rows: ReadonlyArray<Markup>): Markup =>
  html`<table class="rows" aria-label="${label}"><thead><tr>${heads.map((head) => html`<th scope="col">${head}</th>`)}
    <th scope="col"><span class="sr-only">Actions</span></th></tr></thead><tbody>${rows}</tbody></table>`

const notices: { readonly [done: string]: string } = {
  invited: "The invitation is made",
  again: "The invitation is mailed again",
  withdrawn: "The invitation is withdrawn",
  changed: "The access is changed",
  removed: "The member is removed"
}

/** Where mails are only kept, nobody is reached until the link is passed on. */
const unsent = (context: PageContext): Content =>
  context.mailer.sends
    ? ""
    : html`No mail server is set up here, so the mail was not sent: open it in the <a href="/mailbox">mailbox</a> and pass
    its link on by hand.`

const listPage = Effect.fnUntraced(function* (context: PageContext, c: Context) {
  const me = yield* Http.member(context, c)
  const now = yield* Http.now
  const cursor = (c.req.query("cursor") ?? "").slice(0, 2000)
  const page = yield* context.members.list(me, {}, { limit: pageSize, ...(cursor === "" ? {} : { cursor }) })
  const people = page.items.filter(({ member }) => member._tag === "Active")
  const invited = page.items.filter(({ member }) => member._tag === "Invited")
  const invite = html`<a class="button" href="/members/invite">Invite somebody</a>`
  const done = notices[c.req.query("done") ?? ""]
  return Http.send(
    c,
    Layout.memberPage(
      context,
      me,
      "People",
      undefined,
      html`
    ${Components.pageHead("People", {
      lead: html`Who works in ${isolateText(me.organizationName)}.`,
      ...(manages(me) ? { actions: invite } : {})
    })}
    ${
      done !== undefined &&
      Components.notice(
        "good",
        done,
        c.req.query("done") === "invited" || c.req.query("done") === "again" ? unsent(context) : ""
      )
    }
    ${!manages(me) && Components.onlyLooking("An owner or admin of your organization")}
    ${
      people.length > 0 &&
      table(
        "Members",
        ["Person", "Role", "Sees", "Joined"],
        people.map((one) => memberRow(me, one, now))
      )
    }
    <section class="block" aria-labelledby="invited"><h2 id="invited">Open invitations</h2>
      ${
        invited.length === 0
          ? Components.empty(
              "Nobody is invited at the moment",
              manages(me)
                ? "Invite a colleague, or the owner of an account who wants to connect it himself."
                : "An owner or admin can invite people.",
              manages(me) ? invite : ""
            )
          : table(
              "Open invitations",
              ["Invited", "Role", "Will see", "Expires"],
              invited.map((one) => invitationRow(me, one, now))
            )
      }</section>
    ${Components.pagination("/members", { cursor }, page)}`
    )
  )
})

const invitePage = Effect.fnUntraced(function* (
  context: PageContext,
  c: Context,
  me: Layout.Me,
  state: Components.FormState,
  status: Status = 200
) {
  const all = yield* choosable(context, me)
  return Http.send(
    c,
    Layout.memberPage(
      context,
      me,
      "Invite somebody",
      undefined,
      html`
    ${Components.pageHead("Invite somebody", {
      crumbs: [{ href: "/members", label: "People" }],
      lead: "The person gets a mail with a link, and joins with the address it was sent to. Nobody gets access at Amazon or Walmart by this."
    })}
    <form method="post" action="/members" class="card form">
      ${Components.textField(state, "email", "E-mail", { type: "email" })}
      ${accessFields(state, all)}
      <div class="buttons"><button>Send the invitation</button><a class="button secondary outline" href="/members">Cancel</a></div>
    </form>`
    ),
    status
  )
})

const removal = (member: Member.Active, legacy: Members.Legacy, heirs: ReadonlyArray<Members.MemberView>): Markup =>
  html`<section class="card form" aria-labelledby="remove"><h2 id="remove">Remove</h2>
    <ul><li>${isolateText(member.name)} is out at once, on every device.</li>
      <li>API keys that ${isolateText(member.name)} made stop working.</li>
      <li>${
        legacy.consents === 0
          ? "No consents need another keeper."
          : `${
              legacy.consents === 1 ? "One consent gets" : `${legacy.consents} consents get`
            } another keeper. The connections stay as they are.`
      }</li>
      ${
        legacy.invitations > 0 &&
        html`<li>${
          legacy.invitations === 1
            ? "One invitation to join that nobody answered yet is"
            : `${legacy.invitations} invitations to join that nobody answered yet are`
        } withdrawn.</li>`
      }
      <li>Auth links and requests to connect stay valid. Answers to them go to you.</li></ul>
    <details class="confirm"><summary class="button secondary outline small">Remove ${isolateText(member.name)}</summary>
      <div class="confirm-panel">
      <form method="post" action="/members/${member.id}/remove">${
        legacy.consents > 0 &&
        html`<div class="field"><label for="heir">Who answers for the consents</label>
        <select id="heir" name="heir"><option value="">You</option>${heirs.flatMap(({ isCaller, member: one }) =>
          one._tag === "Active" && !isCaller && one.id !== member.id
            ? [html`<option value="${one.id}">${one.name}</option>`]
            : []
        )}</select></div>`
      }
        <button class="danger small">Yes, remove</button></form></div></details></section>`

const memberPage = Effect.fnUntraced(function* (
  context: PageContext,
  c: Context,
  me: Layout.Me,
  { member, role }: Members.MemberView,
  state?: Components.FormState,
  status: Status = 200
) {
  if (member._tag === "Gone") return c.redirect("/members", 303)
  const all = yield* choosable(context, me)
  const who = member._tag === "Active" ? member.name : member.email
  const legacy = yield* context.members.legacy(me, member.id)
  const heirs =
    legacy.consents === 0 ? [] : (yield* context.members.list(me, { states: ["Active"] }, { limit: heirsShown })).items
  return Http.send(
    c,
    Layout.memberPage(
      context,
      me,
      who,
      undefined,
      html`
    ${Components.pageHead(isolateText(who), { crumbs: [{ href: "/members", label: "People" }], lead: isolateText(member.email) })}
    ${
      role === "owner"
        ? Components.notice(
            "info",
            "The owner sees and does everything",
            html`Hand the ownership over in the <a href="/settings">organization's settings</a> to change that.`
          )
        : html`<form method="post" action="/members/${member.id}/access" class="card form">
        ${accessFields(state ?? { values: valuesOf(member.role, member.accessScope), errors: {} }, all)}
        <div class="buttons"><button>Save</button><a class="button secondary outline" href="/members">Cancel</a></div></form>`
    }
    ${role !== "owner" && member._tag === "Active" && removal(member, legacy, heirs)}`
    ),
    status
  )
})

/** Where a refusal belongs in the form: beside what was chosen, or beside the address. */
const errorsOf = ({ message, reason, subject }: Refused.Refused): Components.FormState["errors"] =>
  subject === "Access" || reason === "contradiction" ? { to: message } : { email: message }

const isMemberId = Schema.is(Id.MemberId)

/** `/members`. */
export const routes: Routes = (app, context) => {
  /** The member who manages people; refuses others with a page that says who can. */
  const manager = (c: Context) =>
    Effect.gen(function* () {
      const me = yield* Http.member(context, c)
      yield* Effect.fromResult(Access.check(me, "manage-people"))
      return me
    })
  const memberId = (c: Context) => Http.idParam(c, Id.MemberId)

  app.get(
    "/members",
    Http.handle(context, (c) => listPage(context, c))
  )

  app.get(
    "/members/invite",
    Http.handle(context, (c) => Effect.flatMap(manager(c), (me) => invitePage(context, c, me, Components.blank)))
  )

  app.post(
    "/members",
    Http.handle(context, (c) =>
      Effect.gen(function* () {
        const me = yield* manager(c)
        const form = yield* Http.readForm(c)
        const email = Input.email(Http.one(form, "email"))
        const role = roleIn(form)
        const again = (errors: Components.FormState["errors"]) =>
          invitePage(context, c, me, { values: Http.typed(form), errors }, 422)
        if (Result.isFailure(email) || role === undefined) {
          return yield* again({
            ...Input.errorsOf({ email }),
            ...(role === undefined ? { role: "Choose a role." } : {})
          })
        }
        return yield* context.members.invite(me, { email: email.success, role, accessScope: accessScopeIn(form) }).pipe(
          Effect.as(c.redirect("/members?done=invited", 303)),
          Effect.catchTag("Refused", (refused) =>
            refused.reason === "not-permitted" ? Effect.fail(refused) : again(errorsOf(refused))
          )
        )
      })
    )
  )

  app.get(
    "/members/:id",
    Http.handle(context, (c) =>
      Effect.gen(function* () {
        const me = yield* manager(c)
        return yield* memberPage(context, c, me, yield* context.members.view(me, yield* memberId(c)))
      })
    )
  )

  app.post(
    "/members/:id/access",
    Http.handle(context, (c) =>
      Effect.gen(function* () {
        const me = yield* manager(c)
        const id = yield* memberId(c)
        const form = yield* Http.readForm(c)
        const role = roleIn(form)
        const again = (errors: Components.FormState["errors"]) =>
          Effect.flatMap(context.members.view(me, id), (view) =>
            memberPage(context, c, me, view, { values: Http.typed(form), errors }, 422)
          )
        if (role === undefined) return yield* again({ role: "Choose a role." })
        return yield* context.members.changeAccess(me, id, { role, accessScope: accessScopeIn(form) }).pipe(
          Effect.as(c.redirect("/members?done=changed", 303)),
          Effect.catchTag("Refused", (refused) =>
            (refused.subject === "Access" && refused.reason !== "not-permitted") || refused.reason === "contradiction"
              ? again({ to: refused.message })
              : Effect.fail(refused)
          )
        )
      })
    )
  )

  app.post(
    "/members/:id/mail-again",
    Http.handle(context, (c) =>
      Effect.gen(function* () {
        yield* context.members.mailAgain(yield* manager(c), yield* memberId(c))
        return c.redirect("/members?done=again", 303)
      })
    )
  )

  app.post(
    "/members/:id/withdraw",
    Http.handle(context, (c) =>
      Effect.gen(function* () {
        yield* context.members.withdraw(yield* manager(c), yield* memberId(c))
        return c.redirect("/members?done=withdrawn", 303)
      })
    )
  )

  app.post(
    "/members/:id/remove",
    Http.handle(context, (c) =>
      Effect.gen(function* () {
        const me = yield* manager(c)
        const heir = Http.one(yield* Http.readForm(c), "heir")
        yield* context.members.remove(me, yield* memberId(c), isMemberId(heir) ? heir : undefined)
        return c.redirect("/members?done=removed", 303)
      })
    )
  )
}
