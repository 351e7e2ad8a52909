/** The words of the pages in `pages/signIn`. */
import { html, type Markup } from "../../page/html.ts"

/** What the page where people sign in says. */
export const signIn = {
  enterEmail: "Enter your e-mail address.",
  enterPassword: "Enter your password.",
  forgotten: "Forgot your password?",
  lead: "Connect marketplace accounts and see how they stand.",
  newHere: ({ link }: { readonly link: Markup }) => html`New here? ${link}`,
  passwordChanged: "Your password is changed",
  sendLinkAgain: "Send the link again",
  tryItOut: "Try it out",
  tryWith: ({ email, password }: { readonly email: Markup; readonly password: Markup }) =>
    html`Sign in as ${email} with the password ${password}.`,
  withNewPassword: "Sign in with the new one."
}
