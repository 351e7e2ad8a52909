import { list } from "./words.ts"

/** The main account of a company: its logins and accounts, the plan to gather them, and its address. */
export const mainAccount = {
  "consolidation.login-missing": "This login is not part of the consolidation.",
  "consolidation.add-login": "Add the login first.",
  "consolidation.account-missing": "This account is not part of the consolidation.",
  "consolidation.add-account": "Add the account first.",
  "consolidation.providers-differ": ({ login, account }: { login: string; account: string }) =>
    `${login} and ${account} belong to different providers.`,
  "consolidation.choose-provider-login": "Choose a login of the account's provider.",
  "consolidation.name-taken": ({ name }: { name: string }) => `There is a login with the name ${name}.`,
  "consolidation.choose-name": "Choose a name by which people can tell the two apart.",
  "consolidation.login-under-other-name": "This login is there already, under another name.",
  "consolidation.use-existing": "Use the one that is there.",
  "consolidation.administrator-unknown": ({ account }: { account: string }) =>
    `Nobody knows yet who administers ${account}.`,
  "consolidation.name-administrator": "Name the administrator of the account first.",
  "consolidation.administrator-only": ({ account }: { account: string }) =>
    `Only the administrator of ${account} can do this.`,
  "consolidation.have-them-sign-in": ({ administrator }: { administrator: string }) =>
    `Have ${administrator} sign in and do it.`,
  "consolidation.the-administrator": "the administrator",
  "consolidation.remove-or-split": "Remove what is no longer used, or split the company.",
  "consolidation.too-many-accesses": ({ limit }: { limit: number }) =>
    `A company can have ${limit} accesses of secondary users.`,
  "consolidation.too-many-seen": ({ limit }: { limit: number }) => `One look can bring up ${limit} accounts.`,
  "consolidation.too-many-unknown": ({ limit }: { limit: number }) =>
    `More than ${limit} accounts would wait to be added.`,
  "consolidation.account-exists": "This account is there already.",
  "consolidation.too-many-accounts": ({ limit }: { limit: number }) => `A company can have ${limit} accounts here.`,
  "consolidation.type-of-provider": "The account's type and marketplaces must be those of its provider.",
  "consolidation.choose-of-provider": "Choose a type and marketplaces of the account's provider.",
  "consolidation.linked-elsewhere": "This account is linked to another account of the provider.",
  "consolidation.link-one": "Link one account to one account of the provider.",
  "consolidation.exists": "This company has a consolidation.",
  "consolidation.login-exists": "This login is there already.",
  "consolidation.too-many-logins": ({ limit }: { limit: number }) => `A company can have ${limit} logins.`,
  "consolidation.login-keeps-provider": "A login stays with its provider.",
  "consolidation.add-other-login": "Add the other provider's login as one of its own.",
  "consolidation.administers-several": ({
    login,
    accounts,
    more
  }: {
    login: string
    accounts: ReadonlyArray<string>
    more: number
  }) => `${login} administers ${list(accounts)}${more > 0 ? ` and ${more} more` : ""}.`,
  "consolidation.hand-over-first": "Hand the administration over to another login first.",
  "consolidation.is-main": ({ login }: { login: string }) => `${login} is the main account.`,
  "consolidation.choose-other-main": "Choose another main account first.",
  "consolidation.has-administrator": ({ account, administrator }: { account: string; administrator: string }) =>
    `${account} has an administrator: ${administrator}.`,
  "consolidation.another-login": "another login",
  "consolidation.have-handed-over": "Have the administrator hand the administration over.",
  "consolidation.administers": ({ account }: { account: string }) => `This login administers ${account}.`,
  "consolidation.begin": "Begin with the logins and accounts of the company.",
  "consolidation.open": "Open the consolidation to see what can be done.",
  "consolidation.no-consent": ({ login }: { login: string }) => `${login} has no consent that can be asked.`,
  "consolidation.lookup-only": ({ channel }: { channel: string }) =>
    `Only a consent for the ${channel} shows which accounts a login sees.`,
  "consolidation.no-channel-shows": ({ provider }: { provider: string }) =>
    `No channel of ${provider} shows which accounts a login sees.`,
  "consolidation.no-lookup": ({ provider }: { provider: string }) =>
    `No consent at ${provider} shows which accounts a login sees.`,
  "consolidation.choose-advertising-consent": "Choose a consent for advertising, given by this login.",
  "consolidation.other-login": ({ login }: { login: string }) =>
    `This consent was given by another login than ${login}.`,
  "consolidation.choose-own-consent": "Choose a consent of this login, or sign in with it.",
  "consolidation.other-company": "This account belongs to another company.",
  "consolidation.choose-of-company": "Choose an account of this company.",
  "consolidation.name-and-type": "An account that is not linked needs a name and a type.",
  "consolidation.give-both": "Give both, or link it to an account here.",
  "plan.sign-in": ({ provider, login }: { provider: string; login: string }) => `Sign in to ${provider} as ${login}.`,
  "plan.change-permission": ({ login, account }: { login: string; account: string }) =>
    `Change the permission of ${login} on the account ${account} from view to edit.`,
  "plan.give-access": ({ login, account }: { login: string; account: string }) =>
    `Give ${login} access to the account ${account}, with permission to edit.`,
  "plan.no-main": "No main account is chosen yet.",
  "plan.choose-main": "Choose the login into which the accounts are to be gathered.",
  "plan.providers-differ": ({
    account,
    accountProvider,
    login,
    loginProvider
  }: {
    account: string
    accountProvider: string
    login: string
    loginProvider: string
  }) => `${account} is an account at ${accountProvider}; ${login} is a login at ${loginProvider}.`,
  "plan.connect-there": ({ provider }: { provider: string }) => `Connect it with a login at ${provider}.`,
  "plan.administrator-unnamed": ({ account }: { account: string }) => `Nobody has said yet who administers ${account}.`,
  "plan.find-administrator":
    "Find out which login created the account or manages its users, and name it as administrator.",
  "plan.not-shown": ({
    administrator,
    account,
    provider
  }: {
    administrator: string
    account: string
    provider: string
  }) =>
    `${administrator} is named as administrator of ${account}, and ${provider} did not show the account ` +
    "with the right to edit.",
  "plan.check-administrator": "Check who administers the account before signing in.",
  "plan.not-shared": "The plan was not shared yet.",
  "plan.address-stale": "The address of the plan does not work any more.",
  "plan.share-anew": "Share the plan anew.",
  "plan.shared-meanwhile": "Somebody else shared the plan meanwhile.",
  "plan.look-at-address": "Look at the address there is now.",
  "plan.mailed-too-often": ({ times }: { times: number }) => `One address can be mailed ${times} times.`,
  "plan.share-or-send": "Share the plan anew, or send the address yourself.",
  "plan.no-longer-shared": "This plan is no longer shared.",
  "plan.address-over": ({ days }: { days: number }) => `This address worked for ${days} days, and they are over.`,
  "plan.ask-for-address": "Ask the person who sent it to you for a new address.",
  "plan.to-be-chosen": "that is still to be chosen"
}
