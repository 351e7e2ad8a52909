/** Sentences of the domain's catalogue with markup in them. */
import { expect, it } from "vitest"
import { isolateText } from "../src/page/html.ts"
import { messageMarkup } from "../src/page/messageMarkup.ts"

it("keeps markup as it is inside a sentence, and escapes what somebody wrote once", () => {
  const sentence = messageMarkup("email.invite-subject", {
    inviter: isolateText("Ada <b>"),
    organization: isolateText("Nord & Wind")
  })
  expect(sentence.toString()).toBe("<bdi>Ada &lt;b&gt;</bdi> invites you to <bdi>Nord &amp; Wind</bdi>")
})
