/** One request to connect, for the member who asks: writing, preview, sending, and what became of it (flow F5). */
import { Access, Id, Marketplace } from "@portolan/domain"
import type { Connections, Requests } from "@portolan/ports"
import { Effect, Option, Result } from "effect"
import * as Components from "../../page/components.ts"
import type { Status } from "../../page/errors.ts"
import * as Fields from "../../page/fields.ts"
import { asMember, asPermitted, get, post, type Routes } from "../../page/handle.ts"
import type { Markup } from "../../page/html.ts"
import * as Http from "../../page/http.ts"
import { sendMember } from "../../page/send.ts"
import type { MemberVisit } from "../../page/visit.ts"
import { emailPolicy } from "../mailbox/emailView.ts"
import * as RequestForm from "./form.ts"
import { typedIn } from "./form.ts"
import { listRequests, showChoice } from "./listRoutes.ts"
import { isOpen, requestFormPage, requestNotice, requestPage, requestPreviewPage } from "./view.ts"

const sendForm = (
  visit: MemberVisit,
  view: Connections.ConnectionDetail,
  state: Fields.FormState,
  status: Status = 200
) => sendMember(visit, requestFormPage({ state, status, view }))

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

const sendPreview = (
  visit: MemberVisit,
  view: Connections.ConnectionDetail,
  preview: Requests.Preview,
  values: { readonly [field: string]: string }
) => {
  const { c, context } = visit
  c.header("Content-Security-Policy", emailPolicy)
  return sendMember(visit, requestPreviewPage({ context, preview, values, view }))
}

const sendRequestPage = Effect.fnUntraced(function* (
  visit: MemberVisit,
  view: Requests.RequestView,
  wrong?: Markup,
  status: Status = 200
) {
  const { c, context, me } = visit
  const now = yield* Http.now
  const shown =
    isOpen(view) && Access.can(me, "connect")
      ? yield* Effect.option(context.authLinks.view(me, view.link.id))
      : Option.none()
  const notice = requestNotice(c.req.query("done"), context.mailer.sends)
  return yield* sendMember(visit, requestPage({ context, me, now, notice, shown, status, view, wrong }))
})

/** The connection that somebody is asked to connect. */
const connectionOf = Effect.fnUntraced(function* ({ c, context, me }: MemberVisit) {
  return yield* context.connections.view(me, yield* Http.idParam(c, Id.ConnectionId))
})

const showNewRequest = Effect.fnUntraced(function* (visit: MemberVisit) {
  const { context, me } = visit
  const view = yield* connectionOf(visit)
  const {
    items: [last]
  } = yield* context.requests.list(me, { connectionId: view.connection.id }, { limit: 1 })
  const owner =
    last === undefined || (last.link._tag === "Open" && last.link.objection !== undefined)
      ? undefined
      : last.link.request.owner
  return yield* sendForm(visit, view, {
    values: owner === undefined ? {} : { name: owner.name, email: owner.email },
    errors: {}
  })
})

const editRequest = Effect.fnUntraced(function* (visit: MemberVisit) {
  const { c } = visit
  const view = yield* connectionOf(visit)
  return yield* sendForm(visit, view, { values: typedIn(yield* Http.readForm(c)), errors: {} })
})

const previewRequest = Effect.fnUntraced(function* (visit: MemberVisit) {
  const { c, context, me } = visit
  const view = yield* connectionOf(visit)
  const values = typedIn(yield* Http.readForm(c))
  const { errors, input } = RequestForm.read(values)
  if (Result.isFailure(input)) return yield* sendForm(visit, view, { values, errors }, 422)
  return yield* context.requests.preview(me, draftOf(view, input.success, values.marketplace)).pipe(
    Effect.flatMap((preview) => sendPreview(visit, view, preview, values)),
    Effect.catchTag("Refused", (refused) =>
      refused.reason === "not-permitted"
        ? Effect.fail(refused)
        : sendForm(visit, view, { values, errors: { form: refused.message } }, 409)
    )
  )
})

const sendRequest = Effect.fnUntraced(function* (visit: MemberVisit) {
  const { c, context, me } = visit
  const view = yield* connectionOf(visit)
  const form = yield* Http.readForm(c)
  const values = typedIn(form)
  const { errors, input } = RequestForm.read(values)
  if (Result.isFailure(input)) return yield* sendForm(visit, view, { values, errors }, 422)
  return yield* context.requests
    .send(me, { ...draftOf(view, input.success, values.marketplace), reference: Http.one(form, "reference") })
    .pipe(
      Effect.map(({ link }) => c.redirect(`/requests/${link.id}?done=sent`, 303)),
      Effect.catchTag("Refused", (refused) =>
        refused.reason === "not-permitted"
          ? Effect.fail(refused)
          : sendForm(visit, view, { values, errors: { form: refused.message } }, 409)
      )
    )
})

const showRequest = Effect.fnUntraced(function* (visit: MemberVisit) {
  const { c, context, me } = visit
  return yield* sendRequestPage(visit, yield* context.requests.view(me, yield* Http.idParam(c, Id.InvitationId)))
})

/** Does something with an open request, and says afterwards what was done. */
const change = (action: "mailAgain" | "revoke", done: string) =>
  Effect.fnUntraced(function* (visit: MemberVisit) {
    const { c, context, me } = visit
    const id = yield* Http.idParam(c, Id.InvitationId)
    return yield* context.requests[action](me, id).pipe(
      Effect.map(() => c.redirect(`/requests/${id}?done=${done}`, 303)),
      Effect.catchTag("Refused", (refused) =>
        refused.reason === "not-permitted"
          ? Effect.fail(refused)
          : Effect.flatMap(context.requests.view(me, id), (view) =>
              sendRequestPage(visit, view, Components.notice("act", refused.detail, refused.nextStep), 409)
            )
      )
    )
  })

/** The form again, with what was typed. */
const edited = { path: "/connections/:id/request/edit", sent: {} }

/** `/requests`, and `/connections/{id}/request`. */
export const routes: Routes = [
  get("/requests", asMember(listRequests)),
  get("/requests/new", asMember(showChoice)),
  get("/connections/:id/request", asPermitted("connect", showNewRequest)),
  post("/connections/:id/request/edit", asPermitted("connect", editRequest), edited),
  post("/connections/:id/request/preview", asPermitted("connect", previewRequest), edited),
  post("/connections/:id/request", asPermitted("connect", sendRequest), edited),
  get("/requests/:id", asMember(showRequest)),
  post("/requests/:id/mail-again", asMember(change("mailAgain", "mailed"))),
  post("/requests/:id/revoke", asMember(change("revoke", "withdrawn")))
]
