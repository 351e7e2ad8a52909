/**
 * Renewal campaigns: whose consents end, whom to ask, the mails as they will be sent, one an owner, and sending them
 * (rules X-R13, X-R14, C11).
 */
import { Channel, Connection, given, type Id } from "@portolan/domain"
import type { Requests } from "@portolan/ports"
import { DateTime, Effect } from "effect"
import type { PageContext } from "../../page/context.ts"
import type { Status } from "../../page/errors.ts"
import * as Fields from "../../page/fields.ts"
import { asPermitted, get, post, type Routes } from "../../page/handle.ts"
import * as Http from "../../page/http.ts"
import * as Layout from "../../page/layout.ts"
import { sendMember } from "../../page/send.ts"
import type { MemberVisit } from "../../page/visit.ts"
import { together } from "../../page/together.ts"
import { emailPolicy } from "../mailbox/emailView.ts"
import { idsIn, read } from "./form.ts"
import { campaignPage, campaignPreviewPage, type Candidate, formLimit, horizons, type ShownForm } from "./view.ts"

const standardDays = 90

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
          const owner = last?.link.request.owner ?? (yield* context.requests.knownOwner(me, id))
          return [
            {
              connection,
              accountName: account.name,
              companyName: company.name,
              ...given({ expiresAt: connection.link.expiresAt, owner }),
              ...(last?.outcome.isOpen === true ? { openRequest: last.link.id } : {})
            }
          ]
        }).pipe(Effect.catchTag("NotFound", () => Effect.succeed<ReadonlyArray<Candidate>>([]))),
      together
    ),
    (found) => found.flat()
  )

const sendForm = Effect.fnUntraced(function* (
  visit: MemberVisit,
  { candidates, days, next, state, ticked }: ShownForm,
  status: Status = 200
) {
  const { c } = visit
  const now = yield* Http.now
  return yield* sendMember(
    visit,
    campaignPage({ candidates, cursor: c.req.query("cursor"), days, next, now, state, status, ticked })
  )
})

const again = Effect.fnUntraced(function* (
  visit: MemberVisit,
  form: Http.Form,
  errors: { readonly [field: string]: string },
  status: Status
) {
  const { context, me } = visit
  const candidates = yield* candidatesOf(
    context,
    me,
    idsIn([...Http.many(form, "shown"), ...Http.many(form, "connection")])
  )
  return yield* sendForm(
    visit,
    { candidates, ticked: Http.many(form, "connection"), state: { values: Http.typed(form), errors } },
    status
  )
})

const sendPreview = (visit: MemberVisit, preview: Requests.CampaignPreview, form: Http.Form) => {
  const { c, context } = visit
  c.header("Content-Security-Policy", emailPolicy)
  return sendMember(visit, campaignPreviewPage({ context, form, preview }))
}

const showNewCampaign = Effect.fnUntraced(function* (visit: MemberVisit) {
  const { c, context, me } = visit
  const ids = idsIn(c.req.queries("connection") ?? [])
  if (ids.length > 0) {
    return yield* sendForm(visit, {
      candidates: yield* candidatesOf(context, me, ids),
      ticked: ids,
      state: Fields.blank
    })
  }
  const days = horizons.find((one) => String(one) === c.req.query("days")) ?? standardDays
  const cursor = Http.cursorOf(c)
  const expiresBefore = DateTime.add(yield* Http.now, { days })
  const page = yield* context.requests.renewable(me, { expiresBefore }, Http.pageOf(formLimit, cursor))
  return yield* sendForm(visit, {
    candidates: page.items,
    ticked: [],
    state: Fields.blank,
    days,
    ...given({ next: page.next })
  })
})

const editCampaign = Effect.fnUntraced(function* (visit: MemberVisit) {
  const { c } = visit
  return yield* again(visit, yield* Http.readForm(c), {}, 200)
})

const previewCampaign = Effect.fnUntraced(function* (visit: MemberVisit) {
  const { c, context, me } = visit
  const form = yield* Http.readForm(c)
  const { campaign, errors } = read(form)
  if (Object.keys(errors).length > 0) return yield* again(visit, form, errors, 422)
  return yield* context.requests.previewCampaign(me, campaign).pipe(
    Effect.flatMap((preview) => sendPreview(visit, preview, form)),
    Effect.catchTag("Refused", (refused) => again(visit, form, { form: refused.message }, 409))
  )
})

const sendCampaign = Effect.fnUntraced(function* (visit: MemberVisit) {
  const { c, context, me } = visit
  const form = yield* Http.readForm(c)
  const { campaign, errors } = read(form)
  if (Object.keys(errors).length > 0) return yield* again(visit, form, errors, 422)
  return yield* context.requests.campaign(me, { ...campaign, reference: Http.one(form, "reference") }).pipe(
    Effect.map(() => c.redirect("/requests?state=open", 303)),
    Effect.catchTag("Refused", (refused) => again(visit, form, { form: refused.message }, 409))
  )
})

/** The form again, with what was typed. */
const edited = { path: "/campaigns/edit", sent: {} }

/** `/campaigns`. */
export const routes: Routes = [
  get("/campaigns/new", asPermitted("connect", showNewCampaign)),
  post("/campaigns/edit", asPermitted("connect", editCampaign), edited),
  post("/campaigns/preview", asPermitted("connect", previewCampaign), edited),
  post("/campaigns", asPermitted("connect", sendCampaign), edited)
]
