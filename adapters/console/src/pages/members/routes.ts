/**
 * People of an organization: who is in it, who is invited, what each may see, and letting somebody go (rules K-R17,
 * P-R14 to P-R16).
 */
import { Id, type Refused } from "@portolan/domain"
import type { Members } from "@portolan/ports"
import { Effect, Result, Schema } from "effect"
import type { Context } from "hono"
import { words } from "../../messages/words.ts"
import { isSearching, searched } from "../../page/companyChoice.ts"
import type { Status } from "../../page/errors.ts"
import * as Fields from "../../page/fields.ts"
import { asMember, asPermitted, get, post, type Routes } from "../../page/handle.ts"
import * as Http from "../../page/http.ts"
import * as Input from "../../page/input.ts"
import { sendMember } from "../../page/send.ts"
import type { MemberVisit } from "../../page/visit.ts"
import { together } from "../../page/together.ts"
import { accessScopeIn, roleIn, valuesOf } from "./accessFields.ts"
import { offerAccess } from "./offer.ts"
import { inviteFormPage, memberPage, membersPage } from "./view.ts"

const isMemberId = Schema.is(Id.MemberId)

const isAccountId = Schema.is(Id.AccountId)

const pageSize = 50

const heirsShown = 100

const showMembers = Effect.fnUntraced(function* (visit: MemberVisit) {
  const { c, context, me } = visit
  const now = yield* Http.now
  const cursor = Http.cursorOf(c)
  const page = yield* context.members.list(me, {}, Http.pageOf(pageSize, cursor))
  return yield* sendMember(
    visit,
    membersPage({ cursor, done: c.req.query("done"), me, now, page, sends: context.mailer.sends })
  )
})

const sendInviteForm = Effect.fnUntraced(function* (visit: MemberVisit, state: Fields.FormState, status: Status = 200) {
  const { context, me } = visit
  const offer = yield* offerAccess(context, me, state.values)
  return yield* sendMember(visit, inviteFormPage({ offer, state, status }))
})

const sendMemberPage = Effect.fnUntraced(function* (
  visit: MemberVisit,
  { member, role }: Members.MemberView,
  typed?: Fields.FormState,
  status: Status = 200
) {
  const { c, context, me } = visit
  if (member._tag === "Gone") return c.redirect("/members", 303)
  const state = typed ?? { values: valuesOf(member.role, member.accessScope), errors: {} }
  const [offer, legacy] = yield* Effect.all(
    [offerAccess(context, me, state.values), context.members.legacy(me, member.id)],
    together
  )
  const heirs =
    legacy.consents === 0 ? [] : (yield* context.members.list(me, { states: ["Active"] }, { limit: heirsShown })).items
  return yield* sendMember(visit, memberPage({ heirs, legacy, member, offer, role, state, status }))
})

/** Where a refusal belongs in the form: beside what was chosen, or beside the address. */
const errorsOf = ({ message, reason, subject }: Refused.Refused): Fields.FormState["errors"] =>
  subject === "Access" || reason === "contradiction" ? { to: message } : { email: message }

const memberId = (c: Context) => Http.idParam(c, Id.MemberId)

/** Whoever is to connect an account gets the role that can, and that account alone (rule X-R6). */
const showInviteForm = (visit: MemberVisit) => {
  const account = visit.c.req.query("connect") ?? ""
  const values = { role: "member", to: "limited", [account]: "write" }
  return sendInviteForm(visit, isAccountId(account) ? { values, errors: {} } : Fields.blank)
}

const inviteMember = Effect.fnUntraced(function* (visit: MemberVisit) {
  const { c, context, me } = visit
  const form = yield* Http.readForm(c)
  const email = Input.email(Http.one(form, "email"))
  const role = roleIn(form)
  const again = (errors: Fields.FormState["errors"]) => sendInviteForm(visit, { values: Http.typed(form), errors }, 422)
  if (isSearching(form)) return yield* sendInviteForm(visit, { values: Http.typed(form), errors: {} })
  if (Result.isFailure(email) || role === undefined) {
    return yield* again({
      ...Input.errorsOf({ email }),
      ...(role === undefined ? { role: words.members.chooseRole } : {})
    })
  }
  return yield* context.members.invite(me, { email: email.success, role, accessScope: accessScopeIn(form) }).pipe(
    Effect.map(() => c.redirect("/members?done=invited", 303)),
    Effect.catchTag("Refused", (refused) =>
      refused.reason === "not-permitted" ? Effect.fail(refused) : again(errorsOf(refused))
    )
  )
})

const showMember = Effect.fnUntraced(function* (visit: MemberVisit) {
  const { c, context, me } = visit
  return yield* sendMemberPage(visit, yield* context.members.view(me, yield* memberId(c)))
})

const changeAccess = Effect.fnUntraced(function* (visit: MemberVisit) {
  const { c, context, me } = visit
  const id = yield* memberId(c)
  const form = yield* Http.readForm(c)
  const role = roleIn(form)
  const again = (errors: Fields.FormState["errors"], status: Status = 422) =>
    Effect.flatMap(context.members.view(me, id), (view) =>
      sendMemberPage(visit, view, { values: Http.typed(form), errors }, status)
    )
  if (isSearching(form)) return yield* again({}, 200)
  if (role === undefined) return yield* again({ role: words.members.chooseRole })
  return yield* context.members.changeAccess(me, id, { role, accessScope: accessScopeIn(form) }).pipe(
    Effect.map(() => c.redirect("/members?done=changed", 303)),
    Effect.catchTag("Refused", (refused) =>
      (refused.subject === "Access" && refused.reason !== "not-permitted") || refused.reason === "contradiction"
        ? again({ to: refused.message })
        : Effect.fail(refused)
    )
  )
})

const mailAgain = Effect.fnUntraced(function* (visit: MemberVisit) {
  const { c, context, me } = visit
  yield* context.members.mailAgain(me, yield* memberId(c))
  return c.redirect("/members?done=again", 303)
})

const withdrawInvitation = Effect.fnUntraced(function* (visit: MemberVisit) {
  const { c, context, me } = visit
  yield* context.members.withdraw(me, yield* memberId(c))
  return c.redirect("/members?done=withdrawn", 303)
})

const removeMember = Effect.fnUntraced(function* (visit: MemberVisit) {
  const { c, context, me } = visit
  const heir = Http.one(yield* Http.readForm(c), "heir")
  yield* context.members.remove(me, yield* memberId(c), isMemberId(heir) ? heir : undefined)
  return c.redirect("/members?done=removed", 303)
})

/** `/members`. */
export const routes: Routes = [
  get("/members", asMember(showMembers)),
  get("/members/invite", asPermitted("manage-people", showInviteForm)),
  post("/members", asPermitted("manage-people", inviteMember), searched("/members")),
  get("/members/:id", asPermitted("manage-people", showMember)),
  post("/members/:id/access", asPermitted("manage-people", changeAccess), searched("/members/:id/access")),
  post("/members/:id/mail-again", asPermitted("manage-people", mailAgain)),
  post("/members/:id/withdraw", asPermitted("manage-people", withdrawInvitation)),
  post("/members/:id/remove", asPermitted("manage-people", removeMember))
]
