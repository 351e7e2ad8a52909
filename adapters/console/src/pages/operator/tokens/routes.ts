/**
 * Taking in a refresh token for an organization, for operators: of a private application, or from a system that a
 * customer leaves. The token is in no address, no page and no error; the provider is asked before anything is kept.
 */
import { Id } from "@portolan/domain"
import type { Connecting } from "@portolan/ports"
import { Effect, Result, Schedule } from "effect"
import { words } from "../../../messages/words.ts"
import type { PageError, Status } from "../../../page/errors.ts"
import { blank, type FormState } from "../../../page/fields.ts"
import { get, post, type Routes } from "../../../page/handle.ts"
import * as Http from "../../../page/http.ts"
import { sendEither } from "../../../page/send.ts"
import { operatorOf, type Visit } from "../../../page/visit.ts"
import { organizations } from "../frame.ts"
import * as TokenForm from "./form.ts"
import { tokenPage } from "./view.ts"

const at = `${organizations}/:id/consents/new`

/** The most characters of a search. */
const searchLimit = 120

const sendForm = Effect.fnUntraced(function* (visit: Visit, form: FormState = blank, status: Status = 200) {
  const { c, context } = visit
  const me = yield* operatorOf(visit)
  const id = yield* Http.idParam(c, Id.OrganizationId)
  const search = (c.req.query("search") ?? "").trim().slice(0, searchLimit)
  const { organization } = yield* context.organizations.viewFor(me, id)
  const targets = yield* context.connecting.tokenTargets(me, id, search === "" ? undefined : search)
  const now = yield* Http.now
  return yield* sendEither(visit, tokenPage({ form, now, organization, search, status, targets }))
})

/**
 * Sent twice at once, the one that is slower finds what the other one did. A provider may have refused its access token
 * because the other one got a newer one; so what is worth another try is tried once more.
 */
const takeIn = ({ context }: Visit, ...given: Parameters<Connecting.Contract["takeInTokenFor"]>) =>
  context.connecting
    .takeInTokenFor(...given)
    .pipe(
      Effect.retry({
        times: 5,
        while: ({ _tag }) => _tag === "VersionConflict",
        schedule: Schedule.spaced("300 millis")
      }),
      Effect.retry({
        times: 1,
        while: (error) => error._tag === "Temporary" && !error.throttled,
        schedule: Schedule.spaced("500 millis")
      })
    )

const outcomeOf = ({ isRepeated, outcome }: Connecting.TakenIn): string => {
  if (isRepeated) return "taken-before"
  return outcome === "connected" ? "taken-in" : "taken-waiting"
}

/** The field that a failure is shown at, and the words there; nothing for one that no field can put right. */
const wrongField = (
  error: Effect.Error<ReturnType<typeof takeIn>>
): { readonly [field: string]: string } | undefined => {
  switch (error._tag) {
    case "NotFound":
      return { connection: words.operatorTokens.chooseConnection }
    case "Refused": {
      const text = `${error.detail} ${error.nextStep}`
      return error.reason === "different-identity" ? { grantor: text } : { connection: text }
    }
    case "ProfileHeld":
      return { connection: error.message }
    case "GrantRefused":
      return { refreshToken: words.operatorTokens.refused }
    case "PermissionMissing":
      return { refreshToken: error.message }
    default:
      return undefined
  }
}

const sendToken = Effect.fnUntraced(function* (visit: Visit) {
  const { c } = visit
  const me = yield* operatorOf(visit)
  const organizationId = yield* Http.idParam(c, Id.OrganizationId)
  const form = yield* Http.readForm(c)
  const again = (errors: FormState["errors"], status: Status) =>
    sendForm(visit, { values: TokenForm.typedOf(form), errors }, status)
  const read = TokenForm.read(form, yield* Http.now)
  if (Result.isFailure(read)) return yield* again(read.failure, 422)
  return yield* takeIn(visit, me, { organizationId, ...read.success }).pipe(
    Effect.map((taken) =>
      c.redirect(`${organizations}/${organizationId}/consents/${taken.grant.id}?done=${outcomeOf(taken)}`, 303)
    ),
    Effect.catch((error): Effect.Effect<Response, PageError> => {
      const errors = wrongField(error)
      return errors === undefined ? Effect.fail(error) : again(errors, 409)
    })
  )
})

/** `/operator/organizations/{id}/consents/new`; others are refused with a page that says who may. */
export const routes: Routes = [get(at, (visit) => sendForm(visit)), post(at, sendToken, at)]
