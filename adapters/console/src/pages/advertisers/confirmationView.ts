/** The page that compares an account with an advertiser before they are linked. */
import type { Connections } from "@portolan/ports"
import type { DateTime } from "effect"
import * as Components from "../../page/components.ts"
import type { Status } from "../../page/errors.ts"
import { html, isolateText } from "../../page/html.ts"
import * as Labels from "../../page/labels.ts"
import type { MemberPage } from "../../page/send.ts"
import { type Available, obstacles, path } from "./card.ts"
import { advertiserFacts } from "./facts.ts"

/** What the page before an advertiser is linked shows. */
export interface ConfirmationPageModel {
  readonly all: ReadonlyArray<Available>
  readonly now: DateTime.Utc
  readonly one: Available
  readonly status: Status
  readonly view: Connections.ConnectionDetail
  readonly wrong: string | undefined
}

/** The page before an advertiser is linked. */
export const confirmationPage = ({ all, now, one, status, view, wrong }: ConfirmationPageModel): MemberPage => {
  const { account, company, connection } = view
  return {
    title: "Link an advertiser",
    section: "connections",
    status,
    body: html`
    ${Components.pageHead(html`Link ${isolateText(one.candidate.name)}?`, {
      crumbs: [...crumbs(view), { href: path(connection.id), label: "Advertisers" }]
    })}
    <section class="card form" aria-labelledby="compare"><h2 id="compare">Compare before you confirm</h2>
      <dl class="reasons"><div><dt>This account</dt><dd>${isolateText(account.name)} of ${isolateText(company.name)},
        ${Labels.marketplaceName(connection.marketplaceId)}</dd></div></dl>
      <p><strong>The advertiser: ${isolateText(one.candidate.name)}</strong></p>
      ${advertiserFacts(one.candidate, now)}
      ${obstacles(view, one, all)}
      <h3>What happens</h3>
      <ul><li>The advertiser is bound to this account and to no other one.</li>
        <li>The last 60 days are loaded; that takes 24 to 48 hours.</li>
        <li>It can be unlinked later. Linking and unlinking are on record, with your name.</li></ul>
      <form method="post" action="${path(connection.id)}/link">
        <input type="hidden" name="advertiser" value="${one.grantId}">
        <label class="tick"><input type="checkbox" name="confirmed" value="yes" required${
          wrong !== undefined && html` aria-invalid="true" aria-describedby="confirmed-error"`
        }> I have compared name and id. Advertiser
          ${one.candidate.key.externalId} belongs to this account.</label>
        ${wrong !== undefined && html`<p id="confirmed-error" class="error" role="alert">${wrong}</p>`}
        <div class="buttons"><button>Link it now</button>
          <a class="button secondary outline" href="${path(connection.id)}">Back to the list</a></div>
      </form></section>`
  }
}

/** The way to a connection. */
export const crumbs = ({ account, company, connection }: Connections.ConnectionDetail) => [
  { href: `/companies/${company.id}`, label: isolateText(company.name) },
  { href: `/accounts/${account.id}`, label: isolateText(account.name) },
  { href: `/connections/${connection.id}`, label: Labels.shortChannel(connection.channel) }
]
