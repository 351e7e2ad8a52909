/** API keys: what each may do, until when, and making one; its secret is shown once. */
import { Access, type ApiKey, Id } from "@portolan/domain"
import { Duration, Effect, Redacted, Result, Schema } from "effect"
import type { Status } from "../../page/errors.ts"
import * as Fields from "../../page/fields.ts"
import { asMember, asPermitted, get, post, type Routes } from "../../page/handle.ts"
import * as Http from "../../page/http.ts"
import * as Input from "../../page/input.ts"
import { sendMember } from "../../page/send.ts"
import type { MemberVisit } from "../../page/visit.ts"
import { accessScopeIn, choosable } from "../members/accessFields.ts"
import { keyMadePage, keysPage, lives, newKeyPage } from "./view.ts"

const isScope = Schema.is(Access.Action)

const pageSize = 25

const showKeys = Effect.fnUntraced(function* (visit: MemberVisit) {
  const { c, context, me } = visit
  const now = yield* Http.now
  const cursor = Http.cursorOf(c)
  const page = yield* context.apiKeys.list(me, Http.pageOf(pageSize, cursor))
  return sendMember(visit, keysPage({ cursor, done: c.req.query("done"), now, page }))
})

const sendNewForm = Effect.fnUntraced(function* (
  visit: MemberVisit,
  state: Fields.FormState,
  ticked: ReadonlyArray<string>,
  key: string,
  status: Status = 200
) {
  const { context, me } = visit
  const all = yield* choosable(context, me)
  return sendMember(visit, newKeyPage({ all, key, state, status, ticked }))
})

const sendMade = (visit: MemberVisit, key: ApiKey.Present, secret: Redacted.Redacted<string> | undefined) => {
  return sendMember(visit, keyMadePage({ key, secret }))
}

const showNewKey = Effect.fnUntraced(function* (visit: MemberVisit) {
  const { c, context, me } = visit
  return yield* sendNewForm(visit, Fields.blank, ["read"], Redacted.value(yield* context.secrets.token))
})

const createKey = Effect.fnUntraced(function* (visit: MemberVisit) {
  const { c, context, me } = visit
  const form = yield* Http.readForm(c)
  const key = Http.one(form, "key").slice(0, 100)
  const name = Input.name(Http.one(form, "name"), "the key")
  const ticked = Http.many(form, "scope").filter((scope) => isScope(scope))
  const [first, ...rest] = ticked
  // A key needs no more of a role than its scopes do.
  const role = Access.GivenRole.literals.findLast((one) => ticked.every((scope) => Access.may(one, scope))) ?? "admin"
  const days = lives.find(([count]) => String(count) === Http.one(form, "days"))?.[0] ?? 365
  const again = (errors: Fields.FormState["errors"]) =>
    sendNewForm(visit, { values: Http.typed(form), errors }, ticked, key, 422)
  if (Result.isFailure(name) || first === undefined) {
    return yield* again({
      ...Input.errorsOf({ name }),
      ...(first === undefined ? { scope: "Tick at least one." } : {})
    })
  }
  const { key: _once, ...asked } = Object.fromEntries(form)
  const fingerprint = yield* context.secrets.digest(Redacted.make(JSON.stringify(asked)))
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
      Effect.map((made) => sendMade(visit, made.key, made.secret)),
      Effect.catchTag("Refused", (refused) =>
        refused.subject === "ApiKey"
          ? again({ scope: refused.message })
          : refused.reason === "not-permitted"
            ? Effect.fail(refused)
            : again({ to: refused.message })
      )
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
  post("/api-keys", asPermitted("manage-people", createKey)),
  post("/api-keys/:id/revoke", asPermitted("manage-people", revokeKey))
]
