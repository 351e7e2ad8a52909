/** API keys: what each may do, until when, and making one; its secret is shown once. */
import { Access, Actor, ApiKey, Id } from "@portolan/domain"
import { DateTime, Duration, Effect, Redacted, Result, Schema } from "effect"
import type { Context } from "hono"
import type { PageContext, Routes } from "../page/context.ts"
import { html, type Markup, isolateText } from "../page/html.ts"
import * as Input from "../page/input.ts"
import * as Layout from "../page/layout.ts"
import * as Components from "../page/components.ts"
import type { Status } from "../page/errors.ts"
import * as Http from "../page/http.ts"
import { choosable, accessScopeFields, accessScopeIn, describeAccessScope } from "./accessForm.ts"

const pageSize = 25

/** Scopes a key can have, with what they mean. Owning is left to the owner in person. */
const scopes: ReadonlyArray<readonly [Access.Action, string]> = [
  ["read", "See companies, accounts and how connections stand"],
  ["connect", "Connect accounts and finish what is pending"],
  ["administer", "Manage companies, brands and accounts"],
  ["manage-people", "Manage people, invitations and keys"]
]

const lives: ReadonlyArray<readonly [number, string]> = [
  [30, "30 days"],
  [90, "90 days"],
  [365, "1 year"],
  [730, "2 years"]
]

const standing = (key: ApiKey.Present, now: DateTime.Utc): Markup => {
  if (key._tag === "Revoked")
    return html`${Components.badge("idle", "Revoked")} <span class="muted">${Components.when(key.revokedAt, now)}</span>`
  return ApiKey.isLive(key, now) ? Components.whenFully(key.expiresAt, now) : Components.badge("idle", "Over")
}

const row = (key: ApiKey.Present, now: DateTime.Utc): Markup => html`<tr>
  <th scope="row" data-label="Key">${isolateText(key.name)}<br><small class="muted"><code>${key.start}…</code> by ${isolateText(
    Actor.describe(key.createdBy)
  )}</small></th>
  <td data-label="May">${key.scopes.join(", ")} <span class="muted">as ${key.role}</span></td>
  <td data-label="Sees">${describeAccessScope(key.accessScope)}</td>
  <td data-label="Ends">${standing(key, now)}</td>
  <td class="end">${
    ApiKey.isLive(key, now) &&
    Components.confirmed(
      "Revoke",
      `Revoke ${key.name}? Software that uses it stops working at once.`,
      `/api-keys/${key.id}/revoke`,
      "Yes, revoke"
    )
  }</td></tr>`

const listPage = Effect.fnUntraced(function* (context: PageContext, c: Context) {
  const me = yield* Http.member(context, c)
  const now = yield* Http.now
  const cursor = (c.req.query("cursor") ?? "").slice(0, 2000)
  const page = yield* context.apiKeys.list(me, { limit: pageSize, ...(cursor === "" ? {} : { cursor }) })
  const add = html`<a class="button" href="/api-keys/new">New key</a>`
  return Http.send(
    c,
    Layout.memberPage(
      context,
      me,
      "API keys",
      undefined,
      html`
    ${Components.pageHead("API keys", {
      lead: html`For software that works with <a href="/docs">the API</a>. A key ends with
      the membership of whoever made it.`,
      ...(page.items.length > 0 ? { actions: add } : {})
    })}
    ${c.req.query("done") === "revoked" && Components.notice("good", "The key is revoked")}
    ${
      page.items.length === 0
        ? Components.empty("No keys yet", "Make one for each program, with no more rights than it needs.", add)
        : html`<table class="rows" aria-label="API keys"><thead><tr><th scope="col">Key</th><th scope="col">May</th>
        <th scope="col">Sees</th>
        <th scope="col">Ends</th><th scope="col"><span class="sr-only">Actions</span></th></tr></thead>
          <tbody>${page.items.map((key) => row(key, now))}</tbody></table>`
    }
    ${Components.pagination("/api-keys", { cursor }, page)}`
    )
  )
})

