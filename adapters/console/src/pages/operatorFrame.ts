/** What the operators' pages have in common: who may see them, the frame, the tabs, and how their lists go on. */
import { Effect, Option } from "effect"
import type { Context } from "hono"
import type { PageContext } from "../page/context.ts"
import { html, type Markup } from "../page/html.ts"
import * as Layout from "../page/layout.ts"
import type { Status } from "../page/errors.ts"
import * as Http from "../page/http.ts"

const pageSize = 25

/** Where operators begin. */
export const home = "/operator"
/** The directory of advertisers. */
export const directory = `${home}/advertisers`
/** The organizations of the installation. */
export const organizations = `${home}/organizations`

const places = [
  ["waiting", home, "What customers wait for"],
  ["advertisers", directory, "Advertisers"],
  ["organizations", organizations, "Organizations"]
] as const

/** Leads from one of the operators' lists to the others. */
export const tabs = (here: (typeof places)[number][0]): Markup =>
  html`<nav class="tabs" aria-label="Operator"><ul>${places.map(
    ([place, href, label]) =>
      html`<li><a href="${href}"${place === here && html` aria-current="page"`}>${label}</a></li>`
  )}</ul></nav>`

/** A page for an operator: in his own organization's frame when he has one, else in a plain one. */
export const send = Effect.fnUntraced(function* (
  context: PageContext,
  c: Context,
  title: string,
  content: Markup,
  status: Status = 200
) {
  const me = yield* Effect.option(Http.member(context, c))
  return Http.send(
    c,
    Option.isSome(me)
      ? Layout.memberPage(context, me.value, title, "operator", content)
      : Layout.guestPage(context, title, content),
    status
  )
})

/** The operator who is calling; anybody else is refused, before anything is read. */
export const operator = (context: PageContext, c: Context) => context.callers.operator(c.req.raw.headers)

/** Where a list goes on. */
export const cursorOf = (c: Context) => (c.req.query("cursor") ?? "").slice(0, 2000)

/** One page of a list. */
export const pageOf = (cursor: string) => ({ limit: pageSize, ...(cursor === "" ? {} : { cursor }) })
