/**
 * A form that was sent in vain is shown again with what was typed: after a refusal, and after a sign-in when the
 * session had ended. The page is asked for as a browser would, then filled (`formMarkup.ts`), so every form has this.
 */
import { Effect, Option } from "effect"
import type { Context } from "hono"
import { words } from "../messages/words.ts"
import * as Components from "./components.ts"
import type { Status } from "./errors.ts"
import { fill } from "./formMarkup.ts"
import { html, type Markup } from "./html.ts"
import * as Http from "./http.ts"
import { sendMember } from "./send.ts"
import { type FormAddress, withoutSecrets } from "./typedText.ts"
import { memberVisit, type Visit } from "./visit.ts"

/** Marks a request of the console to itself; a failure of such a one shows no form again. */
const ownHeader = "portolan-form-again"

/** A form that was sent. */
export interface SentForm {
  /** The path that it was sent to. */
  readonly action: string
  readonly shownAt: FormAddress
  readonly fields: Http.Form
}

const pathAndQuery = (url: string): string => {
  if (!URL.canParse(url)) return ""
  const { pathname, search } = new URL(url)
  return pathname + search
}

/** The page of this console that the form was on, as the browser says it; empty when it says none. */
const pageBefore = ({ c, context }: Visit): string => {
  const url = c.req.header("HX-Current-URL") ?? c.req.header("Referer") ?? ""
  if (!URL.canParse(url) || new URL(url).origin !== new URL(context.origin).origin) return ""
  const path = Http.localPath(pathAndQuery(url))
  return path.startsWith("/callback/") ? "" : path
}

/** An address of a route with the parameters of a request. */
const resolved = (c: Context, pattern: string): string =>
  pattern.replace(/:([a-z]+)/g, (_whole, name: string) => encodeURIComponent(c.req.param(name) ?? ""))

/** Where the form of a request is shown. `declared`: what its route says. */
const shownAtOf = (visit: Visit, declared: FormAddress | undefined): FormAddress => {
  const before = pageBefore(visit)
  if (declared === undefined) return { path: before === "" ? "/companies" : before }
  const path = resolved(visit.c, declared.path)
  if (declared.sent !== undefined) return { ...declared, path }
  return { path: before.split("?")[0] === path ? before : path }
}

/** The form that a request has; nothing for a request of the console itself, or without a form. */
export const sentForm = Effect.fnUntraced(function* (visit: Visit, declared: FormAddress | undefined) {
  const { c } = visit
  if (c.req.method !== "POST" || c.req.header(ownHeader) !== undefined) return Option.none<SentForm>()
  const fields = yield* Effect.orElseSucceed(Http.readForm(c), (): Http.Form => new Map())
  const sent: SentForm = { action: c.req.path, shownAt: shownAtOf(visit, declared), fields: withoutSecrets(fields) }
  return Option.some(sent)
})

/** Whether somebody may have typed something into it. */
export const isTyped = ({ fields }: SentForm): boolean =>
  [...fields.values()].some((values) => values.some((value) => value.trim() !== ""))

/** The headers of a request of the console to itself: who asks stays the same. */
const headersOf = ({ c, context }: Visit, cookie: string | undefined): Headers => {
  const headers = new Headers(c.req.raw.headers)
  for (const name of ["content-length", "content-type", "transfer-encoding", "if-none-match"]) headers.delete(name)
  const own = Array.from(headers.keys(), String).filter((name) => name.startsWith("hx-"))
  for (const name of own) headers.delete(name)
  headers.set(ownHeader, "1")
  headers.set("origin", context.origin)
  if (cookie !== undefined) headers.set("cookie", cookie)
  return headers
}

const bodyOf = ({ fields, shownAt }: SentForm): URLSearchParams => {
  const body = new URLSearchParams()
  for (const [name, values] of fields) for (const value of values) body.append(name, value)
  for (const [name, value] of Object.entries(shownAt.sent ?? {})) body.set(name, value)
  return body
}

