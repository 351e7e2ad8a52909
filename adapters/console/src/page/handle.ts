/** From a request to an effect and back: routes as rows, and what becomes of an effect that fails. */
import { Access, given } from "@portolan/domain"
import { serverSpan, subjectOf, TokenUse } from "@portolan/ports"
import { Cause, Effect, Exit, Option } from "effect"
import type { Context } from "hono"
import type { PageContext } from "./context.ts"
import { defect, type ErrorPage, explain } from "./errorPage.ts"
import type { PageError } from "./errors.ts"
import { isTyped, refusedForm, sentForm, withTyped } from "./formAgain.ts"
import { errorNotice, isFragment, redirect, sendDefect, sendError } from "./send.ts"
import { signInFirst } from "./signInFirst.ts"
import type { FormAddress } from "./typedText.ts"
import { type CallerVisit, callerVisit, type MemberVisit, memberVisit, organizationOf, type Visit } from "./visit.ts"

/** An answer to a request; its failures become pages. */
export type Answer<V extends Visit = Visit> = (visit: V) => Response | Effect.Effect<Response, PageError>

/** One address, the method that it is asked with, and the answer. */
export interface Route {
  readonly method: "get" | "post"
  readonly path: string
  readonly answer: Answer
  /** Where the form that is sent here is shown; left out: on the page that the browser says it comes from. */
  readonly form?: FormAddress
}

/** The routes of a room. Where two fit an address, the first one counts. */
export type Routes = ReadonlyArray<Route>

/** A page that is read. */
export const get = (path: string, answer: Answer): Route => ({ method: "get", path, answer })

/**
 * A form that is sent. `form`: the page that shows it, with the parameters of `path`; or what shows it again when the
 * form is sent there.
 */
export const post = (path: string, answer: Answer, form?: string | Required<FormAddress>): Route => ({
  method: "post",
  path,
  answer,
  ...given({ form: typeof form === "string" ? { path: form } : form })
})

const run = <V extends Visit>(answer: Answer<V>, visit: V): Effect.Effect<Response, PageError> =>
  Effect.suspend(() => {
    const answered = answer(visit)
    return answered instanceof Response ? Effect.succeed(answered) : answered
  })

/** Tokens that a page or a form reads are read by its member, for its address. */
const asUse = <A, E>({ c, me }: CallerVisit, answer: Effect.Effect<A, E>): Effect.Effect<A, E> =>
  TokenUse.using({ actor: me.actor, operation: `${c.req.method} ${c.req.routePath}` }, answer)

/** An answer for members, with what their header shows. Others are led to the sign-in page. */
export const asMember =
  (answer: Answer<MemberVisit>): Answer =>
  (visit) =>
    Effect.flatMap(memberVisit(visit), (member) => asUse(member, run(answer, member)))

/** An answer for members whose role allows an action; others are refused with a page that says who may. */
export const asPermitted = (action: Access.Action, answer: Answer<MemberVisit>): Answer =>
  asMember((visit) => Effect.flatMap(Effect.fromResult(Access.check(visit.me, action)), () => run(answer, visit)))

/** An answer for members that shows no header: a redirect or a fragment. */
export const asCaller =
  (answer: Answer<CallerVisit>): Answer =>
  (visit) =>
    Effect.flatMap(callerVisit(visit), (caller) => asUse(caller, run(answer, caller)))

/** The form that was sent in vain, with what was typed and why; nothing where no page shows it. */
const formRefused = Effect.fnUntraced(function* (visit: Visit, page: ErrorPage, form: FormAddress | undefined) {
  const sent = Option.filter(isFragment(visit.c) ? Option.none() : yield* sentForm(visit, form), isTyped)
  return Option.isNone(sent)
    ? Option.none<Response>()
    : yield* refusedForm(visit, sent.value, errorNotice(page), page.status)
})

const failed = Effect.fnUntraced(function* (visit: Visit, error: PageError, form: FormAddress | undefined) {
  if (error._tag === "NotSignedIn") return yield* signInFirst(visit, form)
  if (error._tag === "NoOrganization") return redirect(visit.c, "/organizations/new")
  if (error._tag === "OrganizationClosing") return redirect(visit.c, "/organizations")
  const page = explain(error)
  if (page.status >= 500) yield* Effect.logWarning("a page could not be served", error.message)
  const again = yield* formRefused(visit, page, form)
  return Option.isSome(again) ? again.value : yield* sendError(visit, page)
})

const broken = Effect.fnUntraced(function* (visit: Visit, cause: Cause.Cause<unknown>, form: FormAddress | undefined) {
  const incident = (yield* visit.context.secrets.id("event")).slice(-10)
  const route = visit.c.req.routePath
  const subject = subjectOf([{ organizationId: visit.c.get(organizationOf) }, ...Object.values(visit.c.req.param())])
  yield* Effect.logError("a page broke", cause).pipe(Effect.annotateLogs({ incident, route, ...subject }))
  const page = defect(incident)
  // The page of the form may be what is broken.
  const again = yield* Effect.exit(formRefused(visit, page, form))
  return Exit.isSuccess(again) && Option.isSome(again.value) ? again.value.value : sendDefect(visit, page)
})

/**
 * A handler of Hono: runs an answer with the console's own services; failures and defects become pages. `form`: where
 * the form that is sent here is shown.
 */
export const handle =
  (context: PageContext, answer: Answer, form?: FormAddress) =>
  async (c: Context): Promise<Response> => {
    const visit = { context, c }
    const exit = await Effect.runPromiseExitWith(context.services)(
      run(answer, visit).pipe(
        Effect.flatMap((response) => withTyped(visit, response)),
        Effect.catch((error) => failed(visit, error, form)),
        serverSpan(c.req.raw, c.req.routePath)
      )
    )
    return Exit.isSuccess(exit) ? exit.value : Effect.runPromiseWith(context.services)(broken(visit, exit.cause, form))
  }
