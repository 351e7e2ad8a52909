import { addUserAgain } from "../messages/en/words.ts"

/** The words of Amazon's and Walmart's tables. Another provider brings its words in its own table. */
export const providers = {
  "amazon.campaign-permission": "The login has admin permission (view and edit) in the campaign manager",
  "amazon.campaign-permission-ask":
    "Ask the primary account owner to give this login view and edit in the campaign manager. An agency's " +
    `user needs it before connecting. ${addUserAgain}`,
  "amazon.active-campaign": "The account has at least one active advertising campaign in this marketplace",
  "amazon.vendor-advertised": "The vendor has advertised in this marketplace before",
  "amazon.agency-profile": "An agency profile cannot hold sponsored advertising; choose the client's own profile.",
  "amazon.attribution-profile":
    "It is a profile of Amazon Attribution, which measures advertising elsewhere; it holds no sponsored advertising.",
  "amazon.author-profile":
    "It is an author's profile (Kindle Direct Publishing); much of sponsored advertising is not offered to authors.",
  "amazon.dsp-profile": "It is a profile of the Amazon DSP; it holds no sponsored advertising.",
  "amazon.login-title": 'The login was connected with "Login with Amazon"',
  "amazon.login-question": 'Did you sign in with the button "Login with Amazon", with the login that has the accounts?',
  "amazon.login-why":
    "Signing in here with a password shows no account; only the button lets Amazon tell us which there are.",
  "amazon.login-missing": 'Nobody has signed in with "Login with Amazon" yet, so Amazon tells us nothing.',
  "amazon.login-connect":
    "Connect Amazon Advertising with the main login, or send an auth link to the person who has it.",
  "amazon.lookup-connect":
    "Connect Amazon Advertising once with this login, with “Login with Amazon”; then look again.",
  "amazon.seller-hint": "Sells to shoppers in its own name (Seller Central).",
  "amazon.vendor-hint": "Sells to Amazon, which sells to shoppers (Vendor Central).",
  "amazon.seller-allows": "Sales, inventory and product content of your seller or vendor account",
  "amazon.profiles-allows": "The list of advertising profiles your login can see",
  "provider.advertising-allows":
    "Your sponsored advertising: to see campaigns, spend and results, and to change campaigns",
  "provider.loads-nothing":
    "Nothing is loaded through this channel for this kind of account yet, so a consent brings no data now.",
  "provider.advertising-purpose": "Campaigns, spend and results of sponsored advertising.",
  "provider.commerce-purpose": "Sales, inventory and product content.",
  "provider.edit-campaigns": "the right to edit campaigns (this login can only view)",
  "provider.edit": "the right to edit",
  "walmart.marketplace-allows": "Sales, inventory and product content of your marketplace account",
  "walmart.write-access": "write access (the advertiser gave us read access only)",
  "walmart.seller-hint": "Sells on Walmart's marketplace in its own name.",
  "walmart.supplier-hint": "Supplies Walmart, which sells to shoppers.",
  "walmart.partner-title": "A Walmart admin has added us as API partner at advertiser level",
  "walmart.partner-question": "Has an admin of the Walmart advertising account added us as API partner?",
  "walmart.partner-why":
    "There is no sign-in to follow: Walmart shows us an advertiser only after an admin has added us.",
  "walmart.partner-missing": "The advertiser is not among those that Walmart shows us."
}
