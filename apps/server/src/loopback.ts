const loopback = /^(localhost|127(\.\d{1,3}){3}|::1|\[::1\])$/

/** Whether nothing but this machine reaches a host. */
export const isLoopback = (host: string): boolean => loopback.test(host)
