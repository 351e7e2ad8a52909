/** The sign-in of the demo world. It is printed at the start and shown on the sign-in page; it protects nothing. */
export const signIn = { email: "vera@demo.example.com", password: "portolan-demo" } as const
