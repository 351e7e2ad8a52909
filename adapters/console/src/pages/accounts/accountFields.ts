/**
 * What a new account is chosen from: kinds of account and countries, as far as this installation can connect them
 * (rule C2).
 */
import { AccountType, Channel, Marketplace, Provider } from "@portolan/domain"
import { words } from "../../messages/words.ts"
import type { PageContext } from "../../page/context.ts"
import * as Fields from "../../page/fields.ts"
import { type Content, html, type Markup } from "../../page/html.ts"
import * as Labels from "../../page/labels.ts"

/** Whether an account of this type can be connected here: a channel it cannot do without is configured. */
const isOffered = (context: PageContext, provider: Marketplace.Provider, type: AccountType.AccountType): boolean =>
  Channel.required(provider, type).some(({ channel, optional }) => !optional && context.offers(channel))

const typesOf = (context: PageContext, provider: Marketplace.Provider): ReadonlyArray<AccountType.AccountType> =>
  AccountType.all().filter((type) => isOffered(context, provider, type))

/** The types of account that can be connected here. */
const offeredTypes = (context: PageContext): ReadonlyArray<AccountType.AccountType> =>
  Provider.all().flatMap((provider) => typesOf(context, provider))

/** The regions with marketplaces of providers that can be connected here, or of one provider. */
const offeredRegions = (context: PageContext, provider?: Marketplace.Provider) => [
  ...new Set(
    Marketplace.all
      .filter(
        (one) => (provider === undefined || one.provider === provider) && typesOf(context, one.provider).length > 0
      )
      .map(({ region }) => region)
  )
]

/** Every country in a list, by region. */
export const marketplaceSelect = (
  context: PageContext,
  state: Fields.FormState,
  more: { readonly provider?: Marketplace.Provider; readonly without?: ReadonlyArray<string> } = {}
): Markup => html`<div class="field">
  <label for="field-marketplace">${words.shared.marketplace}</label>
  <select id="field-marketplace" name="marketplace" required${
    state.errors["marketplace"] !== undefined && html` aria-invalid="true" aria-describedby="field-marketplace-error"`
  }>
    <option value="">${words.accounts.chooseCountry}</option>
    ${offeredRegions(context, more.provider).map(
      (region) =>
        html`<optgroup label="${Labels.regionName(region)}">${Marketplace.inRegion(region)
          .filter(({ id }) => more.without?.includes(id) !== true)
          .map(
            (marketplace) =>
              html`<option value="${marketplace.id}"${
                state.values["marketplace"] === marketplace.id && html` selected`
              }>${marketplace.country} (${marketplace.storefront})</option>`
          )}</optgroup>`
    )}
  </select>${Fields.fieldError(state, "marketplace")}</div>`

/** The kinds of account, each with what it means. */
export const typeChoice = (
  context: PageContext,
  state: Fields.FormState,
  legend: Content = words.shared.accountType
): Markup =>
  html`<fieldset class="choices"><legend>${legend}</legend>
  ${offeredTypes(context).map(
    (type) => html`<label class="choice">
    <input type="radio" name="type" value="${type}" required${
      (state.values["type"] ?? "seller") === type && html` checked`
    }><span><strong>${AccountType.label(type)}</strong>
      <small>${Labels.accountTypeHint(type)}</small></span></label>`
  )}
  ${Fields.fieldError(state, "type")}</fieldset>`