/** The page of a form; nothing when it cannot be shown, or is no page. */
const pageOf = Effect.fnUntraced(function* (visit: Visit, form: SentForm, cookie?: string) {
  const url = new URL(form.shownAt.path, visit.context.origin)
  const headers = headersOf(visit, cookie)
  const request =
    form.shownAt.sent === undefined
      ? new Request(url, { headers })
      : new Request(url, { headers, method: "POST", body: bodyOf(form) })
  const response = yield* Effect.promise(() => visit.context.open(request))
  const isPage = response.status === 200 && (response.headers.get("content-type") ?? "").startsWith("text/html")
  return isPage ? Option.some({ response, page: yield* Effect.promise(() => response.text()) }) : Option.none()
})

const withNotice = (page: string, notice: Markup): string =>
  page.replace(/<main\b[^>]*>/, (start) => `${start}${notice.toString()}`)

const sendAs = (from: Response, page: string, status: number): Response => {
  const headers = new Headers(from.headers)
  headers.delete("content-length")
  return new Response(page, { status, headers })
}

/** The page of a form with what was typed and why it was refused; nothing when its page has no such form. */
export const refusedForm = Effect.fnUntraced(function* (visit: Visit, form: SentForm, notice: Markup, status: Status) {
  const found = yield* pageOf(visit, form)
  if (Option.isNone(found)) return Option.none<Response>()
  const { page, response } = found.value
  const filled = form.shownAt.sent === undefined ? fill(page, form.action, form.fields) : page
  return filled === undefined
    ? Option.none<Response>()
    : Option.some(sendAs(response, withNotice(filled, notice), status))
})

const isMachineText = (name: string, value: string): boolean =>
  name === "key" || name === "reference" || value.trim() === "" || /^[a-z]{2,5}_[0-9A-Za-z]{26}$/.test(value)

/** What was typed, to be copied, where the form cannot be shown any more. */
const typedList = ({ fields }: SentForm): Markup =>
  html`<dl class="facts">${[...fields].flatMap(([name, values]) =>
    values
      .filter((value) => !isMachineText(name, value))
      .map((value) => html`<div><dt>${name}</dt><dd class="typed">${value}</dd></div>`)
  )}</dl>`

/**
 * The page of a form after a sign-in, with what was typed and a sentence that nothing was saved. `cookie`: the session
 * that has just begun.
 */
export const formAfterSignIn = Effect.fnUntraced(function* (visit: Visit, form: SentForm, cookie: string) {
  const notice = Components.notice("info", words.page.nothingSaved, words.page.sendAgain)
  const found = yield* pageOf(visit, form, cookie)
  if (Option.isSome(found)) {
    const { page, response } = found.value
    const filled = form.shownAt.sent === undefined ? fill(page, form.action, form.fields) : undefined
    return Option.some(sendAs(response, withNotice(filled ?? page, notice), 200))
  }
  const headers = headersOf(visit, cookie)
  return yield* Effect.option(
    Effect.flatMap(memberVisit(visit, headers), (member) =>
      sendMember(member, {
        title: words.page.whatYouTyped,
        body: html`${Components.pageHead(words.page.whatYouTyped, { lead: words.page.formGone })}
          ${Components.notice("info", words.page.nothingSaved)}${typedList(form)}`
      })
    )
  )
})

/** The statuses of a page that shows a refused form again. */
const refusals = new Set([409, 422])

/** An answer that shows a form again because it was refused; it keeps everything that was typed into that form. */
export const withTyped = Effect.fnUntraced(function* (visit: Visit, response: Response) {
  const isPage = (response.headers.get("content-type") ?? "").startsWith("text/html")
  if (!isPage || !refusals.has(response.status)) return response
  const form = yield* sentForm(visit, undefined)
  if (Option.isNone(form)) return response
  const page = yield* Effect.promise(() => response.text())
  const filled = fill(page, form.value.action, form.value.fields)
  return sendAs(response, filled ?? page, response.status)
})
