/** The typed `graphql()` tag; documents are checked against the schema and persisted at build time. */
import { initGraphQLTada } from "gql.tada";
import type { introspection } from "./schema-types.d.ts";

export const graphql = /* @__PURE__ */ initGraphQLTada<{
  introspection: introspection;
  scalars: { Date: string; DateTime: string; Decimal: string; ID: string };
}>();
