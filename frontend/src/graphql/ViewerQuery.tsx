/** One query of a page: pending, failed, signed out, or ready with the viewer. */
import type { AnyVariables, TypedDocumentNode } from "@urql/core";
import { useQuery } from "@urql/preact";
import type { ComponentChildren, JSX } from "preact";
import { FailedState } from "../ui/FailedState";
import { SignInRedirect } from "./SignInRedirect";

interface Ready<Data> {
  readonly data: Data;
  /** True while a newer answer is on its way. */
  readonly isRefreshing: boolean;
  readonly refetch: () => void;
}

interface ViewerQueryProps<Data extends { viewer: unknown }, Variables extends AnyVariables> {
  readonly query: TypedDocumentNode<Data, Variables>;
  readonly variables: Variables;
  /** Skeleton of the real layout. */
  readonly pending: ComponentChildren;
  /** Keep the last answer on the screen while other variables load (filters, more rows). */
  readonly keepsLast?: boolean;
  /** What stands around the failed state, where this device alone knows something to show. */
  readonly failed?: (state: JSX.Element) => ComponentChildren;
  readonly children: (viewer: NonNullable<Data["viewer"]>, ready: Ready<Data>) => ComponentChildren;
}

export function ViewerQuery<Data extends { viewer: unknown }, Variables extends AnyVariables>({
  query,
  variables,
  pending,
  keepsLast = false,
  failed = (state) => state,
  children,
}: ViewerQueryProps<Data, Variables>): JSX.Element {
  const [{ data, error, fetching, stale, operation }, execute] = useQuery<Data, AnyVariables>({
    query: query as TypedDocumentNode<Data>,
    variables,
    requestPolicy: "cache-and-network",
  });
  const refetch = () => execute({ requestPolicy: "network-only" });
  const answers = JSON.stringify(operation?.variables ?? {}) === JSON.stringify(variables ?? {});
  if (fetching && !(data && (answers || keepsLast))) return <>{pending}</>;
  if (error) return <>{failed(<FailedState error={error} onRetry={refetch} />)}</>;
  if (!data) return <>{pending}</>;
  const viewer = data.viewer;
  if (!viewer) return <SignInRedirect />;
  return <>{children(viewer, { data, isRefreshing: fetching || stale, refetch })}</>;
}
