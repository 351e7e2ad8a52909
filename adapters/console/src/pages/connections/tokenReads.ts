/** Who read the tokens of a connection's consent, and why. */
import { Actor } from "@portolan/domain"
import type { AuditLog } from "@portolan/ports"
import type { DateTime } from "effect"
import { words } from "../../messages/words.ts"
import * as Components from "../../page/components.ts"
import { html, isolateText, type Markup } from "../../page/html.ts"

/** The latest reads, in a section that is closed at first. */
export const tokenReads = (reads: ReadonlyArray<AuditLog.TokenRead>, now: DateTime.Utc): Markup =>
  html`<details class="card more later"><summary>${words.connections.tokenReads}</summary>
    <p class="muted">${reads.length === 0 ? words.connections.noTokenReads : words.connections.tokenReadsWhy}</p>
    ${
      reads.length > 0 &&
      html`<ol class="timeline">${reads.map(
        ({ actor, at, operation }) => html`<li class="info"><strong>${isolateText(Actor.describe(actor))}</strong>
      <span><code class="wrap">${operation}</code></span>
      <span class="muted">${Components.when(at, now)}</span></li>`
      )}</ol>`
    }</details>`
