import { list } from "./words.ts"

/** Accounts, companies and their brands, further marketplaces, advertisers. */
export const accounts = {
  "account.brand-of-other-company": "A brand can only be assigned to accounts of its own company.",
  "account.add-brand-first": "Add the brand to this company first.",
  "account.default-brand-not-assigned": "The default brand must be one of the account's brands.",
  "account.assign-brand": "Assign the brand to the account, or choose another default brand.",
  "account.marketplace-unknown": ({ ids }: { ids: ReadonlyArray<string> }) => `No marketplace has the id ${list(ids)}.`,
  "account.choose-marketplace": "Choose a marketplace from the list.",
  "account.marketplace-missing": ({ country, name }: { country: string; name: string }) =>
    `${country} is no marketplace of ${name}.`,
  "account.choose-own": "Choose one of the account's marketplaces.",
  "account.marketplace-first": ({ country, name }: { country: string; name: string }) =>
    `${country} is the first marketplace of ${name}; an account always has it.`,
  "account.remove-account-instead":
    "Remove the account, if it was a mistake as a whole. A profile of another country takes the account there.",
  "account.marketplace-live": ({ count, country }: { count: number; country: string }) =>
    count === 1
      ? `One connection of the account is still live in ${country}.`
      : `${count} connections of the account are still live in ${country}.`,
  "account.disconnect-there": ({ country }: { country: string }) =>
    `Disconnect it in ${country} first; then remove the marketplace.`,
  "account.outside-region": ({ country }: { country: string }) => `${country} lies outside this account's region.`,
  "account.add-for-country": "Add an account of its own for that country.",
  "account.connections-live": ({ count }: { count: number }) =>
    `${count} of its connections ${count === 1 ? "is" : "are"} still live.`,
  "account.disconnect-before": ({ action }: { action: string }) => `Disconnect the account first; then ${action}.`,
  "account.action-remove": "remove it",
  "account.action-delete-data": "delete its data",
  "account.erasure-final": "The time for calling the erasure off is over.",
  "account.connect-again-to-load": "Connect the account again to load it anew.",
  "account.was-removed": ({ name }: { name: string }) => `The account ${name} was removed.`,
  "account.restore": "Restore it first.",
  "account.regions-differ": ({ one, other, provider }: { one: string; other: string; provider: string }) =>
    `${one} and ${other} lie in different regions of ${provider}.`,
  "account.one-per-region": "Create one account per region.",
  "account.type-of-other-provider": ({ type, provider }: { type: string; provider: string }) =>
    `${type} is not an account type of ${provider}.`,
  "account.choose-type": "Choose another account type.",
  "account.type-unknown": ({ type }: { type: string }) => `No account type has the name ${type}.`,
  "account.choose-type-from-list": "Choose one from the list.",
  "account.exists": "This account exists.",
  "account.restore-instead": "Restore it instead.",
  "account.connected-elsewhere": "The account is connected where it is.",
  "account.add-marketplace-instead": "Add the marketplace to the account instead.",
  "account.create-first": "Create the account first.",
  "account.open": "Open the account to see what can be done.",
  "account.restore-first": "Restore the account first.",
  "account.create-new": "Create a new account for it, in the same company.",
  "company.brand-exists": ({ company }: { company: string }) => `${company} already has a brand with this name.`,
  "company.use-existing-brand": "Use the existing brand, or choose another name.",
  "company.too-many-brands": ({ limit }: { limit: number }) => `A company can have ${limit} brands.`,
  "company.brand-missing": ({ company }: { company: string }) => `${company} has no such brand.`,
  "company.last-brand": ({ company }: { company: string }) => `It is the only brand of ${company}.`,
  "company.rename-brand-instead": "Rename it, or add another brand first.",
  "company.brand-in-use": ({ accounts, brand }: { accounts: number; brand: string }) =>
    accounts === 1 ? `One account has the brand ${brand}.` : `${accounts} accounts have the brand ${brand}.`,
  "company.give-other-brand": "Give those accounts another brand first.",
  "company.split": "Split the company.",
  "company.has-accounts": ({ accounts, company }: { accounts: number; company: string }) =>
    accounts === 1 ? `${company} has an account in use.` : `${company} has ${accounts} accounts in use.`,
  "company.move-accounts": "Take its accounts to another company first, or remove them.",
  "company.was-removed": ({ company }: { company: string }) => `The company ${company} was removed.`,
  "company.restore-first": "Restore the company first.",
  "company.merge-into-itself": ({ company }: { company: string }) => `${company} cannot be merged into itself.`,
  "company.choose-other": "Choose another company.",
  "company.exists": "This company exists.",
  "company.add-first": "Add the company first.",
  "company.open": "Open the company to see what can be done.",
  "expansion.marketplace-unknown": "We do not know this marketplace.",
  "expansion.other-provider": ({ country }: { country: string }) => `${country} is sold at another provider.`,
  "expansion.types-apart": ({ requested, own }: { requested: string; own: string }) =>
    `A ${requested} account and a ${own} account never share a consent.`,
  "expansion.included": ({ country }: { country: string }) => `${country} belongs to this account already.`,
  "expansion.was-included": ({ country }: { country: string }) =>
    `${country} was part of this account before. Adding it brings its connections and their history back.`,
  "expansion.other-region": ({ country }: { country: string }) =>
    `${country} lies in another region, and one consent reaches one region only.`,
  "expansion.covered": ({ country }: { country: string }) =>
    `The consent you gave lists ${country}, so it joins this account without another one.`,
  "expansion.stands-alone": ({ alone, country }: { alone: string; country: string }) =>
    `${alone} is a seller account of its own at the provider, although it shares the region, and this ` +
    `account's consent does not list ${country}.`,
  "expansion.may-be-covered": ({ country }: { country: string }) =>
    `${country} lies in the same region as this account. Whether the consent covers it shows when it is given.`,
  "expansion.not-listed": ({ country }: { country: string }) =>
    `${country} lies in the same region, but the consent does not list it: the seller does not take part ` +
    "there yet, or has no campaign there. It joins this account after another consent.",
  "expansion.add-own-account": ({ reason }: { reason: string }) => `${reason} Add it as an account of its own.`,
  "advertiser.assigned-elsewhere": ({ advertiser, tenant }: { advertiser: string; tenant: string }) =>
    `${advertiser} is assigned to ${tenant}.`,
  "advertiser.take-back-first": "Take it back from that organization first, if it really belongs to another.",
  "advertiser.gone": ({ advertiser }: { advertiser: string }) => `${advertiser} no longer lists us as its partner.`,
  "advertiser.wait-until-back": "Wait until its admin adds us again.",
  "advertiser.wait-for-partnership": "Wait until the advertiser's admin adds us as partner.",
  "advertiser.assign": "Assign it to the organization it belongs to.",
  "advertiser.ask-admin-again": "Ask the advertiser's admin to add us as partner again.",
  "advertiser.nothing-expected": "Nothing is expected.",
  "advertiser.assign-on-appearance": "Assign the advertiser when it appears.",
  "advertiser.not-linkable-now": "This advertiser cannot be linked now.",
  "advertiser.look-again": "Look at the list again: its admin may have taken us off its partners.",
  "advertiser.taken-back-title": ({ advertiser }: { advertiser: string }) =>
    `The advertiser ${advertiser} was taken back`,
  "advertiser.taken-back": ({ advertiser, externalId }: { advertiser: string; externalId: string }) =>
    `An operator of this installation found that ${advertiser} (${externalId}) does not belong to your ` +
    "organization. Nothing is fetched for it any more; what was loaded stays. If that is wrong, contact " +
    "support.",
  "advertiser.ready-title": ({ advertiser }: { advertiser: string }) =>
    `The advertiser ${advertiser} is ready to be linked`,
  "advertiser.ready": ({ advertiser, externalId }: { advertiser: string; externalId: string }) =>
    `${advertiser} (${externalId}) lists us as its partner and belongs to your organization. Open the ` +
    "account and press Connect to link it."
}
