/** The page of mails that were kept instead of sent. */
import type { Mailer, Repository } from "@portolan/ports"
import type { DateTime } from "effect"
import { words } from "../../messages/words.ts"
import * as Components from "../../page/components.ts"
import type { PageContext } from "../../page/context.ts"
import { html, isolateText, type Markup } from "../../page/html.ts"
import type { MemberPage } from "../../page/send.ts"
import { emailLinks, emailView } from "./emailView.ts"

const { mailbox } = words

const addressee = ({ email, name }: Mailer.KeptMail["to"]): Markup =>
  name === ""
    ? words.shared.to({ recipient: isolateText(email) })
    : mailbox.toNamed({ email: isolateText(email), name: isolateText(name) })

const item = (mail: Mailer.KeptMail, origin: string, now: DateTime.Utc): Markup => html`<li class="card"><details>
  <summary><strong>${mail.emailMessage.subject}</strong><br><span class="muted">${addressee(mail.to)} ·
    ${Components.when(mail.keptAt, now)}</span></summary>
  ${
    mail.replyTo !== undefined &&
    html`<p class="muted">${mailbox.answersGoTo({
      email: isolateText(mail.replyTo.email),
      name: isolateText(mail.replyTo.name)
    })}</p>`
  }
  ${emailLinks(mail.emailMessage, origin)}
  ${emailView(mail.emailMessage, origin, mail.emailMessage.subject)}
</details></li>`

const why = (context: PageContext): Markup =>
  context.mailer.sends
    ? Components.notice("info", mailbox.mailsSent, mailbox.mailsBefore)
    : Components.notice("wait", mailbox.notSent, mailbox.whyKept)

/** Whose mails: the organization's, or the installation's. */
export type Box = "organization" | "installation"

/** What the mailbox shows. */
export interface MailboxPageModel {
  readonly box: Box
  readonly page: Repository.Page<Mailer.KeptMail>
  readonly cursor: string
  readonly now: DateTime.Utc
  /** Whether the visitor may open the other mailbox too. */
  readonly seesBoth: boolean
  readonly context: PageContext
}

/** Mails that were kept instead of sent. */
export const mailboxPage = ({ box, context, cursor, now, page, seesBoth }: MailboxPageModel): MemberPage => ({
  title: words.page.mailbox,
  body: html`
    ${Components.pageHead(words.page.mailbox, {
      lead: box === "installation" ? mailbox.leadInstallation : mailbox.leadOrganization
    })}
    ${why(context)}
    ${
      seesBoth &&
      html`<p>${
        box === "installation"
          ? html`<a href="/mailbox">${mailbox.organizationMails}</a>`
          : html`<a href="/mailbox?box=installation">${mailbox.installationMails}</a>`
      }</p>`
    }
    ${
      page.items.length === 0
        ? Components.empty(mailbox.noMails, mailbox.nothingKept)
        : html`<ol class="mails">${page.items.map((mail) => item(mail, context.origin, now))}</ol>`
    }
    ${Components.pagination("/mailbox", { box: box === "installation" ? box : "", cursor }, page)}`
})
