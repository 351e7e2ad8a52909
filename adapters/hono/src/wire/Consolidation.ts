/** A company's logins, accounts and plan on the wire (flow F4). */
import { AccountType, Id, Marketplace, Permission, Profile, Provider, Text as DomainText } from "@portolan/domain"
import type { Consolidations } from "@portolan/ports"
import { Redacted, Schema } from "effect"
import { By, by, Instant, instant, NameInput } from "./Text.ts"

/** An e-mail address as callers send it. */
export const Email = DomainText.EmailInput.pipe(
  Schema.annotateEncoded({ description: "An e-mail address; upper case becomes lower case." })
)

const Login = Schema.Struct({
  id: Id.CredentialId,
  provider: Marketplace.Provider,
  name: Schema.String,
  email: Schema.optionalKey(Schema.String),
  providerUserId: Schema.optionalKey(
    Schema.String.annotate({ description: "The provider's id of the user, once somebody signed in with the login." })
  )
}).annotate({ identifier: "Login", description: "A login at a provider. Its password is never stored." })

const Reaching = Schema.Struct({
  credentialId: Id.CredentialId,
  role: Schema.Literals(["administrator", "secondary-user"]),
  permission: Permission.Permission
})

const ProviderAccountAnswer = Schema.Struct({
  id: Schema.String,
  name: Schema.String,
  provider: Marketplace.Provider,
  accountType: AccountType.AccountType,
  marketplaces: Schema.Array(Schema.String),
  linkedAccountId: Schema.optionalKey(Id.AccountId),
  administratorId: Schema.optionalKey(Id.CredentialId),
  logins: Schema.Array(Reaching).annotate({
    description: "The logins that can see it, the strongest first; when the first is lost, the next takes over."
  })
}).annotate({ identifier: "ProviderAccount", description: "An account as the provider's own console knows it." })

const PlanIssue = Schema.Struct({ accountId: Schema.String, detail: Schema.String, nextStep: Schema.String })

const Plan = Schema.Struct({
  mainCredentialId: Schema.optionalKey(Id.CredentialId),
  steps: Schema.Array(
    Schema.Struct({
      credentialId: Id.CredentialId,
      lines: Schema.Array(Schema.String),
      grants: Schema.Array(
        Schema.Struct({ accountId: Schema.String, permission: Schema.Literals(["edit"]), upgrade: Schema.Boolean })
      )
    })
  ).annotate({ description: "In order: one step for each person who has to sign in." }),
  visible: Schema.Array(
    Schema.Struct({
      accountId: Schema.String,
      role: Schema.Literals(["administrator", "secondary-user"]),
      permission: Permission.Permission
    })
  ),
  unsolved: Schema.Array(PlanIssue),
  doubts: Schema.Array(PlanIssue)
}).annotate({
  identifier: "ConsolidationPlan",
  description: "Who has to sign in and what to grant there, so that the main login sees every account."
})

/** A company's logins, accounts and plan. */
export const Answer = Schema.Struct({
  companyId: Id.CompanyId,
  logins: Schema.Array(Login),
  accounts: Schema.Array(ProviderAccountAnswer),
  unknownAccounts: Schema.Array(
    Schema.Struct({
      id: Schema.String,
      name: Schema.String,
      permission: Permission.Permission,
      credentialId: Id.CredentialId
    })
  ).annotate({ description: "Accounts that a login can see and that nobody has added." }),
  looks: Schema.Array(Schema.Struct({ credentialId: Id.CredentialId, at: Instant })),
  consents: Schema.Array(
    Schema.Struct({
      grantId: Id.GrantId,
      region: Schema.String,
      consentedAt: Instant,
      credentialId: Schema.optionalKey(Id.CredentialId)
    })
  ).annotate({ description: "Consents that can be used to ask what their login sees, the latest first." }),
  plan: Plan,
  share: Schema.optionalKey(
    Schema.Struct({
      url: Schema.optionalKey(
        Schema.String.annotate({ description: "Shows the plan without a sign-in. Absent once it no longer works." })
      ),
      sharedBy: By,
      sharedAt: Instant,
      expiresAt: Instant,
      mailedTo: Schema.Array(Schema.String)
    })
  )
}).annotate({
  identifier: "Consolidation",
  description:
    "A company's logins at its providers, the accounts they can see, and the plan to gather them under one login."
})

