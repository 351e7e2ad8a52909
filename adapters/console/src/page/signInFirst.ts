/** What somebody without a session gets: the sign-in page, the way back, and what they typed. */
import { given } from "@portolan/domain"
import { Effect, Option } from "effect"
import type { Context } from "hono"
import { words } from "../messages/words.ts"
import { signInPage } from "../pages/signIn/view.ts"
import * as Components from "./components.ts"
import * as Fields from "./fields.ts"
import { isTyped, sentForm } from "./formAgain.ts"
import * as Http from "./http.ts"
import { isFragment, redirect, sendGuest } from "./send.ts"
import { type FormAddress, seal, whoOf } from "./typedText.ts"
import type { Visit } from "./visit.ts"

const pathOf = (url: string): string => (URL.canParse(url) ? new URL(url).pathname + new URL(url).search : "")

/** The address of the page that the person looks at. */
const shownPath = (c: Context): string =>
  isFragment(c) ? pathOf(c.req.header("HX-Current-URL") ?? "") : c.req.path + new URL(c.req.url).search

/** Sends the person to the sign-in page and back here afterwards. */
const toSignIn = (c: Context, shown: string): Response =>
  redirect(c, shown === "" || shown === "/" ? "/sign-in" : `/sign-in?return=${encodeURIComponent(shown)}`)

/**
 * Answers a request without a session. A page is come back to. A form that was sent is sealed into the sign-in page and
 * comes back with what was typed; a search in it, as one types, leaves the page alone.
 */
export const signInFirst = Effect.fnUntraced(function* (visit: Visit, declared: FormAddress | undefined) {
  const { c, context } = visit
  if (c.req.method !== "POST") return toSignIn(c, shownPath(c))
  if (isFragment(c)) return c.body(null, 403)
  const form = yield* sentForm(visit, declared)
  if (Option.isNone(form) || !isTyped(form.value))
    return toSignIn(c, Option.match(form, { onNone: () => "", onSome: ({ shownAt }) => shownAt.path }))
  const { action, fields, shownAt } = form.value
  const typed = yield* seal(context, { action, shownAt, fields: [...fields], ...given({ who: whoOf(c) }) })
  const said = Option.isSome(typed) ? words.page.textWaits : words.page.textTooLong
  return sendGuest(
    visit,
    signInPage({
      demo: context.demoSignIn,
      failure: Components.notice("wait", words.page.sessionEnded, said),
      passwordChanged: false,
      state: Fields.blank,
      status: 403,
      target: Http.localPath(shownAt.sent === undefined ? shownAt.path : undefined),
      ...given({ typed: Option.getOrUndefined(typed) })
    })
  )
})
