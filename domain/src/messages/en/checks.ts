import { addUserAgain } from "./words.ts"

const askAdministrator = "Ask the account's administrator for the permission to view and edit in the campaign manager."

/** What is checked when an account or its data is missing, and what channels require. */
export const checks = {
  "check.campaign-title": "Advertising is active in this marketplace: at least one campaign exists",
  "check.campaign-question": "Does the account have at least one advertising campaign in this marketplace?",
  "check.campaign-why": "An account that never advertised is not shown to the Advertising API.",
  "check.campaign-missing": "There is no advertising campaign in this marketplace.",
  "check.campaign-create":
    "Create a campaign in the advertising console. It can take up to 24 hours until it appears; we look " +
    "again by ourselves.",
  "check.payment-title": "There is no payment problem in this marketplace",
  "check.payment-question":
    "Is the payment method (credit card) of the advertising account in order in this marketplace?",
  "check.payment-why": "Advertising stops while the payment method is refused.",
  "check.payment-problem": "The provider reports a payment problem on the advertising account.",
  "check.payment-update": "Update the payment method in the advertising console.",
  "check.edit-campaigns-title": "The login can create or pause a campaign",
  "check.edit-campaigns-question":
    "Signed in to the advertising console with this login, can you create or pause a campaign?",
  "check.edit-campaigns-why": "By default only accounts whose campaigns the login may view and edit are shown to us.",
  "check.edit-campaigns-missing": "The login can view campaigns and not edit them.",
  "check.edit-campaigns-ask": `${askAdministrator} ${addUserAgain}`,
  "check.edit-ad-groups-title": "The login can create or pause an ad group",
  "check.edit-ad-groups-question":
    "Signed in to the advertising console with this login, can you create or pause an ad group?",
  "check.edit-ad-groups-why": "Changes to ad groups are sent with the rights of this login.",
  "check.edit-ad-groups-missing": "The login cannot change ad groups.",
  "check.edit-ad-groups-ask": askAdministrator,
  "check.enabled-title": "The marketplace is enabled in the settings",
  "check.enabled-question": "Is the marketplace enabled in the settings here?",
  "check.enabled-why": "Accounts of a marketplace that is switched off are left out.",
  "check.enabled-missing": "The marketplace is not enabled in the settings.",
  "check.enabled-enable": "Enable the marketplace in the settings.",
  "check.permission-title": "The login that connects advertising has the advertising permission in Seller Central",
  "check.permission-question":
    "Does the login that connected advertising have the advertising permission in Seller Central?",
  "check.permission-why":
    "The same user connects both. An agency's user is refused until the primary account owner has given " +
    "the permission.",
  "check.permission-missing": "The login lacks the advertising permission in Seller Central.",
  "check.permission-ask":
    "Ask the primary account owner to give this user the advertising permission under User Permissions in " +
    "Seller Central.",
  "check.participation-title": "The seller participates in this marketplace",
  "check.participation-question": "Does the seller sell in this marketplace?",
  "check.participation-why": "The Selling Partner API gives data of marketplaces in which the seller participates.",
  "check.participation-choose":
    "Choose a marketplace in which the seller is active, or have the seller register for this one.",
  "check.partner-ask":
    "Have an admin of the advertising account add us as API partner at advertiser level. It is not " +
    "instant; we look every 15 minutes.",
  "check.write-title": "The API partner's access type is write",
  "check.write-question": "Was the access type write chosen for us?",
  "check.write-why": "With read access we can report, and cannot send changes back.",
  "check.write-missing": "We have read access only: reports work, changes do not.",
  "check.write-ask": "Have an admin of the advertising account change our access type to write.",
  "check.said": ({ title }: { title: string }) => `Said by a person: ${title}.`,
  "check.not-looked-up-here": "This cannot be looked up from here.",
  "check.please-answer": ({ question }: { question: string }) => `Please answer: ${question}`,
  "check.not-yet": "This was not looked up yet.",
  "check.we-look": "Nothing to do; we look by ourselves.",
  "diagnosis.profile-unseen": "The login does not see the advertising profile of this account.",
  "diagnosis.check-login":
    "Check that this is the right login and the right region, and that the account's administrator has " +
    `given it view and edit. ${addUserAgain}`,
  "diagnosis.account-health": "Have the owner look into Account Health in Seller Central.",
  "diagnosis.all-pass": "All checks pass.",
  "diagnosis.granted-to-login":
    "If the account is missing all the same, check that it was granted to this very login, by the " +
    "account's administrator.",
  "diagnosis.nothing-known": "Nothing is known to be wrong so far; not every check is answered yet.",
  "diagnosis.exists": "This connection has a diagnosis.",
  "diagnosis.look-instead": "Look at it instead.",
  "diagnosis.begin": "Begin the diagnosis from the connection's page.",
  "diagnosis.answer": "Answer the open questions, or look again.",
  "check.login-title": "The login was connected with the provider's sign-in",
  "check.login-question": "Did you sign in at the provider, with the login that has the accounts?",
  "check.login-why":
    "Signing in here with a password shows no account; only the provider's sign-in lets it tell us which " +
    "there are.",
  "check.login-missing": "Nobody has signed in at the provider yet, so it tells us nothing.",
  "check.login-connect": "Connect advertising with the main login, or send an auth link to the person who has it.",
  "check.partner-title": "An admin of the advertiser has added us as API partner at advertiser level",
  "check.partner-question": "Has an admin of the advertising account added us as API partner?",
  "check.partner-why": "There is no sign-in to follow: an advertiser is shown to us only after an admin has added us.",
  "check.partner-missing": "The advertiser is not among those that the provider shows us.",
  "diagnosis.other-provider": ({ provider }: { provider: string }) =>
    `This checklist does not explain accounts at ${provider}.`,
  "diagnosis.see-requirements": "See the requirements of the channel instead."
}
