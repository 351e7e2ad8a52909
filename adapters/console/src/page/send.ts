/** How an answer is sent: a page for a member or for a guest, a fragment, or a failure that is explained. */
import { Effect, Option } from "effect"
import type { Context } from "hono"
import { words } from "../messages/words.ts"
import { notice, reasons } from "./components.ts"
import type { ErrorPage } from "./errorPage.ts"
import type { Status } from "./errors.ts"
import { hasFields } from "./formMarkup.ts"
import { html, type Markup } from "./html.ts"
import * as Layout from "./layout.ts"
import { noteWho } from "./typedText.ts"
import { type MemberVisit, memberVisit, type Visit } from "./visit.ts"

/** A page without its frame. */
export interface Page {
  readonly title: string
  readonly body: Markup
  /** 200 when left out. */
  readonly status?: Status
}

/** A page of a member, with the entry of the navigation that is lit. */
export interface MemberPage extends Page {
  readonly section?: Layout.Section
}

/**
 * Whether the browser may keep a page: one with a form, so that the back button finds what was typed, unless it shows
 * something secret to be copied. `no-store` makes browsers forget both page and fields.
 *
 * @see https://web.dev/articles/bfcache
 */
const maySurvive = (markup: Markup): boolean => {
  const page = markup.toString()
  return hasFields(page) && !page.includes("data-copy=")
}

/** Sends markup as it is: a fragment, or a whole document. */
export const sendMarkup = (c: Context, markup: Markup, status: Status = 200): Response =>
  c.html(markup.toString(), status)

/** Sends a page in the member's frame. */
export const sendMember = ({ c, context, me, waiting }: MemberVisit, page: MemberPage): Effect.Effect<Response> =>
  Effect.map(waiting, (quantity) => {
    noteWho({ c, context, me })
    const markup = Layout.memberPage(context, me, page, quantity)
    if (maySurvive(markup)) c.header("Cache-Control", "private,no-cache")
    return sendMarkup(c, markup, page.status)
  })

/** Whether a page asks for a part of itself (htmx). */
export const isFragment = (c: Context): boolean => c.req.header("HX-Request") === "true"

/** Sends the person to another page. A fragment tells the whole page to go there. */
export const redirect = (c: Context, target: string): Response =>
  isFragment(c) ? c.body(null, 204, { "HX-Redirect": target }) : c.redirect(target, 303)

/** Sends a page in the plain frame: no navigation, nothing that leads elsewhere. */
export const sendGuest = ({ c, context }: Visit, page: Page): Response =>
  sendMarkup(c, Layout.guestPage(context, page), page.status)

/** Sends a page in the member's frame to members, in the plain one to others. */
export const sendEither = (visit: Visit, page: MemberPage): Effect.Effect<Response> =>
  Effect.flatMap(
    Effect.option(memberVisit(visit)),
    Option.match({ onNone: () => Effect.succeed(sendGuest(visit, page)), onSome: (member) => sendMember(member, page) })
  )

/** What a page of a failure says. `home`: where it leads; absent for guests. */
const errorBody = ({ nextStep, reason, status, title, whoActs }: ErrorPage, home?: string): Markup =>
  html`<section class="trouble">
  <p class="code" aria-hidden="true">${status}</p><h1>${title}</h1>
  ${reasons({ reason, nextStep }, whoActs)}
  ${home !== undefined && html`<p><a class="button secondary" href="${home}">${words.shared.goToCompanies}</a></p>`}
</section>`

/** A failure as a part of a page: what happened, who must act, what next. */
export const errorNotice = ({ nextStep, reason, title, whoActs }: ErrorPage): Markup =>
  notice("act", title, reasons({ reason, nextStep }, whoActs))

/** Sends a failure as a page, with the member's header when somebody is signed in. */
export const sendError = (visit: Visit, { title, status, ...error }: ErrorPage): Effect.Effect<Response> =>
  Effect.flatMap(
    Effect.option(memberVisit(visit)),
    Option.match({
      onNone: () => Effect.succeed(sendGuest(visit, { title, status, body: errorBody({ title, status, ...error }) })),
      onSome: (member) =>
        sendMember(member, { title, status, body: errorBody({ title, status, ...error }, "/companies") })
    })
  )

/** Sends the page of a defect, to members and guests alike: who is calling may be what cannot be found out. */
export const sendDefect = (visit: Visit, error: ErrorPage): Response =>
  sendGuest(visit, { title: words.page.broke, status: error.status, body: errorBody(error) })