/** A login to add. */
export const NewLogin = Schema.Struct({
  provider: Schema.optionalKey(Provider.Known.annotate({ description: "`amazon` by default." })),
  name: NameInput,
  email: Schema.optionalKey(Email)
})

/** An account to add. */
export const NewAccount = Schema.Struct({
  id: Schema.optionalKey(
    Profile.ExternalId.annotate({ description: "The provider's id (merchant or entity id), when it is known." })
  ),
  name: Schema.optionalKey(NameInput),
  accountType: Schema.optionalKey(AccountType.Known),
  marketplaces: Schema.optionalKey(Schema.Array(Marketplace.Known).check(Schema.isMaxLength(40))),
  linkedAccountId: Schema.optionalKey(
    Id.AccountId.annotate({ description: "An account of your organization; it supplies what is left out." })
  ),
  administratorId: Schema.optionalKey(Id.CredentialId)
})

/** Which login is to be looked with. */
export const NewLook = Schema.Struct({
  credentialId: Id.CredentialId,
  grantId: Schema.optionalKey(
    Id.GrantId.annotate({ description: "The consent to ask with; by default the one that this login gave." })
  )
})

/** Whom the plan is mailed to. */
export const NewMail = Schema.Struct({
  email: Email,
  name: Schema.optionalKey(NameInput),
  message: Schema.optionalKey(Schema.String.check(Schema.isMaxLength(1000)))
})

type View = Consolidations.ConsolidationView

const planIssue = ({
  account,
  detail,
  nextStep
}: View["plan"]["unsolved"][number] | View["plan"]["doubts"][number]): typeof PlanIssue.Type => ({
  accountId: account.id,
  detail,
  nextStep
})

const plan = ({ doubts, main, steps, unsolved, visible }: View["plan"]): typeof Plan.Type => ({
  ...(main === undefined ? {} : { mainCredentialId: main.id }),
  steps: steps.map(({ grants, lines, login }) => ({
    credentialId: login.id,
    lines,
    grants: grants.map(({ account, permission, upgrade }) => ({ accountId: account.id, permission, upgrade }))
  })),
  visible: visible.map(({ account, permission, role }) => ({ accountId: account.id, role, permission })),
  unsolved: unsolved.map(planIssue),
  doubts: doubts.map(planIssue)
})

const share = ({ address }: View) =>
  address === undefined
    ? {}
    : {
        share: {
          ...(address.url === undefined ? {} : { url: Redacted.value(address.url) }),
          sharedBy: by(address.share.sharedBy),
          sharedAt: instant(address.share.sharedAt),
          expiresAt: instant(address.share.expiresAt),
          mailedTo: address.share.mails.map(({ to }) => to)
        }
      }

/** Writes a consolidation. */
export const of = (view: View): typeof Answer.Type => {
  const { company, consents, consolidation, coverage } = view
  return {
    companyId: company.id,
    logins: consolidation.credentials.map(({ email, id, name, provider, providerUserId }) => ({
      id,
      provider,
      name,
      ...(email === undefined ? {} : { email }),
      ...(providerUserId === undefined ? {} : { providerUserId })
    })),
    accounts: consolidation.accounts.map(
      ({ accountType, administratorId, id, linkedAccountId, marketplaceIds, name, provider }) => ({
        id,
        name,
        provider,
        accountType,
        marketplaces: marketplaceIds,
        ...(linkedAccountId === undefined ? {} : { linkedAccountId }),
        ...(administratorId === undefined ? {} : { administratorId }),
        logins: (coverage.find(({ accountId }) => accountId === id)?.logins ?? []).map(
          ({ credential, permission, role }) => ({ credentialId: credential.id, role, permission })
        )
      })
    ),
    unknownAccounts: consolidation.looks.flatMap(({ credentialId, unknown }) =>
      unknown.map(({ id, name, permission }) => ({ id, name, permission, credentialId }))
    ),
    looks: consolidation.looks.map(({ at, credentialId }) => ({ credentialId, at: instant(at) })),
    consents: consents.map(({ credentialId, grant }) => ({
      grantId: grant.id,
      region: grant.region,
      consentedAt: instant(grant.consentedAt),
      ...(credentialId === undefined ? {} : { credentialId })
    })),
    plan: plan(view.plan),
    ...share(view)
  }
}
