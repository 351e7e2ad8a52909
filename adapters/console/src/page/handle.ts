/** From a request to an effect and back: routes as rows, and what becomes of an effect that fails. */
import { Access } from "@portolan/domain"
import { Cause, Effect, Exit } from "effect"
import type { Context } from "hono"
import type { PageContext } from "./context.ts"
import { defect, explain } from "./errorPage.ts"
import type { PageError } from "./errors.ts"
import { sendDefect, sendError } from "./send.ts"
import { type CallerVisit, callerVisit, type MemberVisit, memberVisit, type Visit } from "./visit.ts"

/** An answer to a request; its failures become pages. */
export type Answer<V extends Visit = Visit> = (visit: V) => Response | Effect.Effect<Response, PageError>

/** One address, the method that it is asked with, and the answer. */
export interface Route {
  readonly method: "get" | "post"
  readonly path: string
  readonly answer: Answer
}

/** The routes of a room. Where two fit an address, the first one counts. */
export type Routes = ReadonlyArray<Route>

/** A page that is read. */
export const get = (path: string, answer: Answer): Route => ({ method: "get", path, answer })

/** A form that is sent. */
export const post = (path: string, answer: Answer): Route => ({ method: "post", path, answer })

const run = <V extends Visit>(answer: Answer<V>, visit: V): Effect.Effect<Response, PageError> =>
  Effect.suspend(() => {
    const answered = answer(visit)
    return answered instanceof Response ? Effect.succeed(answered) : answered
  })

/** An answer for members, with what their header shows. Others are led to the sign-in page. */
export const asMember =
  (answer: Answer<MemberVisit>): Answer =>
  (visit) =>
    Effect.flatMap(memberVisit(visit), (member) => run(answer, member))

/** An answer for members whose role allows an action; others are refused with a page that says who may. */
export const asPermitted = (action: Access.Action, answer: Answer<MemberVisit>): Answer =>
  asMember((visit) => Effect.flatMap(Effect.fromResult(Access.check(visit.me, action)), () => run(answer, visit)))

/** An answer for members that shows no header: a redirect or a fragment. */
export const asCaller =
  (answer: Answer<CallerVisit>): Answer =>
  (visit) =>
    Effect.flatMap(callerVisit(visit), (caller) => run(answer, caller))

const isFragment = (c: Context): boolean => c.req.header("HX-Request") === "true"

/** Sends the person to another page. A fragment tells the whole page to go there. */
const redirect = (c: Context, target: string): Response =>
  isFragment(c) ? c.body(null, 204, { "HX-Redirect": target }) : c.redirect(target, 303)

const pathOf = (url: string): string => (URL.canParse(url) ? new URL(url).pathname + new URL(url).search : "")

/** The address of the page that the person looks at; empty when it cannot be opened by its address. */
const shownPath = (c: Context): string => {
  if (isFragment(c)) return pathOf(c.req.header("HX-Current-URL") ?? "")
  return c.req.method === "GET" ? c.req.path + new URL(c.req.url).search : ""
}

/** Sends the person to the sign-in page and back here afterwards. */
const toSignIn = (c: Context): Response => {
  const shown = shownPath(c)
  return redirect(c, shown === "" || shown === "/" ? "/sign-in" : `/sign-in?return=${encodeURIComponent(shown)}`)
}

const failed = Effect.fnUntraced(function* (visit: Visit, error: PageError) {
  if (error._tag === "NotSignedIn") return toSignIn(visit.c)
  if (error._tag === "NoOrganization") return redirect(visit.c, "/organizations/new")
  const page = explain(error)
  if (page.status >= 500) yield* Effect.logWarning("a page could not be served", error.message)
  return yield* sendError(visit, page)
})

const broken = Effect.fnUntraced(function* (visit: Visit, cause: Cause.Cause<unknown>) {
  const incident = (yield* visit.context.secrets.id("event")).slice(-10)
  const route = visit.c.req.routePath
  yield* Effect.logError("a page broke", cause).pipe(Effect.annotateLogs({ incident, route }))
  return sendDefect(visit, defect(incident))
})

/** A handler of Hono: runs an answer with the console's own services; failures and defects become pages. */
export const handle =
  (context: PageContext, answer: Answer) =>
  async (c: Context): Promise<Response> => {
    const visit = { context, c }
    const exit = await Effect.runPromiseExitWith(context.services)(
      run(answer, visit).pipe(
        Effect.catch((error) => failed(visit, error)),
        Effect.withSpan("Console.page", { attributes: { route: c.req.routePath } })
      )
    )
    return Exit.isSuccess(exit) ? exit.value : Effect.runPromiseWith(context.services)(broken(visit, exit.cause))
  }
