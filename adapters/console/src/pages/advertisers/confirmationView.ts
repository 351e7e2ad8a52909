/** The page that compares an account with an advertiser before they are linked. */
import type { Connections } from "@portolan/ports"
import type { DateTime } from "effect"
import { words } from "../../messages/words.ts"
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
    title: words.shared.linkAdvertiser,
    section: "connections",
    status,
    body: html`
    ${Components.pageHead(words.advertisers.linkQuestion({ name: isolateText(one.candidate.name) }), {
      crumbs: [...crumbs(view), { href: path(connection.id), label: words.shared.advertisers }]
    })}
    <section class="card form" aria-labelledby="compare"><h2 id="compare">${words.advertisers.compare}</h2>
      <dl class="reasons"><div><dt>${words.advertisers.thisAccount}</dt><dd>${words.advertisers.accountOf({
        account: isolateText(account.name),
        company: isolateText(company.name),
        marketplace: Labels.marketplaceName(connection.marketplaceId)
      })}</dd></div></dl>
      <p><strong>${words.advertisers.theAdvertiser({ name: isolateText(one.candidate.name) })}</strong></p>
      ${advertiserFacts(one.candidate, now)}
      ${obstacles(view, one, all)}
      <h3>${words.shared.whatHappens}</h3>
      <ul><li>${words.advertisers.boundToAccount}</li>
        <li>${words.advertisers.loading}</li>
        <li>${words.advertisers.unlinkLater}</li></ul>
      <form method="post" action="${path(connection.id)}/link">
        <input type="hidden" name="advertiser" value="${one.grantId}">
        <label class="tick"><input type="checkbox" name="confirmed" value="yes" required${
          wrong !== undefined && html` aria-invalid="true" aria-describedby="confirmed-error"`
        }> ${words.advertisers.compared({ id: one.candidate.key.externalId })}</label>
        ${wrong !== undefined && html`<p id="confirmed-error" class="error" role="alert">${wrong}</p>`}
        <div class="buttons"><button>${words.advertisers.linkNow}</button>
          <a class="button secondary outline" href="${path(connection.id)}">${words.advertisers.backToList}</a></div>
      </form></section>`
  }
}

/** The way to a connection. */
export const crumbs = ({ account, company, connection }: Connections.ConnectionDetail) => [
  { href: `/companies/${company.id}`, label: isolateText(company.name) },
  { href: `/accounts/${account.id}`, label: isolateText(account.name) },
  { href: `/connections/${connection.id}`, label: Labels.shortChannel(connection.channel) }
]
