/** The words of the pages in `pages/members`. */
import { html, type Markup } from "../../page/html.ts"
import { count } from "./quantities.ts"

/** What the fields of a role and of an access scope say. */
const access = {
  account: ({ name }: { readonly name: Markup }) => html`Account ${name}`,
  accounts: ({ quantity }: { readonly quantity: number }) => count(quantity, "account"),
  allAccounts: "All accounts",
  brand: ({ name }: { readonly name: Markup }) => html`Brand ${name}`,
  brands: ({ quantity }: { readonly quantity: number }) => count(quantity, "brand"),
  chooseRole: "Choose a role.",
  chosenOnly: "Chosen ones only",
  companies: ({ quantity }: { readonly quantity: number }) => count(quantity, "company", "companies"),
  laterToo: "Those that are added later too.",
  nothingToChoose: "There are no companies yet, so there is nothing to choose.",
  othersHidden: "Everything else is hidden. What is chosen for a company counts for all of it.",
  read: "read",
  rightsKept: ({ quantity }: { readonly quantity: number }) =>
    quantity === 1
      ? "One more right was chosen and stays. Search for its company to change it."
      : `${quantity} more rights were chosen and stay. Search for their companies to change them.`,
  role: "Role",
  roles: {
    admin: "Manages people, companies and keys. Sees every account.",
    member:
      "Connects accounts and finishes what is pending. The role for an account's owner who is to connect it " +
      "themselves.",
    viewer: "Looks, and changes nothing."
  },
  whichAccounts: "Which accounts this person sees",
  wholeCompany: ({ name }: { readonly name: Markup }) => html`The whole company ${name}`,
  write: "read and write"
}

/** What the part of a member's page says that removes them. */
const removal = {
  consentsKept: ({ quantity }: { readonly quantity: number }) =>
    `${quantity === 1 ? "One consent gets" : `${quantity} consents get`} another keeper. ` +
    "The connections stay as they are.",
  invitationsWithdrawn: ({ quantity }: { readonly quantity: number }) =>
    quantity === 1
      ? "One invitation to join that nobody answered yet is withdrawn."
      : `${quantity} invitations to join that nobody answered yet are withdrawn.`,
  keysStop: ({ member }: { readonly member: Markup }) => html`API keys that ${member} made stop working.`,
  linksStay: "Auth links and requests to connect stay valid. Answers to them go to you.",
  noConsents: "No consents need another keeper.",
  outAtOnce: ({ member }: { readonly member: Markup }) => html`${member} is out at once, on every device.`,
  whoAnswers: "Who answers for the consents",
  yesRemove: "Yes, remove"
}

/** What the pages about the people of an organization say. */
export const members = {
  ...access,
  ...removal,
  accessChanged: "The access is changed",
  adminsInvite: "An owner or admin can invite people.",
  cameBack: "The mail came back",
  inviteOther: "Withdraw it and invite another address.",
  changeOwner: ({ link }: { readonly link: Markup }) => html`Hand the ownership over in the ${link} to change that.`,
  invitationMade: "The invitation is made",
  invitationMailed: "The invitation is mailed again",
  invitationWithdrawn: "The invitation is withdrawn",
  invite: "Invite somebody",
  invited: "Invited",
  inviteLead:
    "The person gets a mail with a link, and joins with the address it was sent to. Nobody gets access at Amazon or " +
    "Walmart by this.",
  invitees: "Invite a colleague, or the owner of an account who wants to connect it.",
  mailed: ({ mails }: { readonly mails: number }) => (mails === 1 ? "mailed once" : `mailed ${mails} times`),
  members: "Members",
  nobodyInvited: "Nobody is invited at the moment",
  openInvitations: "Open invitations",
  organizationSettings: "organization's settings",
  ownerDoesAll: "The owner sees and does everything",
  removed: "The member is removed",
  sendInvitation: "Send the invitation",
  unsent: ({ mailbox }: { readonly mailbox: Markup }) =>
    html`No mail server is set up here, so the mail was not sent: open it in the ${mailbox} and pass its link on by
    hand.`,
  whoWorksHere: ({ organization }: { readonly organization: Markup }) => html`Who works in ${organization}.`,
  willSee: "Will see",
  withdraw: "Withdraw",
  withdrawInvitation: ({ email }: { readonly email: string }) =>
    `Withdraw the invitation of ${email}? Its link stops working.`,
  yesWithdraw: "Yes, withdraw",
  you: "(you)"
}
