/** The catalogue against its sources (rule K-R7: country spelling is untrusted input). */
import { describe, expect, it } from "@effect/vitest"
import { AccountType, Channel, Day, Marketplace, Region } from "@portolan/domain"
import { Option, Result, Schema } from "effect"
import { dawn } from "./support/values.ts"

/**
 * Region, code of the Selling Partner API, code of the Ads API, id, currency, zone, storefront, seller host, vendor
 * host.
 */
const expected = `
NA US US ATVPDKIKX0DER USD America/Los_Angeles www.amazon.com sellercentral.amazon.com vendorcentral.amazon.com
NA CA CA A2EUQ1WTGCTBG2 CAD America/Los_Angeles www.amazon.ca sellercentral.amazon.ca vendorcentral.amazon.ca
NA MX MX A1AM78C64UM0Y8 MXN America/Los_Angeles www.amazon.com.mx sellercentral.amazon.com.mx vendorcentral.amazon.com.mx
NA BR BR A2Q3Y263D00KWC BRL America/Sao_Paulo www.amazon.com.br sellercentral.amazon.com.br vendorcentral.amazon.com.br
EU GB UK A1F83G8C2ARO7P GBP Europe/London www.amazon.co.uk sellercentral-europe.amazon.com vendorcentral.amazon.co.uk
EU DE DE A1PA6795UKMFR9 EUR Europe/Paris www.amazon.de sellercentral-europe.amazon.com vendorcentral.amazon.de
EU FR FR A13V1IB3VIYZZH EUR Europe/Paris www.amazon.fr sellercentral-europe.amazon.com vendorcentral.amazon.fr
EU IT IT APJ6JRA9NG5V4 EUR Europe/Paris www.amazon.it sellercentral-europe.amazon.com vendorcentral.amazon.it
EU ES ES A1RKKUPIHCS9HS EUR Europe/Paris www.amazon.es sellercentral-europe.amazon.com vendorcentral.amazon.es
EU NL NL A1805IZSGTT6HS EUR Europe/Amsterdam www.amazon.nl sellercentral.amazon.nl vendorcentral.amazon.nl
EU SE SE A2NODRKZP88ZB9 SEK Europe/Stockholm www.amazon.se sellercentral.amazon.se vendorcentral.amazon.se
EU PL PL A1C3SOZRARQ6R3 PLN Europe/Warsaw www.amazon.pl sellercentral.amazon.pl vendorcentral.amazon.pl
EU BE BE AMEN7PMS3EDWL EUR Europe/Brussels www.amazon.com.be sellercentral.amazon.com.be vendorcentral.amazon.com.be
EU IE IE A28R8C7NBKEWEA EUR Europe/Dublin www.amazon.ie sellercentral.amazon.ie vendorcentral.amazon.ie
EU TR TR A33AVAJ2PDY3EV TRY Europe/Istanbul www.amazon.com.tr sellercentral.amazon.com.tr vendorcentral.amazon.com.tr
EU AE AE A2VIGQ35RCS4UG AED Asia/Dubai www.amazon.ae sellercentral.amazon.ae vendorcentral.amazon.me
EU SA SA A17E79C6D8DWNP SAR Asia/Riyadh www.amazon.sa sellercentral.amazon.sa vendorcentral.amazon.me
EU EG EG ARBP9OOSHTCHU EGP Africa/Cairo www.amazon.eg sellercentral.amazon.eg vendorcentral.amazon.me
EU IN IN A21TJRUUN4KGV INR Asia/Kolkata www.amazon.in sellercentral.amazon.in www.vendorcentral.in
EU ZA ZA AE08WJ6YKNBMC ZAR Africa/Johannesburg www.amazon.co.za sellercentral.amazon.co.za vendorcentral.amazon.co.za
FE JP JP A1VC38T7YXB528 JPY Asia/Tokyo www.amazon.co.jp sellercentral.amazon.co.jp vendorcentral.amazon.co.jp
FE AU AU A39IBJ37TRP1C6 AUD Australia/Sydney www.amazon.com.au sellercentral.amazon.com.au vendorcentral.amazon.com.au
FE SG SG A19VAU5U5O7RUS SGD Asia/Singapore www.amazon.sg sellercentral.amazon.sg vendorcentral.amazon.com.sg
`
  .trim()
  .split("\n")

