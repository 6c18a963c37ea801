/** What will sign in after a recovery, as it is typed; kept in memory only. */
export interface Credentials {
  readonly newPassword: string;
  readonly hasNewPhone: boolean;
  readonly phoneNumber: string;
}
