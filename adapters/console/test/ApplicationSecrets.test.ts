/** The secrets of applications, as operators see them: dates, tests and the next step, and never a secret. */
import { Id } from "@portolan/domain"
import { ApplicationSecrets, TokenVault } from "@portolan/ports"
import { Effect, Redacted } from "effect"
import { describe, expect, it } from "vitest"
import { promoteSecret, secretMark, setSecret } from "./support/applications.ts"
import { fresh } from "./support/asking.ts"

const at = "/operator/application-secrets"

describe("the page of application secrets", () => {
  it("says of each which secret is used, which waits, when it ends, and the command that comes next", () =>
    fresh(async (own) => {
      const read = () => own.html(at, { as: "opal" })
      /** The part of the page about one application. */
      const card = async (name: string) => {
        const page = await read()
        expect(page).not.toContain(secretMark)
        return page.split('<section class="card"').find((part) => part.includes(`client-of-${name}`)) ?? ""
      }
      // The settings alone: nothing is stored, and nothing waits.
      expect(await card("amazon-sp")).toContain("Nothing is stored yet")
      expect(await card("amazon-sp")).toContain("Amazon Selling Partner API")
      expect(await card("walmart-connect")).toContain("no end named")

      await setSecret(own, "amazon-sp", "good", "<i>version 2</i>")
      const waiting = await card("amazon-sp")
      expect(waiting).toContain("npm run secrets -- promote amazon-sp")
      expect(waiting).toContain("&lt;i&gt;version 2")
      expect(waiting).toContain("Waits for you")
      await setSecret(own, "amazon-ads", "mistyped")
      const refused = await card("amazon-ads")
      expect(refused).toContain("npm run secrets -- set amazon-ads --file FILE")
      expect(refused).toContain("invalid_client &lt;b&gt;")
      await setSecret(own, "walmart-connect", "good")
      expect(await card("walmart-connect")).toContain("npm run secrets -- promote walmart-connect --yes")

      await promoteSecret(own, "amazon-sp")
      const promoted = await card("amazon-sp")
      expect(promoted).toContain("npm run secrets -- retire amazon-sp")
      expect(promoted).toContain("hold another secret")
      expect(promoted).toContain("Change the settings as well")
      expect(promoted).not.toContain("promote amazon-sp")
      own.move("160 days")
      expect(await card("amazon-sp")).toContain("npm run secrets -- rotate amazon-sp")
      await own.run(Effect.flatMap(ApplicationSecrets.ApplicationSecrets, ({ rotate }) => rotate("amazon-sp")))
      expect(await card("amazon-sp")).toContain("The provider was asked for a new secret")
      own.move("30 days")
      const ended = await card("amazon-sp")
      expect(ended).toContain("refuses every token request")
      expect(ended).toContain("npm run secrets -- set amazon-sp --file FILE")

      // One that cannot be read hides no other; nothing of what is stored is shown.
      await own.run(
        Effect.flatMap(TokenVault.TokenVault, (vault) =>
          vault.put(Id.installation, "application/made-up/amazon-ads", Redacted.make(`{"${secretMark}": 1}`))
        )
      )
      expect(await card("amazon-ads")).toContain("Cannot be read")
      expect(await card("walmart-connect")).toContain("Secret 2")
      for (const as of ["ada", "rex"] as const) expect((await own.ask(at, { as })).status).toBe(403)
    }))
})
