/** API keys: what each may do, until when, and making one; its secret is shown once. */
import { Access, given, Id } from "@portolan/domain"
import { Duration, Effect, Redacted, Result, Schema } from "effect"
import { words } from "../../messages/words.ts"
import { isSearching, searched } from "../../page/companyChoice.ts"
import type { Status } from "../../page/errors.ts"
import * as Fields from "../../page/fields.ts"
import { asMember, asPermitted, get, post, type Routes } from "../../page/handle.ts"
import * as Http from "../../page/http.ts"
import * as Input from "../../page/input.ts"
import { sendMember } from "../../page/send.ts"
import type { MemberVisit } from "../../page/visit.ts"
import { accessScopeIn } from "../members/accessFields.ts"
import { offerAccess, searchField } from "../members/offer.ts"
import { keyMadePage, keysPage, lives, newKeyPage } from "./view.ts"

const isScope = Schema.is(Access.Action)

const pageSize = 25

const showKeys = Effect.fnUntraced(function* (visit: MemberVisit) {
  const { c, context, me } = visit
  const now = yield* Http.now
  const cursor = Http.cursorOf(c)
  const page = yield* context.apiKeys.list(me, Http.pageOf(pageSize, cursor))
  return yield* sendMember(visit, keysPage({ cursor, done: c.req.query("done"), now, page }))
})

/** The form of a new key, as it was sent: what was typed, what was ticked, and its idempotency key. */
interface NewKeyForm {
  readonly state: Fields.FormState
  readonly ticked: ReadonlyArray<string>
  readonly key: string
}

const sendNewForm = Effect.fnUntraced(function* (visit: MemberVisit, form: NewKeyForm, status: Status = 200) {
  const offer = yield* offerAccess(visit.context, visit.me, form.state.values)
  return yield* sendMember(visit, newKeyPage({ ...form, offer, status }))
})

const showNewKey = Effect.fnUntraced(function* (visit: MemberVisit) {
  const { context } = visit
  return yield* sendNewForm(visit, {
    state: Fields.blank,
    ticked: ["read"],
    key: Redacted.value(yield* context.secrets.token)
  })
})

const createKey = Effect.fnUntraced(function* (visit: MemberVisit) {
  const { c, context, me } = visit
  const form = yield* Http.readForm(c)
  const key = Http.one(form, "key").slice(0, 100)
  const name = Input.name(Http.one(form, "name"), "key")
  const ticked = Http.many(form, "scope").filter((scope) => isScope(scope))
  const [first, ...rest] = ticked
  // A key needs no more of a role than its scopes do.
  const role = Access.GivenRole.literals.findLast((one) => ticked.every((scope) => Access.may(one, scope))) ?? "admin"
  const days = lives.find(([count]) => String(count) === Http.one(form, "days"))?.[0] ?? 365
  const again = (errors: Fields.FormState["errors"], status: Status = 422) =>
    sendNewForm(visit, { state: { values: Http.typed(form), errors }, ticked, key }, status)
  if (isSearching(form)) return yield* again({}, 200)
  if (Result.isFailure(name) || first === undefined) {
    const scope = first === undefined ? words.apiKeys.tickOne : undefined
    return yield* again({ ...Input.errorsOf({ name }), ...given({ scope }) })
  }
  const { key: _key, [searchField]: _search, ...fields } = Object.fromEntries(form)
  const fingerprint = yield* context.secrets.digest(Redacted.make(JSON.stringify(fields)))
  return yield* context.apiKeys
    .create(
      me,
      {
        name: name.success,
        scopes: [first, ...rest],
        role,
        accessScope: accessScopeIn(form),
        life: Duration.days(days)
      },
      key === "" ? undefined : { key: `console/${key}`, fingerprint }
    )
    .pipe(
      Effect.flatMap((made) => sendMember(visit, keyMadePage({ key: made.key, secret: made.secret }))),
      Effect.catchTag("Refused", (refused) => {
        if (refused.subject === "ApiKey") return again({ scope: refused.message })
        return refused.reason === "not-permitted" ? Effect.fail(refused) : again({ to: refused.message })
      })
    )
})

const revokeKey = Effect.fnUntraced(function* (visit: MemberVisit) {
  const { c, context, me } = visit
  yield* context.apiKeys.revoke(me, yield* Http.idParam(c, Id.ApiKeyId))
  return c.redirect("/api-keys?done=revoked", 303)
})

/** `/api-keys`. */
export const routes: Routes = [
  get("/api-keys", asMember(showKeys)),
  get("/api-keys/new", asPermitted("manage-people", showNewKey)),
  post("/api-keys", asPermitted("manage-people", createKey), searched("/api-keys")),
  post("/api-keys/:id/revoke", asPermitted("manage-people", revokeKey))
]
