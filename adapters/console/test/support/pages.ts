/** Every page in every state worth looking at. */
import type { Seeded } from "./seed.ts"
import type { Who } from "./World.ts"

export interface Shown {
  readonly name: string
  readonly path: string
  readonly as?: Who
}

export const pages = ({ accounts, companies, connections, links, trips }: Seeded): ReadonlyArray<Shown> => [
  { name: "sign-in", path: "/sign-in" },
  { name: "companies", path: "/companies", as: "ada" },
  { name: "companies-nothing-found", path: "/companies?search=zzz", as: "ada" },
  { name: "companies-empty", path: "/companies", as: "rex" },
  { name: "company-new", path: "/companies/new", as: "ada" },
  { name: "company", path: `/companies/${companies.nordwind.id}`, as: "ada" },
  { name: "company-blank", path: `/companies/${companies.blank.id}?done=company-added`, as: "ada" },
  { name: "company-viewer", path: `/companies/${companies.nordwind.id}`, as: "vic" },
  { name: "account-new", path: `/companies/${companies.nordwind.id}/accounts/new`, as: "ada" },
  { name: "account", path: `/accounts/${accounts.de.id}`, as: "ada" },
  { name: "account-vendor", path: `/accounts/${accounts.vendor.id}`, as: "ada" },
  { name: "account-pending", path: `/accounts/${accounts.uk.id}`, as: "mia" },
  { name: "account-viewer", path: `/accounts/${accounts.de.id}`, as: "vic" },
  { name: "pending", path: "/pending", as: "ada" },
  { name: "pending-none", path: "/pending", as: "rex" },
  { name: "pending-choice", path: `/pending/${trips.choice}`, as: "ada" },
  { name: "pending-empty", path: `/pending/${trips.empty}`, as: "ada" },
  { name: "pending-finalised", path: `/pending/${trips.finalised}`, as: "ada" },
  { name: "pending-declined", path: `/pending/${trips.declined}`, as: "ada" },
  { name: "pending-failed", path: `/pending/${trips.failed}`, as: "ada" },
  { name: "connections", path: "/connections", as: "ada" },
  { name: "connections-filtered", path: "/connections?state=attention", as: "ada" },
  { name: "connections-none", path: "/connections", as: "rex" },
  { name: "connection-loading", path: `/connections/${connections.sales}`, as: "ada" },
  { name: "connection-ads", path: `/connections/${connections.loading}`, as: "ada" },
  { name: "connection-complete", path: `/connections/${connections.complete}`, as: "ada" },
  { name: "connection-lost", path: `/connections/${connections.lost}`, as: "ada" },
  { name: "connection-limited", path: `/connections/${connections.limited}`, as: "ada" },
  { name: "connection-ended", path: `/connections/${connections.ended}`, as: "ada" },
  { name: "connection-proposed", path: `/connections/${connections.proposed}`, as: "ada" },
  { name: "connection-disconnect", path: `/connections/${connections.complete}/disconnect`, as: "ada" },
  { name: "link-open", path: links.open.path },
  { name: "link-used", path: links.used.path },
  { name: "link-revoked", path: links.revoked.path },
  { name: "link-expired", path: links.expired.path },
  { name: "link-unknown", path: `/link/${"x".repeat(43)}` },
  { name: "arrived-consented", path: "/arrived/amazon-ads/consented" },
  { name: "arrived-declined", path: "/arrived/amazon-ads/declined?again=1" },
  { name: "arrived-other-browser", path: "/arrived/amazon-sp/other-browser" },
  { name: "arrived-failed", path: "/arrived/amazon-sp/application-rejected" },
  { name: "not-found", path: "/nowhere", as: "ada" },
  { name: "not-allowed", path: "/companies/new", as: "vic" }
]
