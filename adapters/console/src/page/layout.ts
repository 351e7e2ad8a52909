/** The frame around every page: header, navigation, footer; one for members and one for guests. */
import { Access } from "@portolan/domain"
import type { Callers } from "@portolan/ports"
import { words } from "../messages/words.ts"
import type { PageContext } from "./context.ts"
import { type Content, html, type Markup, isolateText } from "./html.ts"

/** The member a page is for. */
export type Me = Callers.NamedCaller

/** How far the header counts authorizations that wait for a choice; more are shown as such. */
export const waitingLimit = 9

/** Which entry of the navigation is lit. */
export type Section = "companies" | "pending" | "connections" | "renewals" | "requests" | "operator"

/** A wind rose, as the old sea charts had it. */
export const mark: Markup = html`<svg class="mark" viewBox="-16 -16 32 32" aria-hidden="true" focusable="false">
  <circle class="ring" r="11.5"/><path class="minor"
    d="M6-6 1.2-3 0 0 3-1.2ZM6 6 3 1.2 0 0 1.2 3ZM-6 6-1.2 3 0 0-3 1.2ZM-6-6-3-1.2 0 0-1.2-3Z"/>
  <path class="major" d="M0 14-2.4 2.4 0 0 2.4 2.4ZM14 0 2.4 2.4 0 0 2.4-2.4ZM-14 0-2.4-2.4 0 0-2.4 2.4Z"/>
  <path class="north" d="M0-14 2.4-2.4 0 0-2.4-2.4Z"/></svg>`

const head = (context: PageContext, title: string) => html`<meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <meta name="color-scheme" content="light dark">
  <meta name="robots" content="noindex">
  <meta name="htmx-config" content='{"includeIndicatorCSS":false,"history":false}'>
  <title>${title} · ${context.productName}</title>
  <link rel="icon" href="${context.assets.url["mark.svg"]}" type="image/svg+xml">
  <link rel="stylesheet" href="${context.assets.url["pico.css"]}">
  <link rel="stylesheet" href="${context.assets.url["console.css"]}">
  <script src="${context.assets.url["htmx.js"]}" defer></script>
  <script src="${context.assets.url["console.js"]}" defer></script>`

const entry = (href: string, label: string, isHere: boolean, badge: Content = "") =>
  html`<li><a href="${href}"${isHere && html` aria-current="page"`}>${label}${badge}</a></li>`

const waitingBadge = (waiting: number) => {
  const isMore = waiting > waitingLimit
  return (
    waiting > 0 &&
    html` <span class="count"><span aria-hidden="true">${isMore ? `${waitingLimit}+` : waiting}</span>
    <span class="sr-only">${
      isMore ? words.page.moreWaiting({ limit: waitingLimit }) : words.page.waiting({ quantity: waiting })
    }</span></span>`
  )
}

const initials = (name: string): string =>
  name
    .split(/\s+/)
    .slice(0, 2)
    .map((word) => Array.from(word)[0] ?? "")
    .join("")
    .toUpperCase()

/**
 * The main entries. A phone has no room for all of them in a line: there the button opens them as a popover, which
 * browsers announce, close on Escape and beside it, and keep in the order of the Tab key without a script. One that
 * knows no popovers shows the entries at once.
 */
const mainMenu = (
  me: Me,
  section: Section | undefined,
  waiting: number
) => html`<button type="button" class="menu-button"
    popovertarget="main-nav"><span class="menu-icon" aria-hidden="true"></span>${
      words.page.menu
    }${waitingBadge(waiting)}</button>
  <nav class="main-nav" id="main-nav" popover aria-label="${words.page.main}"><ul>
    ${entry("/companies", words.shared.companies, section === "companies")}
    ${entry("/pending", words.page.pending, section === "pending", waitingBadge(waiting))}
    ${entry("/connections", words.shared.connections, section === "connections")}
    ${entry("/renewals", words.renewals.title, section === "renewals")}
    ${entry("/requests", words.shared.requests, section === "requests")}
    ${me.operator && entry("/operator", words.page.operator, section === "operator")}
  </ul></nav>`

const settingsEntry = (href: string, label: string) => html`<li><a href="${href}">${label}</a></li>`

/** Who is signed in, and what belongs to the organization rather than to its accounts. */
const ownMenu = (context: PageContext, me: Me) => html`<details class="menu">
  <summary><span class="avatar" aria-hidden="true">${initials(me.name)}</span>
    <span class="who"><span class="organization">${isolateText(me.organizationName)}</span><span
      class="person">${isolateText(me.name)}</span></span></summary>
  <div class="menu-panel">
    <p><strong>${isolateText(me.name)}</strong><br>${isolateText(me.email)}<br><span
      class="muted">${words.shared.of({ who: me.role, organization: isolateText(me.organizationName) })}</span></p>
    <ul>
      ${settingsEntry("/settings", words.shared.organization)}
      ${me.accessScope._tag === "Everything" && settingsEntry("/members", words.shared.people)}
      ${Access.can(me, "manage-people") && settingsEntry("/api-keys", words.shared.apiKeys)}
      ${me.accessScope._tag === "Everything" && settingsEntry("/consents", words.consents.title)}
      ${Access.can(me, "administer") && settingsEntry("/audit", words.audit.title)}
      ${Access.can(me, "administer") && !context.mailer.sends && settingsEntry("/mailbox", words.page.mailbox)}
      ${settingsEntry("/mail-preferences", words.mailPreferences.title)}
      ${settingsEntry("/organizations", words.page.changeOrganization)}
    </ul>
    <form method="post" action="/sign-out"><button class="secondary outline">${words.shared.signOut}</button></form>
  </div>
</details>`

const memberHeader = (
  context: PageContext,
  me: Me,
  section: Section | undefined,
  waiting: number
) => html`<header class="top">
  <div class="wide bar">
    <a class="brand" href="/companies">${mark}<span>${context.productName}</span></a>
    ${mainMenu(me, section, waiting)}
    ${ownMenu(context, me)}
  </div>
</header>`

const footer = (context: PageContext) => html`<footer class="bottom"><div class="wide">
  <span>${words.page.about({ product: context.productName })}</span> <a href="/docs">${words.page.apiReference}</a>
</div></footer>`

/** A page for a member. `waiting`: authorizations that wait for a choice, counted to one after `waitingLimit`. */
export const memberPage = (
  context: PageContext,
  me: Me,
  { body, section, title }: { readonly title: string; readonly body: Markup; readonly section?: Section },
  waiting: number
): Markup =>
  html`<!doctype html><html lang="${words.page.language}"><head>${head(context, title)}</head><body>
<a class="skip" href="#content">${words.page.skip}</a>
${memberHeader(context, me, section, waiting)}
<main id="content" class="wide">${body}</main>
${footer(context)}</body></html>`

/** A page for somebody who is not signed in: no navigation, one column, nothing that leads elsewhere. */
export const guestPage = (
  context: PageContext,
  { body, title }: { readonly title: string; readonly body: Markup }
): Markup =>
  html`<!doctype html><html lang="${words.page.language}"><head>${head(context, title)}</head><body class="guest">
<header class="guest-top"><span class="brand">${mark}<span>${context.productName}</span></span></header>
<main id="content" class="narrow">${body}</main>
<footer class="bottom"><div class="narrow"><span>${words.page.about({ product: context.productName })}</span>
  </div></footer></body></html>`
