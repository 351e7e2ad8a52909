/** From a request to an effect and back: who is calling, what a form says, how an answer or a failure is sent. */
import { type Callers, Repository, Deployment, type Identity, type StoreUnavailable } from "@portolan/ports"
import { Cause, DateTime, Effect, Exit, Redacted, Result, Schema } from "effect"
import type { Context } from "hono"
import { getCookie, setCookie } from "hono/cookie"
import type { PageContext } from "./context.ts"
import { html, type Markup } from "./html.ts"
import * as Layout from "./layout.ts"
import { reasons } from "./components.ts"
import * as PageError from "./errors.ts"

/** The most that a form may weigh, in bytes. */
export const bodyLimitBytes = 64 * 1024

const policy = (formAction: string) =>
  `default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; frame-ancestors 'none'${formAction}`

/** For pages whose forms stay here. */
export const strictPolicy = policy("; form-action 'self'")

/**
 * For pages with a form that is answered by a redirect to the provider: browsers apply `form-action` to redirects too,
 * and the provider's address depends on marketplace and account type.
 */
export const departingPolicy = policy("")

/** Sends markup as a page. */
export const send = (c: Context, markup: Markup, status: PageError.Status = 200): Response =>
  c.html(markup.toString(), status)

/** A handler: an effect for a request, run with the console's own context; failures become pages. */
export const handle =
  (context: PageContext, handler: (c: Context) => Effect.Effect<Response, PageError.PageError>) =>
  async (c: Context): Promise<Response> => {
    const exit = await Effect.runPromiseExitWith(context.services)(
      Effect.suspend(() => handler(c)).pipe(
        Effect.catch((trouble) => answer(context, c, trouble)),
        Effect.withSpan("Console.page", { attributes: { route: c.req.routePath } })
      )
    )
    if (Exit.isSuccess(exit)) return exit.value
    return Effect.runPromiseWith(context.services)(broken(context, c, exit.cause))
  }

const broken = (context: PageContext, c: Context, cause: Cause.Cause<unknown>) =>
  Effect.gen(function* () {
    const incident = (yield* context.secrets.id("event")).slice(-10)
    yield* Effect.logError("a page broke", cause).pipe(Effect.annotateLogs({ incident, route: c.req.routePath }))
    return send(c, Layout.guestPage(context, "Something broke", troublePage(PageError.defect(incident))), 500)
  })

const answer = (context: PageContext, c: Context, trouble: PageError.PageError) =>
  Effect.gen(function* () {
    if (trouble._tag === "NotSignedIn") return toSignIn(c)
    if (trouble._tag === "NoOrganization") return elsewhere(c, "/organizations/new")
    const told = PageError.tell(trouble)
    if (told.status >= 500) yield* Effect.logWarning("a page could not be served", trouble.message)
    return yield* tellPage(context, c, told)
  })

/** Sends a failure as a page, with the member's header when somebody is signed in. */
export const tellPage = (context: PageContext, c: Context, told: PageError.Told): Effect.Effect<Response> =>
  Effect.map(Effect.option(whoIs(context, c)), (me) =>
    send(
      c,
      me._tag === "Some"
        ? Layout.memberPage(context, me.value, told.title, undefined, troublePage(told, "/companies"))
        : Layout.guestPage(context, told.title, troublePage(told)),
      told.status
    )
  )

const troublePage = (told: PageError.Told, home?: string) => html`<section class="trouble">
  <p class="code" aria-hidden="true">${told.status}</p><h1>${told.title}</h1>
  ${reasons({ reason: told.reason, nextStep: told.nextStep }, told.whoActs)}
  ${home !== undefined && html`<p><a class="button secondary" href="${home}">Go to companies</a></p>`}
</section>`

/** Sends the person to the sign-in page and back here afterwards. A fragment tells the whole page to go there. */
const toSignIn = (c: Context): Response => {
  const isFragment = c.req.header("HX-Request") === "true"
  const shown = isFragment
    ? pathOf(c.req.header("HX-Current-URL") ?? "")
    : c.req.method === "GET"
      ? c.req.path + search(c)
      : ""
  const target = shown === "" || shown === "/" ? "/sign-in" : `/sign-in?return=${encodeURIComponent(shown)}`
  return elsewhere(c, target)
}

/** Sends the person to another page. A fragment tells the whole page to go there. */
const elsewhere = (c: Context, target: string): Response =>
  c.req.header("HX-Request") === "true" ? c.body(null, 204, { "HX-Redirect": target }) : c.redirect(target, 303)

const search = (c: Context) => new URL(c.req.url).search
const pathOf = (url: string) => (URL.canParse(url) ? new URL(url).pathname + new URL(url).search : "")