describe("the catalogue", () => {
  it("says of Amazon what its sources say", () => {
    const rows = Marketplace.all
      .filter((one) => one.provider === "amazon")
      .map((one) =>
        [
          one.region,
          one.countryCode,
          one.adsCountryCode,
          one.id,
          one.currency,
          one.timeZone,
          one.storefront,
          one.sellerCentral,
          one.vendorCentral
        ].join(" ")
      )
    expect(rows.toSorted()).toEqual(expected.toSorted())
  })

  it("knows Walmart's four markets, each a region of its own", () => {
    expect(
      Marketplace.all
        .filter((one) => one.provider === "walmart")
        .map((one) => `${one.id} ${one.region} ${one.currency}`)
    ).toEqual([
      "WALMART_US WALMART-US USD",
      "WALMART_CA WALMART-CA CAD",
      "WALMART_MX WALMART-MX MXN",
      "WALMART_CL WALMART-CL CLP"
    ])
  })

  it("names what no source confirms", () => {
    const assumed = Marketplace.all
      .filter((one) => one.assumed.length > 0)
      .map((one) => `${one.id}: ${one.assumed.join(", ")}`)
    expect(assumed).toEqual([
      "A28R8C7NBKEWEA: timeZone, sellerCentral, vendorCentral",
      "WALMART_US: timeZone",
      "WALMART_CA: timeZone",
      "WALMART_MX: timeZone",
      "WALMART_CL: timeZone"
    ])
  })

  it("has every field in shape, every identifier once, and zones that exist", () => {
    expect(new Set(Marketplace.all.map((one) => one.id)).size).toBe(Marketplace.all.length)
    for (const one of Marketplace.all) {
      expect(Schema.decodeUnknownSync(Marketplace.Marketplace)(one)).toEqual(one)
      expect(one.countryCode).toMatch(/^[A-Z]{2}$/)
      expect(one.adsCountryCode).toMatch(/^[A-Z]{2}$/)
      expect(one.currency).toMatch(/^[A-Z]{3}$/)
      expect(one.country).toMatch(/\S/)
      expect(one.storefront).toMatch(/^www\.[a-z.]+$/)
      expect(Day.at(dawn, one.timeZone)).toMatch(/^2028-02-2[78]$/)
      if (one.provider === "amazon")
        expect([one.sellerCentral, one.vendorCentral].every((host) => /^[a-z.-]+$/.test(host))).toBe(true)
    }
  })

  it("belongs to one region each, and to a channel of its provider", () => {
    expect(
      Region.all()
        .flatMap((region) => Marketplace.inRegion(region))
        .toSorted()
    ).toEqual([...Marketplace.all].toSorted())
    for (const one of Marketplace.all) {
      const offered = AccountType.all().flatMap((type) => Channel.required(one.provider, type))
      expect(offered.every(({ channel }) => Channel.provider(channel) === one.provider)).toBe(true)
    }
  })
})

describe("finding a marketplace", () => {
  it("takes either spelling of a country, in any case and with space around it", () => {
    for (const spelling of ["GB", "UK", "gb", " uk "]) {
      expect(Option.map(Marketplace.findByCountry("amazon", spelling), (one) => one.id)).toEqual(
        Option.some("A1F83G8C2ARO7P")
      )
    }
    expect(Option.map(Marketplace.findByCountry("walmart", "US"), (one) => one.id)).toEqual(Option.some("WALMART_US"))
    for (const unknown of ["SP", "CN", "", "United Kingdom"])
      expect(Marketplace.findByCountry("amazon", unknown)).toEqual(Option.none())
  })

  it.prop(
    "by its own id gives the same one, and nothing for ids that are not in the catalogue",
    [Marketplace.MarketplaceId],
    ([id]) => {
      for (const one of Marketplace.all) {
        expect(Marketplace.get(one.id)).toBe(one)
        expect(Marketplace.find(one.id)).toEqual(Option.some(one))
      }
      if (Marketplace.all.some((one) => one.id === id)) return
      expect(Marketplace.find(id)).toEqual(Option.none())
      expect(() => Marketplace.get(id)).toThrow(id)
      expect(Result.isFailure(Schema.decodeUnknownResult(Marketplace.Known)(id))).toBe(true)
    }
  )
})
