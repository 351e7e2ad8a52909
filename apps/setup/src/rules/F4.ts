/** Flow F4: many accounts under one main login. */
import { of, rule, type Rule } from "./Rule.ts"

const consolidations = of("ports/test/overview/Consolidations.test.ts")
const grants = of("ports/test/Grants.test.ts")
const diagnoses = of("ports/test/overview/Diagnoses.test.ts")
const members = of("ports/test/organizations/Members.test.ts")
const rights = of("ports/test/organizations/MemberRights.test.ts")
const consolidation = of("domain/test/Consolidation.test.ts")
const plan = of("domain/test/ConsolidationPlan.test.ts")
const diagnosis = of("domain/test/Diagnosis.test.ts")
const demo = of("apps/demo/src/F4.ts")

/** The rules. */
export const f4: ReadonlyArray<Rule> = [
  rule(
    "S-R1",
    "S",
    "An account has one administrator, who alone grants; everybody else who sees it is a secondary user.",
    consolidation(
      "are known logins of the provider, never secondary users of their own account, and nobody has two accesses"
    ),
    consolidation("are the only ones whose grants and withdrawals count"),
    consolidation("are named once; after that they hand over"),
    consolidations("administration is handed over, and the one who had it stays as a secondary user (C13)")
  ),
  rule(
    "S-R2",
    "S",
    "Each account is granted by its own administrator.",
    consolidations("nobody but the administrator can be the one who grants (S-R2)"),
    plan("has every grant made by the account's own administrator, who appears once"),
    plan(
      "leaves out none: an account is editable, planned or unsolved, and unsolved only without a known administrator"
    ),
    demo("The plan is the two steps of the example: A grants M, B grants M")
  ),
  rule(
    "S-R3",
    "S",
    "What a login sees is what the provider shows it, sellers and vendors alike.",
    consolidations("what was carried out at the provider is seen, without anybody telling it here"),
    consolidation("leaves the login's accesses as they were seen, and every administrator in place"),
    demo("A and B carry it out at Amazon; looking again shows all three")
  ),
  rule(
    "S-R4",
    "S",
    "One consent yields many accounts, without a consent for each.",
    consolidations("A signs in and grants M, B signs in and grants M; then M sees all three"),
    grants("links a further country without another consent, and only what it sees now"),
    demo("One consent serves further accounts without another consent")
  ),
  rule(
    "S-R5",
    "S",
    "Six checks, in their order, say why an account is missing.",
    diagnosis("is total: six checks in the order of the rule, each with words, whatever is known"),
    diagnosis("has the first failing check as its headline, and before all a login that was never used"),
    diagnoses("the provider answers what it tells, a person the rest, and a later fact beats the person"),
    diagnoses("a channel that this installation does not offer fails the fifth check")
  ),
  rule(
    "S-R6",
    "D",
    "What a login no longer sees is flagged and keeps its data.",
    consolidations("what was carried out at the provider is seen, without anybody telling it here"),
    of("ports/test/Work.test.ts")("limit a connection that lost a right, and lift the limit when it is back"),
    grants("when no other consent sees it, people are told two minutes later, once")
  ),
  rule(
    "S-R7",
    "D",
    "An account that several logins see falls back to another one when one is lost.",
    grants("another consent that sees the profile takes over, and nobody is asked to authorize"),
    grants("the consent of another organization never takes over"),
    consolidation("falls back to the next login when the first is lost, the administrator before the others"),
    demo("Two logins reach one account: one is revoked, the other takes over")
  ),
  rule(
    "S-R8",
    "A",
    "An admin has signed up before, sees every account and may change other admins.",
    rights(
      "makes an admin only of somebody who has signed up; an admin sees every account and changes other admins (S-R8)"
    ),
    of("domain/test/Member.test.ts")("who is an admin sees everything, whatever is asked (rule S-R8)"),
    members("is for owner and admins only (rule K-R17), and never asks an admin to be limited (rule S-R8)")
  ),
  rule(
    "S-R9",
    "A",
    "Limited people see their accounts and the owner, no other people, and change neither account, status nor access.",
    rights("may connect what they may write, and not see people, move, rename, delete, pause or end anything (S-R9)"),
    of("ports/test/shared/AccessScope.test.ts")("with the right to read sees, and is refused every change in words"),
    of("adapters/console/test/People.test.ts")(
      "somebody limited to one account finds that account and nothing else, on every page and behind every link"
    )
  ),
  rule(
    "S-R10",
    "A",
    "Access here never gives or takes access at the provider.",
    rights("are two things: the provider hears nothing of a member's rights, and the consent stays (S-R10, C12)")
  )
]
