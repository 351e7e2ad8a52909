/** The words of the pages in `pages/diagnosis`. */
import { html, type Markup } from "../../page/html.ts"

/** The words of this room. */
export const diagnosis = {
  lookAgainAfter: ({ span }: { readonly span: string }) => `It is worth looking again after ${span}.`,
  yes: "Yes",
  no: "No",
  saidBy: ({ actor, at }: { readonly actor: Markup; readonly at: Markup }) => html`Said by ${actor} ${at}.`,
  ifNot: ({ remedy }: { readonly remedy: string }) => `If it is not so: ${remedy}`,
  answerYesOrNo: "Answer one of the questions with yes or no.",
  well: "All in order",
  failing: "Something is wrong",
  open: "Not everything is known",
  hasToBe: "What has to be so",
  walmartTells: "Walmart tells us which advertisers list us; we look every 15 minutes.",
  sixChecks: "Six checks, in this order",
  found: "What was found",
  notInOrder: ({ check }: { readonly check: string }) => `Not in order: ${check}`,
  alsoNeeded: ({ channel }: { readonly channel: string }) => `Also needed for ${channel}`,
  title: ({ account }: { readonly account: string }) => `${account}: what is missing`,
  backToConnection: "Back to the connection",
  looked: "What the provider tells is below.",
  answerNoted: "Answer noted",
  answerNotedHint: "What the provider tells later counts more than an answer.",
  neverLooked: "The provider was not looked at yet.",
  lookOurselves: ({ at }: { readonly at: Markup }) => html`We look again by ourselves ${at}.`,
  lookAgainNow: "Look again now"
}
