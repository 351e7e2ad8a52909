/** How long secrets of applications work: rows of the table of settings, and what adapters make of them. */
import { Schema } from "effect"

const days = Schema.String.check(Schema.isPattern(/^(none|[1-9][0-9]{0,3})$/))
const expected = "a number of days from 1 to 9999, or none"

/** The rows. */
export const secretDays = {
  AMAZON_SP_SECRET_DAYS: {
    schema: days,
    standard: "180",
    expected,
    about: "Days that a client secret of the Selling Partner API application works."
  },
  AMAZON_ADS_SECRET_DAYS: {
    schema: days,
    standard: "180",
    expected,
    about: "The same for the Ads API client; Amazon does not say whether the rule holds for it."
  },
  AMAZON_SECRET_OVERLAP_DAYS: {
    schema: days,
    standard: "7",
    expected,
    about: "Days that Amazon accepts the secret before after a new one was made."
  },
  AMAZON_ROTATION_REGION: {
    schema: Schema.Literals(["NA", "EU", "FE"]),
    standard: "NA",
    expected: "NA, EU or FE",
    about: "The region whose host is called to make a new secret; Amazon does not name one."
  },
  WALMART_SECRET_DAYS: {
    schema: days,
    standard: "none",
    expected,
    about: "Days that the secret of the Marketplace application works; Walmart names no end."
  },
  WALMART_SECRET_OVERLAP_DAYS: {
    schema: days,
    standard: "none",
    expected,
    about: "Days that Walmart accepts the secret before; none keeps it until it is retired."
  }
} as const

/** The settings of the rows. */
type Days = { readonly [N in keyof typeof secretDays]: (typeof secretDays)[N]["schema"]["Type"] }

const numberOf = (text: string): number | null => (text === "none" ? null : Number(text))

/** What the settings say of Amazon. */
export const amazon = (settings: Days) => ({
  spSecretDays: numberOf(settings.AMAZON_SP_SECRET_DAYS),
  adsSecretDays: numberOf(settings.AMAZON_ADS_SECRET_DAYS),
  secretOverlapDays: numberOf(settings.AMAZON_SECRET_OVERLAP_DAYS),
  rotationRegion: settings.AMAZON_ROTATION_REGION
})

/** What the settings say of Walmart. */
export const walmart = (settings: Days) => ({
  secretDays: numberOf(settings.WALMART_SECRET_DAYS),
  secretOverlapDays: numberOf(settings.WALMART_SECRET_OVERLAP_DAYS)
})
