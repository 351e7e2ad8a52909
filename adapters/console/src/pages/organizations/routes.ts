/**
 * Creating an organization, switching between several, and the settings of one: its name, its owner, leaving it
 * (rules P-R5, C13, X-R7).
 */
import { Id } from "@portolan/domain"
import type { Organizations } from "@portolan/ports"
import { Effect, Redacted, Result, Schema } from "effect"
import { words } from "../../messages/words.ts"
import { BadRequest, type Status } from "../../page/errors.ts"
import * as Fields from "../../page/fields.ts"
import { asCaller, asMember, get, post, type Routes } from "../../page/handle.ts"
import * as Http from "../../page/http.ts"
import * as Input from "../../page/input.ts"
import { sendGuest, sendMember } from "../../page/send.ts"
import { type CallerVisit, type MemberVisit, personOf, type Visit } from "../../page/visit.ts"
import { together } from "../../page/together.ts"
import { backToStart } from "../marketplace/cookie.ts"
import { closingPage } from "./closingView.ts"
import { chooseOrganizationPage, newOrganizationPage, settingsPage } from "./view.ts"

const isMemberId = Schema.is(Id.MemberId)

const membersShown = 100

const sendNewForm = (visit: Visit, state: Fields.FormState, key: string, status: Status = 200) =>
  sendGuest(visit, newOrganizationPage({ key, state, status }))

const sendChoice = Effect.fnUntraced(function* (
  visit: Visit,
  mine: ReadonlyArray<Organizations.Membership>,
  current: string | undefined
) {
  return sendGuest(visit, chooseOrganizationPage({ current, mine, now: yield* Http.now }))
})

const sendSettings = Effect.fnUntraced(function* (visit: MemberVisit, state: Fields.FormState, status: Status = 200) {
  const { c, context, me } = visit
  const active = Effect.map(context.members.list(me, { states: ["Active"] }, { limit: membersShown }), ({ items }) =>
    items.flatMap(({ isCaller, member }) => (member._tag === "Active" && !isCaller ? [member] : []))
  )
  const [view, others] = yield* Effect.all(
    [context.organizations.view(me), me.role === "owner" ? active : Effect.succeed([])],
    together
  )
  return yield* sendMember(
    visit,
    settingsPage({ done: c.req.query("done"), me, now: yield* Http.now, others, state, status, view })
  )
})

const showChoice = Effect.fnUntraced(function* (visit: Visit) {
  const { c, context } = visit
  const person = yield* personOf(visit)
  const mine = yield* context.organizations.mine(person)
  if (mine.length === 0) return c.redirect("/organizations/new", 303)
  const current = mine.find(({ organization }) => organization.id === person.organizationId) ?? mine[0]
  return yield* sendChoice(visit, mine, current?.organization.id)
})

const showNewOrganization = Effect.fnUntraced(function* (visit: Visit) {
  const { context } = visit
  yield* personOf(visit)
  return sendNewForm(visit, Fields.blank, Redacted.value(yield* context.secrets.token))
})

const createOrganization = Effect.fnUntraced(function* (visit: Visit) {
  const { c, context } = visit
  const person = yield* personOf(visit)
  const form = yield* Http.readForm(c)
  const name = Input.name(Http.one(form, "name"), "organization")
  const key = Http.one(form, "key").slice(0, 100)
  if (Result.isFailure(name))
    return sendNewForm(visit, { values: Http.typed(form), errors: { name: name.failure } }, key, 422)
  const fingerprint = yield* context.secrets.digest(Redacted.make(name.success))
  const founded = yield* context.organizations.create(
    person,
    { name: name.success },
    key === "" ? undefined : { key: `console/${key}`, fingerprint }
  )
  yield* context.organizations.choose(c.req.raw.headers, founded.id)
  return c.redirect(backToStart(c, "/companies"), 303)
})