const whoIs = (context: PageContext, c: Context) =>
  Effect.gen(function* () {
    const who = yield* context.callers.whoIs(c.req.raw.headers)
    const waiting = yield* context.pending.list(who, { limit: Layout.waitingLimit + 1 }).pipe(
      Effect.map((page) => page.items.length),
      // The count in the header is an extra; a page does not fail because of it.
      Effect.orElseSucceed(() => 0)
    )
    return { ...who, waiting } satisfies Layout.Me
  })

/** Why nobody can be shown a member's page. */
export type NoMember =
  | Identity.NotSignedIn
  | Callers.NoOrganization
  | Identity.IdentityUnavailable
  | StoreUnavailable.StoreUnavailable

/**
 * The member who is calling. Fails with `NotSignedIn`, which becomes a redirect to the sign-in page, or with
 * `NoOrganization`, which becomes one to the page where an organization is created (rule P-R5).
 */
export const member = (context: PageContext, c: Context): Effect.Effect<Layout.Me, NoMember> => whoIs(context, c)

/** The same for handlers that show no header: the count is not asked for. */
export const caller = (context: PageContext, c: Context) => context.callers.whoIs(c.req.raw.headers)

/** The person behind the session, member of something or not. */
export const person = (context: PageContext, c: Context) => context.callers.person(c.req.raw.headers)

/** What a form said. Repeated fields keep all their values; files are ignored. */
export type Form = ReadonlyMap<string, ReadonlyArray<string>>

/** Reads a form. */
export const readForm = (c: Context): Effect.Effect<Form, PageError.BadRequest> =>
  Effect.tryPromise({
    try: () => c.req.formData(),
    catch: () => new PageError.BadRequest({ detail: "The form could not be read; a form can carry at most 64 KB." })
  }).pipe(
    Effect.map((data) => {
      const form = new Map<string, ReadonlyArray<string>>()
      for (const [name, value] of data)
        if (typeof value === "string") form.set(name, [...(form.get(name) ?? []), value])
      return form
    })
  )

/** The first value of a field, or an empty text. */
export const one = (form: Form, name: string): string => form.get(name)?.[0] ?? ""

/** All values of a field. */
export const many = (form: Form, name: string): ReadonlyArray<string> => form.get(name) ?? []

/** What was typed, to be shown again. */
export const typed = (form: Form): { readonly [field: string]: string } =>
  Object.fromEntries([...form].map(([name, values]) => [name, values[0] ?? ""]))

/** Decodes an id of an address; one of another kind is as unknown as one that never existed. */
export const idParam = <A extends string>(c: Context, schema: Schema.Codec<A, string>) =>
  Effect.suspend(() => {
    const text = c.req.param("id") ?? ""
    const decoded = Schema.decodeUnknownResult(schema)(text)
    return Result.isSuccess(decoded)
      ? Effect.succeed(decoded.success)
      : Effect.fail(new Repository.NotFound({ kind: "page", id: "" }))
  })

/** The browser's own cookie that ties an authorization to it. Anything but a token of ours counts as absent. */
export const browserOf = (c: Context): Redacted.Redacted<string> | undefined => {
  const value = getCookie(c, Deployment.browserCookie)
  return value !== undefined && /^[A-Za-z0-9_-]{20,100}$/.test(value) ? Redacted.make(value) : undefined
}

/** Sends the browser to the provider, with the cookie that its return must bring back. */
export const startAuthorization = (
  context: PageContext,
  c: Context,
  authorizationRedirect: { readonly url: URL; readonly browser: Redacted.Redacted<string> }
): Response => {
  setCookie(c, Deployment.browserCookie, Redacted.value(authorizationRedirect.browser), {
    httpOnly: true,
    sameSite: "Lax",
    path: "/",
    maxAge: 86_400,
    secure: context.secureCookies
  })
  return c.redirect(authorizationRedirect.url.href, 303)
}

/**
 * A path of this console to go back to, or `/companies`. Only local paths count: `//host`, `/\host` and full addresses
 * would lead people away after they signed in.
 */
export const localPath = (wanted: string | undefined): string => {
  if (wanted === undefined || wanted.length > 2000 || !/^\/(?![/\\])/.test(wanted)) return "/companies"
  const here = "http://console.invalid"
  if (!URL.canParse(wanted, here)) return "/companies"
  const { origin, pathname, search: query } = new URL(wanted, here)
  return origin !== here || pathname.startsWith("//") || pathname.startsWith("/sign-") ? "/companies" : pathname + query
}

/** Now, for relative instants on a page. */
export const now: Effect.Effect<DateTime.Utc> = DateTime.now
