/** Ends the session on the server; used by the profile and by the idle limit. */
import { graphql } from "./graphql";

export const SignOutMutation = graphql(`
  mutation SignOut {
    signOut {
      isSignedOut
    }
  }
`);
