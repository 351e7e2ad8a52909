/** Short names for states and standings, as badges and headings show them. */

/** Short names for states and standings, as badges and headings show them. */
export const labels = {
  "status.not-connected": "Not connected",
  "status.awaiting-selection": "Waiting for your choice",
  "status.awaiting-access": "Waiting for access",
  "status.ready-to-link": "Ready to be linked",
  "status.access-overdue": "Access is overdue",
  "status.connected": "Connected",
  "status.limited": "Limited",
  "status.paused": "Paused",
  "status.reauthorization-needed": "Reauthorization needed",
  "status.disconnected": "Disconnected",
  "authorization-state.started": "At the provider",
  "authorization-state.exchanging": "Coming back",
  "authorization-state.list-failed": "Profiles not listed yet",
  "authorization-state.nothing-visible": "No profile visible yet",
  "authorization-state.finalised": "Finished",
  "authorization-state.declined": "Declined",
  "authorization-state.failed": "Failed",
  "authorization-state.expired": "Timed out",
  "authorization-state.dismissed": "Dismissed",
  "link-state.open": "Open",
  "link-state.used": "Used",
  "link-state.revoked": "Withdrawn",
  "link-state.expired": "Expired"
}
