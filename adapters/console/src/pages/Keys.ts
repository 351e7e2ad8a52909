/** API keys: what each may do, until when, and making one; its secret is shown once. */
import { Access, Actor, ApiKey, Id } from "@portolan/domain"
import { DateTime, Duration, Effect, Redacted, Result, Schema } from "effect"
import type { Context } from "hono"
import type { Desk, Routes } from "../Desk.ts"
import { html, type Markup, theirs } from "../Html.ts"
import * as Input from "../Input.ts"
import * as Layout from "../Layout.ts"
import * as Parts from "../Parts.ts"
import type { Status } from "../Trouble.ts"
import * as Web from "../Web.ts"
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
    return html`${Parts.badge("idle", "Revoked")} <span class="muted">${Parts.when(key.revokedAt, now)}</span>`
  return ApiKey.isLive(key, now) ? Parts.whenFully(key.expiresAt, now) : Parts.badge("idle", "Over")
}

const row = (key: ApiKey.Present, now: DateTime.Utc): Markup => html`<tr>
  <th scope="row" data-label="Key">${theirs(key.name)}<br><small class="muted"><code>${key.start}…</code> by ${theirs(
    Actor.describe(key.createdBy)
  )}</small></th>
  <td data-label="May">${key.scopes.join(", ")} <span class="muted">as ${key.role}</span></td>
  <td data-label="Sees">${describeAccessScope(key.accessScope)}</td>
  <td data-label="Ends">${standing(key, now)}</td>
  <td class="end">${
    ApiKey.isLive(key, now) &&
    Parts.confirmed(
      "Revoke",
      `Revoke ${key.name}? Software that uses it stops working at once.`,
      `/api-keys/${key.id}/revoke`,
      "Yes, revoke"
    )
  }</td></tr>`

const listPage = Effect.fnUntraced(function* (desk: Desk, c: Context) {
  const me = yield* Web.member(desk, c)
  const now = yield* Web.now
  const cursor = (c.req.query("cursor") ?? "").slice(0, 2000)
  const page = yield* desk.apiKeys.list(me, { limit: pageSize, ...(cursor === "" ? {} : { cursor }) })
  const add = html`<a class="button" href="/api-keys/new">New key</a>`
  return Web.send(
    c,
    Layout.memberPage(
      desk,
      me,
      "API keys",
      undefined,
      html`
    ${Parts.pageHead("API keys", {
      lead: html`For software that works with <a href="/docs">the API</a>. A key ends with
      the membership of whoever made it.`,
      ...(page.items.length > 0 ? { actions: add } : {})
    })}
    ${c.req.query("done") === "revoked" && Parts.notice("good", "The key is revoked")}
    ${
      page.items.length === 0
        ? Parts.empty("No keys yet", "Make one for each program, with no more rights than it needs.", add)
        : html`<table class="rows" aria-label="API keys"><thead><tr><th scope="col">Key</th><th scope="col">May</th>
        <th scope="col">Sees</th>
        <th scope="col">Ends</th><th scope="col"><span class="sr-only">Actions</span></th></tr></thead>
          <tbody>${page.items.map((key) => row(key, now))}</tbody></table>`
    }
    ${Parts.pagination("/api-keys", { cursor }, page)}`
    )
  )
})

const newPage = Effect.fnUntraced(function* (
  desk: Desk,
  c: Context,
  me: Layout.Me,
  state: Parts.FormState,
  ticked: ReadonlyArray<string>,
  key: string,
  status: Status = 200
) {
  const all = yield* choosable(desk, me)
  const days = state.values["days"] ?? "365"
  return Web.send(
    c,
    Layout.memberPage(
      desk,
      me,
      "New key",
      undefined,
      html`
    ${Parts.pageHead("New key", { crumbs: [{ href: "/api-keys", label: "API keys" }] })}
    <form method="post" action="/api-keys" class="card form"><input type="hidden" name="key" value="${key}">
      ${Parts.textField(state, "name", "Name", { hint: "What uses it, e.g. nightly export." })}
      <fieldset class="choices"><legend>What it may do</legend>${scopes.map(
        ([scope, what]) => html`<label class="choice">
        <input type="checkbox" name="scope" value="${scope}"${ticked.includes(scope) && html` checked`}><span><strong>${
          scope
        }</strong><small>${what}</small></span></label>`
      )}
        ${Parts.fieldError(state, "scope")}</fieldset>
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
  desk: Desk,
  c: Context,
  me: Layout.Me,
  key: ApiKey.Present,
  secret: Redacted.Redacted<string> | undefined
) =>
  Web.send(
    c,
    Layout.memberPage(
      desk,
      me,
      "Key made",
      undefined,
      html`
    ${Parts.pageHead(theirs(key.name), { crumbs: [{ href: "/api-keys", label: "API keys" }] })}
    ${
      secret === undefined
        ? Parts.notice(
            "wait",
            "This key was made before",
            "Its secret was shown then and cannot be shown again. Revoke it and make another one if it is lost."
          )
        : html`${Parts.notice("good", "The key is made", "Copy it now. It is shown this once and nobody can look it up later.")}
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
export const routes: Routes = (app, desk) => {
  const manager = (c: Context) =>
    Effect.gen(function* () {
      const me = yield* Web.member(desk, c)
      yield* Effect.fromResult(Access.check(me, "manage-people"))
      return me
    })

  app.get(
    "/api-keys",
    Web.handle(desk, (c) => listPage(desk, c))
  )

  app.get(
    "/api-keys/new",
    Web.handle(desk, (c) =>
      Effect.gen(function* () {
        const me = yield* manager(c)
        return yield* newPage(desk, c, me, Parts.blank, ["read"], Redacted.value(yield* desk.secrets.token))
      })
    )
  )

  app.post(
    "/api-keys",
    Web.handle(desk, (c) =>
      Effect.gen(function* () {
        const me = yield* manager(c)
        const form = yield* Web.readForm(c)
        const key = Web.one(form, "key").slice(0, 100)
        const name = Input.name(Web.one(form, "name"), "the key")
        const ticked = Web.many(form, "scope").filter((scope) => isScope(scope))
        const [first, ...rest] = ticked
        // A key needs no more of a role than its scopes do.
        const role =
          Access.GivenRole.literals.findLast((one) => ticked.every((scope) => Access.may(one, scope))) ?? "admin"
        const days = lives.find(([count]) => String(count) === Web.one(form, "days"))?.[0] ?? 365
        const again = (errors: Parts.FormState["errors"]) =>
          newPage(desk, c, me, { values: Web.typed(form), errors }, ticked, key, 422)
        if (Result.isFailure(name) || first === undefined) {
          return yield* again({
            ...Input.errorsOf({ name }),
            ...(first === undefined ? { scope: "Tick at least one." } : {})
          })
        }
        const { key: _once, ...asked } = Object.fromEntries(form)
        const fingerprint = yield* desk.secrets.digest(Redacted.make(JSON.stringify(asked)))
        return yield* desk.apiKeys
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
            Effect.map((made) => madePage(desk, c, me, made.key, made.secret)),
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
    Web.handle(desk, (c) =>
      Effect.gen(function* () {
        yield* desk.apiKeys.revoke(yield* manager(c), yield* Web.idParam(c, Id.ApiKeyId))
        return c.redirect("/api-keys?done=revoked", 303)
      })
    )
  )
}
