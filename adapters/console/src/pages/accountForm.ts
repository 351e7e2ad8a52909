/**
 * What a new account is chosen from: kinds of account and countries, as far as this installation can connect them
 * (rule C2).
 */
import { AccountType, Channel, Marketplace, Provider } from "@portolan/domain"
import type { Desk } from "../Desk.ts"
import { type Content, html, type Markup } from "../Html.ts"
import * as Parts from "../Parts.ts"
import * as Words from "../Words.ts"

/** Whether an account of this type can be connected here: a channel it cannot do without is configured. */
const isOffered = (desk: Desk, provider: Marketplace.Provider, type: AccountType.AccountType): boolean =>
  Channel.required(provider, type).some(({ channel, optional }) => !optional && desk.offers(channel))

const typesOf = (desk: Desk, provider: Marketplace.Provider): ReadonlyArray<AccountType.AccountType> =>
  AccountType.all().filter((type) => isOffered(desk, provider, type))

/** The types of account that can be connected here. */
export const offeredTypes = (desk: Desk): ReadonlyArray<AccountType.AccountType> =>
  Provider.all().flatMap((provider) => typesOf(desk, provider))

/** The regions with marketplaces of providers that can be connected here, or of one provider. */
const offeredRegions = (desk: Desk, provider?: Marketplace.Provider) => [
  ...new Set(
    Marketplace.all
      .filter((one) => (provider === undefined || one.provider === provider) && typesOf(desk, one.provider).length > 0)
      .map(({ region }) => region)
  )
]

/** Every country in a list, by region. */
export const marketplaceSelect = (
  desk: Desk,
  state: Parts.FormState,
  more: { readonly provider?: Marketplace.Provider; readonly without?: ReadonlyArray<string> } = {}
): Markup => html`<div class="field">
  <label for="field-marketplace">Marketplace</label>
  <select id="field-marketplace" name="marketplace" required${
    state.errors["marketplace"] !== undefined && html` aria-invalid="true" aria-describedby="field-marketplace-error"`
  }>
    <option value="">Choose a country</option>
    ${offeredRegions(desk, more.provider).map(
      (region) =>
        html`<optgroup label="${Words.regionName(region)}">${Marketplace.inRegion(region)
          .filter(({ id }) => more.without?.includes(id) !== true)
          .map(
            (marketplace) =>
              html`<option value="${marketplace.id}"${state.values["marketplace"] === marketplace.id && html` selected`}>${
                marketplace.country
              } (${marketplace.storefront})</option>`
          )}</optgroup>`
    )}
  </select>${Parts.fieldError(state, "marketplace")}</div>`

/** The kinds of account, each with what it means. */
export const typeChoice = (desk: Desk, state: Parts.FormState, legend: Content = "Account type"): Markup =>
  html`<fieldset class="choices"><legend>${legend}</legend>
  ${offeredTypes(desk).map(
    (type) => html`<label class="choice">
    <input type="radio" name="type" value="${type}" required${
      (state.values["type"] ?? "seller") === type && html` checked`
    }><span><strong>${AccountType.label(type)}</strong>
      <small>${Words.accountTypeHint(type)}</small></span></label>`
  )}
  ${Parts.fieldError(state, "type")}</fieldset>`
