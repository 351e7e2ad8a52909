/** Who did something, in the audit log. */
import type { Actor } from "@portolan/domain"
import { words } from "../../messages/words.ts"
import { html, isolateText, type Markup } from "../../page/html.ts"

/** Names an actor, and says what they are where that is no person. */
export const who = (actor: Actor.Actor): Markup => {
  switch (actor._tag) {
    case "Person":
      return isolateText(actor.name)
    case "ApiKey":
      return html`${isolateText(actor.name)} <span class="muted">${words.audit.byApiKey}</span>`
    case "Guest":
      return words.audit.byGuest
    case "Operator":
      return html`${isolateText(actor.name)} <span class="muted">${words.audit.byOperator}</span>`
    case "System":
      return html`${words.audit.bySoftware} <span class="muted">(${actor.part})</span>`
  }
}
