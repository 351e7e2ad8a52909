/** The plan of a main account: what each person does at the provider, and sending it to them (rules S-R4, S-R5). */
import type { Consolidations } from "@portolan/ports"
import { Redacted } from "effect"
import { words } from "../../messages/words.ts"
import * as Components from "../../page/components.ts"
import * as Fields from "../../page/fields.ts"
import * as Format from "../../page/format.ts"
import { type Content, html, isolateText, type Markup, nothing } from "../../page/html.ts"

const { mainAccount, shared } = words

/** A main account on its page: what is known of it, and whether the person may change it. */
export interface Shown {
  /** Logins, accounts and the plan. */
  readonly view: Consolidations.ConsolidationView
  /** The address of the page. */
  readonly base: string
  readonly mayAct: boolean
}

/** A form with nothing but hidden fields and one button. */
export const press = ({
  action,
  fields = {},
  label,
  tone = "small secondary outline"
}: {
  readonly action: string
  readonly fields?: { readonly [name: string]: string }
  readonly label: Content
  /** Classes of the button. */
  readonly tone?: string
}): Markup =>
  html`<form method="post" action="${action}" class="press">${Object.entries(fields).map(
    ([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`
  )}<button class="${tone}">${label}</button></form>`

const planStep = (
  step: Consolidations.ConsolidationView["plan"]["steps"][number],
  mainId: string,
  { base, mayAct }: Shown
): Markup => {
  const done = ({ account }: (typeof step.grants)[number]) =>
    press({
      action: `${base}/grant`,
      fields: { account: account.id, performer: step.login.id, login: mainId, permission: "edit" },
      label: mainAccount.done({ account: account.name })
    })
  return html`<li><h3>${isolateText(step.login.name)}</h3><ol class="lines">${step.lines.map(
    (line) => html`<li>${line}</li>`
  )}</ol>${mayAct && step.grants.map(done)}</li>`
}

const steps = (shown: Shown): Markup => {
  const { plan } = shown.view
  const { main } = plan
  if (main === undefined) {
    return html`<p>${mainAccount.fillIn}</p>`
  }
  if (plan.steps.length === 0) {
    return Components.notice("good", shared.nothingMissing, mainAccount.seesAll({ main: isolateText(main.name) }))
  }
  return html`<p>${mainAccount.eachSignsIn({ main: isolateText(main.name) })}</p>
    <ol class="plan">${plan.steps.map((step) => planStep(step, main.id, shown))}</ol>`
}

const seen = ({ account, permission, role }: Consolidations.ConsolidationView["plan"]["visible"][number]): Markup =>
  html`<li>${isolateText(account.name)} <span class="muted">${
    role === "administrator" ? mainAccount.administersIt : mainAccount.may({ permission })
  }</span></li>`

/**
 * What is to be done, what is seen already, and what cannot be planned.
 */
export const planSection = (shown: Shown): Markup => {
  const { consolidation, plan } = shown.view
  return html`<section class="card" aria-labelledby="plan">
  <h2 id="plan">${mainAccount.plan}</h2>
  ${steps(shown)}
  ${
    plan.visible.length > 0 &&
    html`<h3>${mainAccount.seenAlready}</h3>
    <ul class="plain">${plan.visible.map(seen)}</ul>`
  }
  ${
    plan.unsolved.length > 0 &&
    html`<h3>${mainAccount.notPlannable}</h3>${plan.unsolved.map(
      ({ account, detail, nextStep }) =>
        html`<p class="obstacle"><strong>${isolateText(account.name)}:</strong> ${detail} ${nextStep}</p>`
    )}`
  }
  ${plan.doubts.map(({ detail, nextStep }) => html`<p class="obstacle warns">${detail} ${nextStep}</p>`)}
  ${
    consolidation.accounts.length === 0 &&
    consolidation.credentials.length > 0 &&
    html`<p class="muted">${mainAccount.noAccount}</p>`
  }
</section>`
}

const addressPart = ({ address }: Consolidations.ConsolidationView): Markup => {
  if (address?.url === undefined) return nothing
  const url = Redacted.value(address.url)
  const mailed = address.share.mails.map(({ to }) => to).join(", ")
  return html`<label for="plan-address">${shared.addressToSend}</label>
    <div class="joined"><input id="plan-address" type="text" readonly value="${url}" autocomplete="off"
      spellcheck="false">
      <button type="button" class="secondary outline" data-copy="plan-address" hidden>${shared.copy}</button></div>
    <p id="plan-address-status" class="copy-status" role="status"></p>
    <p class="muted">${mainAccount.worksUntil({ at: Format.absolute(address.share.expiresAt) })} ${
      mailed !== "" && mainAccount.mailedTo({ emails: mailed })
    }
      <a href="${new URL(url).pathname}">${mainAccount.seeWhatTheySee}</a></p>`
}

/** The address that shows the plan to people without a sign-in, and mailing it. */
export const shareSection = ({ base, view }: Shown, mailed: Fields.FormState): Markup => {
  const isShared = view.address?.url !== undefined
  return html`<section class="card" aria-labelledby="share"><h2 id="share">${mainAccount.sendPlan}</h2>
    <p>${mainAccount.shareLead}</p>
    ${addressPart(view)}
    <div class="buttons">${press({
      action: `${base}/share`,
      label: isShared ? mainAccount.makeNewAddress : mainAccount.makeAddress,
      tone: isShared || view.plan.main === undefined ? "small secondary" : "small"
    })}
      ${isShared && press({ action: `${base}/unshare`, label: mainAccount.withdrawAddress })}</div>
    <details class="inline-form"${mailed.errors["to"] !== undefined && html` open`}>
      <summary class="button secondary outline small">${mainAccount.mailIt}</summary>
      <form method="post" action="${base}/mail">
        ${Fields.textField(mailed, "to", shared.emailAddress, { type: "email" })}
        <label for="field-message">${mainAccount.wordWithIt}</label>
        <textarea id="field-message" name="message" maxlength="1000">${mailed.values["message"] ?? ""}</textarea>
        <button class="small secondary">${mainAccount.send}</button></form></details></section>`
}
