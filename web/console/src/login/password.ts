/** Characters of the shortest password that the server takes. */
export const shortestPassword = 12
