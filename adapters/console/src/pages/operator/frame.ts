/** What the operators' pages have in common: who may see them, the frame, the tabs, and how their lists go on. */
import { Messages } from "@portolan/domain"
import { words } from "../../messages/words.ts"
import { html, type Markup } from "../../page/html.ts"

/** Where operators begin. */
export const home = "/operator"
/** The directory of advertisers. */
export const directory = `${home}/advertisers`
/** The organizations of the installation. */
export const organizations = `${home}/organizations`

/** Trouble at providers that many share. */
export const incidents = `${home}/incidents`

/** The secrets of the applications of this installation. */
export const applicationSecrets = `${home}/application-secrets`

const places = [
  ["waiting", home, Messages.text("page.awaited-advertisers")],
  ["advertisers", directory, words.shared.advertisers],
  ["organizations", organizations, words.operator.organizations],
  ["incidents", incidents, words.operator.incidents],
  ["application-secrets", applicationSecrets, words.applicationSecrets.title]
] as const

/** Leads from one of the operators' lists to the others. */
export const tabs = (here: (typeof places)[number][0]): Markup =>
  html`<nav class="tabs" aria-label="${words.page.operator}"><ul>${places.map(
    ([place, href, label]) =>
      html`<li><a href="${href}"${place === here && html` aria-current="page"`}>${label}</a></li>`
  )}</ul></nav>`
