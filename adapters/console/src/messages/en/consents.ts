/** The words of the pages in `pages/consents`. */
export const consents = {
  endedByHand: "I ended it at the provider",
  endedByHandQuestion:
    "We could not end this consent at the provider. Say so here once it is ended there; then nobody has to see to it.",
  yesEndedByHand: "Yes, it is ended there",
  revokedNoted: "Noted: the consent is ended at the provider",
  revokedNotedHint: "Your name and the time are on record. Nobody has to see to it any more.",
  chooseMember: "Choose a member from the list.",
  nobodyKnown: "Who consented is not known",
  loginEndsIn: ({ end }: { readonly end: string }) => `Login whose id ends in ${end}`,
  proven: "Proven",
  claimed: "Claimed",
  noEnd: "No end is known",
  endsSoon: "Ends soon",
  servesNothing: "Nothing. It is kept to fall back to, or was never used.",
  whoAnswers: "Who answers for it from now on",
  given: "Given",
  livesOnIt: "Lives on it",
  answersForIt: "Answers for it",
  nobodyByName: "Nobody by name",
  title: "Consents",
  lead:
    "What people allowed at a provider. One consent may serve several connections; losing it, another one that " +
    "sees the same takes over.",
  handedOver: "Handed over",
  handedOverHint: "The member who answers for it now is reminded when it ends.",
  onlyInUse: "Only those in use",
  overToo: "Those that are over, too",
  none: "No consents yet",
  noneHint: "A consent appears here as soon as somebody comes back from a provider."
}