const chooseOrganization = Effect.fnUntraced(function* (visit: Visit) {
  const { c, context } = visit
  yield* context.organizations.choose(c.req.raw.headers, yield* Http.idParam(c, Id.OrganizationId))
  return c.redirect(backToStart(c, "/companies"), 303)
})

const showSettings = (visit: MemberVisit) => sendSettings(visit, Fields.blank)

const renameOrganization = Effect.fnUntraced(function* (visit: MemberVisit) {
  const { c, context, me } = visit
  const form = yield* Http.readForm(c)
  const name = Input.name(Http.one(form, "name"), "organization")
  if (Result.isFailure(name)) {
    return yield* sendSettings(visit, { values: Http.typed(form), errors: { name: name.failure } }, 422)
  }
  yield* context.organizations.rename(me, name.success)
  return c.redirect("/settings?done=renamed", 303)
})

const offerOwnership = Effect.fnUntraced(function* (visit: CallerVisit) {
  const { c, context, me } = visit
  const to = Http.one(yield* Http.readForm(c), "member")
  if (!isMemberId(to)) return yield* new BadRequest({ detail: words.organizations.noMemberChosen })
  yield* context.organizations.offerOwnership(me, to)
  return c.redirect("/settings?done=offered", 303)
})

const answers = {
  accept: ["acceptOwnership", "owner"],
  decline: ["declineOwnership", "declined"],
  "call-off": ["callOffOwnership", "called-off"]
} as const

const answerOffer = (answer: keyof typeof answers) =>
  Effect.fnUntraced(function* ({ c, context, me }: CallerVisit) {
    const [verb, done] = answers[answer]
    yield* context.organizations[verb](me)
    return c.redirect(`/settings?done=${done}`, 303)
  })

const leaveOrganization = Effect.fnUntraced(function* (visit: CallerVisit) {
  const { c, context, me } = visit
  yield* context.members.leave(me)
  return c.redirect("/organizations", 303)
})

const sendClosing = Effect.fnUntraced(function* (visit: MemberVisit, wrong?: string, status: Status = 200) {
  const { context, me } = visit
  const effects = yield* context.organizations.closingEffects(me)
  return yield* sendMember(visit, closingPage({ effects, organizationName: me.organizationName, status, wrong }))
})

const showClosing = (visit: MemberVisit) => sendClosing(visit)

/** Closing waits for a tick. */
const closeOrganization = Effect.fnUntraced(function* (visit: MemberVisit) {
  const { c, context, me } = visit
  const form = yield* Http.readForm(c)
  if (Http.one(form, "confirmed") !== "yes") return yield* sendClosing(visit, words.lifecycle.tickFirst, 422)
  yield* context.organizations.close(me)
  return c.redirect("/organizations", 303)
})

const reopenOrganization = Effect.fnUntraced(function* (visit: Visit) {
  const { c, context } = visit
  const id = yield* Http.idParam(c, Id.OrganizationId)
  yield* context.organizations.reopen(yield* personOf(visit), id)
  yield* context.organizations.choose(c.req.raw.headers, id)
  return c.redirect("/companies", 303)
})

/** `/organizations` and `/settings`. */
export const routes: Routes = [
  get("/organizations", showChoice),
  get("/organizations/new", showNewOrganization),
  post("/organizations", createOrganization, "/organizations/new"),
  post("/organizations/:id/choose", chooseOrganization),
  post("/organizations/:id/reopen", reopenOrganization),
  get("/settings/close", asMember(showClosing)),
  post("/settings/close", asMember(closeOrganization), "/settings/close"),
  get("/settings", asMember(showSettings)),
  post("/settings/name", asMember(renameOrganization), "/settings"),
  post("/settings/owner", asCaller(offerOwnership), "/settings"),
  post("/settings/owner/accept", asCaller(answerOffer("accept")), "/settings"),
  post("/settings/owner/decline", asCaller(answerOffer("decline")), "/settings"),
  post("/settings/owner/call-off", asCaller(answerOffer("call-off")), "/settings"),
  post("/settings/leave", asCaller(leaveOrganization))
]
