/** The words of the pages in `pages/organizations`. */
import { html, type Markup } from "../../page/html.ts"

/** What the pages to create, choose and set up an organization say. */
export const organizations = {
  handOverFirst: "Hand the ownership over first, then you can leave.",
  back: "Back",
  createAnother: "Create another organization",
  createLead: "Companies, accounts and colleagues belong to an organization. You become its owner.",
  createNow: "Create organization",
  createOrganization: "Create an organization",
  acceptOwnership: "Accept the ownership",
  callOff: "Call it off",
  calledOff: "The offer is called off",
  declined: "You declined the ownership",
  declineOwnership: "Decline",
  handedOver: "The ownership is yours",
  ifYouAccept: "If you accept, you decide about everything here, and the present owner stays as admin.",
  offered: "The ownership is offered. Both of you get a mail",
  offeredTo: ({ member, until }: { readonly member: Markup; readonly until: Markup }) =>
    html`The ownership is offered to ${member}, who can accept it until ${until}.`,
  offeredToYou: ({ owner }: { readonly owner: Markup }) => html`${owner} offers you the ownership`,
  offerEnds: ({ until }: { readonly until: Markup }) => html`The offer ends ${until}.`,
  offerIt: "Offer the ownership",
  untilAccepted: "Nothing changes until the member accepts; until then you can call it off.",
  handOverOwnership: "Hand the ownership over",
  inviteFirst: ({ link }: { readonly link: Markup }) => html`To hand the ownership over, ${link} first.`,
  inviteSomebody: "invite somebody",
  leave: "Leave",
  leaveLead:
    "You lose access at once. The owner answers for your consents from then on, and keys you made stop working.",
  leaveOrganization: "Leave this organization",
  leaveQuestion: "Do you really leave? Somebody must invite you again to come back.",
  nameSaved: "The new name is saved",
  noMemberChosen: "No member was chosen.",
  oneOwner: "There is exactly one owner. You stay as admin, and only the new owner can hand it back.",
  onlyOwner: "Only the owner can hand the ownership over. If the owner is gone, the operator of this installation can.",
  ownFirm: "Usually your own firm. It can be renamed.",
  saveName: "Save name",
  wereYouInvited: "Were you invited to one? Open the link in the invitation's mail instead.",
  yesLeave: "Yes, leave",
  youAreHere: ({ role }: { readonly role: string }) => `${role}, you are here`,
  yours: "Your organizations"
}
