/** The page of mails that were kept instead of sent. */
import type { Mailer, Repository } from "@portolan/ports"
import type { DateTime } from "effect"
import * as Components from "../../page/components.ts"
import type { PageContext } from "../../page/context.ts"
import { html, isolateText, type Markup } from "../../page/html.ts"
import type { MemberPage } from "../../page/send.ts"
import { emailLinks, emailView } from "./emailView.ts"

const item = (mail: Mailer.KeptMail, origin: string, now: DateTime.Utc): Markup => html`<li class="card"><details>
  <summary><strong>${mail.emailMessage.subject}</strong><br><span class="muted">to ${
    mail.to.name !== "" && html`${isolateText(mail.to.name)}, `
  }${isolateText(mail.to.email)} ·
    ${Components.when(mail.keptAt, now)}</span></summary>
  ${
    mail.replyTo !== undefined &&
    html`<p class="muted">Answers go to ${isolateText(mail.replyTo.name)}, ${isolateText(mail.replyTo.email)}.</p>`
  }
  ${emailLinks(mail.emailMessage, origin)}
  ${emailView(mail.emailMessage, origin, mail.emailMessage.subject)}
</details></li>`

const why = (context: PageContext): Markup =>
  context.mailer.sends
    ? Components.notice(
        "info",
        "Mails are really sent",
        "This installation has a mail server. Only mails from before it was set up are shown here."
      )
    : Components.notice(
        "wait",
        "These mails were not sent",
        "This installation has no mail server, so every mail is kept here instead. Whoever it is for " +
          "does not get it: open it and pass its link on by hand, or ask your operator to set up a mail server."
      )

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
  title: "Mailbox (not sent)",
  body: html`
    ${Components.pageHead("Mailbox (not sent)", {
      lead:
        box === "installation"
          ? "Mails of this installation: sign-ups, and notices to support."
          : "Mails of your organization: requests to connect, invitations and notices."
    })}
    ${why(context)}
    ${
      seesBoth &&
      html`<p>${
        box === "installation"
          ? html`<a href="/mailbox">Mails of your organization</a>`
          : html`<a href="/mailbox?box=installation">Mails of this installation</a>`
      }</p>`
    }
    ${
      page.items.length === 0
        ? Components.empty("No mails", "Nothing has been kept yet.")
        : html`<ol class="mails">${page.items.map((mail) => item(mail, context.origin, now))}</ol>`
    }
    ${Components.pagination("/mailbox", { box: box === "installation" ? box : "", cursor }, page)}`
})