const newPage = Effect.fnUntraced(function* (
  context: PageContext,
  c: Context,
  me: Layout.Me,
  state: Components.FormState,
  ticked: ReadonlyArray<string>,
  key: string,
  status: Status = 200
) {
  const all = yield* choosable(context, me)
  const days = state.values["days"] ?? "365"
  return Http.send(
    c,
    Layout.memberPage(
      context,
      me,
      "New key",
      undefined,
      html`
    ${Components.pageHead("New key", { crumbs: [{ href: "/api-keys", label: "API keys" }] })}
    <form method="post" action="/api-keys" class="card form"><input type="hidden" name="key" value="${key}">
      ${Components.textField(state, "name", "Name", { hint: "What uses it, e.g. nightly export." })}
      <fieldset class="choices"><legend>What it may do</legend>${scopes.map(
        ([scope, what]) => html`<label class="choice">
        <input type="checkbox" name="scope" value="${scope}"${ticked.includes(scope) && html` checked`}><span><strong>${
          scope
        }</strong><small>${what}</small></span></label>`
      )}
        ${Components.fieldError(state, "scope")}</fieldset>
      ${accessScopeFields(state, all, "this key")}
      <div class="field"><label for="field-days">Ends after</label><select id="field-days" name="days">${lives.map(
        ([count, label]) => html`<option value="${count}"${String(count) === days && html` selected`}>${label}</option>`
      )}</select></div>
      <div class="buttons"><button>Make the key</button><a class="button secondary outline" href="/api-keys">Cancel</a></div>
    </form>`
    ),
    status
  )
})

const madePage = (
  context: PageContext,
  c: Context,
  me: Layout.Me,
  key: ApiKey.Present,
  secret: Redacted.Redacted<string> | undefined
) =>
  Http.send(
    c,
    Layout.memberPage(
      context,
      me,
      "Key made",
      undefined,
      html`
    ${Components.pageHead(isolateText(key.name), { crumbs: [{ href: "/api-keys", label: "API keys" }] })}
    ${
      secret === undefined
        ? Components.notice(
            "wait",
            "This key was made before",
            "Its secret was shown then and cannot be shown again. Revoke it and make another one if it is lost."
          )
        : html`${Components.notice("good", "The key is made", "Copy it now. It is shown this once and nobody can look it up later.")}
        <section class="card form"><label for="secret">The key</label><input id="secret" type="text" readonly value="${Redacted.value(
          secret
        )}" autocomplete="off">
          <p class="muted">Send it with each request as <code>Authorization: Bearer …</code>. Keep it like a
            password.</p></section>`
    }
    <p><a class="button secondary" href="/api-keys">Done</a></p>`
    )
  )

const isScope = Schema.is(Access.Action)

/** `/api-keys`. */
export const routes: Routes = (app, context) => {
  const manager = (c: Context) =>
    Effect.gen(function* () {
      const me = yield* Http.member(context, c)
      yield* Effect.fromResult(Access.check(me, "manage-people"))
      return me
    })

  app.get(
    "/api-keys",
    Http.handle(context, (c) => listPage(context, c))
  )

  app.get(
    "/api-keys/new",
    Http.handle(context, (c) =>
      Effect.gen(function* () {
        const me = yield* manager(c)
        return yield* newPage(context, c, me, Components.blank, ["read"], Redacted.value(yield* context.secrets.token))
      })
    )
  )

  app.post(
    "/api-keys",
    Http.handle(context, (c) =>
      Effect.gen(function* () {
        const me = yield* manager(c)
        const form = yield* Http.readForm(c)
        const key = Http.one(form, "key").slice(0, 100)
        const name = Input.name(Http.one(form, "name"), "the key")
        const ticked = Http.many(form, "scope").filter((scope) => isScope(scope))
        const [first, ...rest] = ticked
        // A key needs no more of a role than its scopes do.
        const role =
          Access.GivenRole.literals.findLast((one) => ticked.every((scope) => Access.may(one, scope))) ?? "admin"
        const days = lives.find(([count]) => String(count) === Http.one(form, "days"))?.[0] ?? 365
        const again = (errors: Components.FormState["errors"]) =>
          newPage(context, c, me, { values: Http.typed(form), errors }, ticked, key, 422)
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
            Effect.map((made) => madePage(context, c, me, made.key, made.secret)),
            Effect.catchTag("Refused", (refused) =>
              refused.subject === "ApiKey"
                ? again({ scope: refused.message })
                : refused.reason === "not-permitted"
                  ? Effect.fail(refused)
                  : again({ to: refused.message })
            )
          )
      })
    )
  )

  app.post(
    "/api-keys/:id/revoke",
    Http.handle(context, (c) =>
      Effect.gen(function* () {
        yield* context.apiKeys.revoke(yield* manager(c), yield* Http.idParam(c, Id.ApiKeyId))
        return c.redirect("/api-keys?done=revoked", 303)
      })
    )
  )
}
