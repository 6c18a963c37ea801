/** Goes on with a long list; tells how far one has come. */
import type { JSX } from "preact";
import { formatCount } from "../lib/format";
import { m } from "../paraglide/messages.js";
import { Button } from "./Button";
import styles from "./LoadMore.module.css";

interface LoadMoreProps {
  readonly shown: number;
  readonly total: number;
  /** There are more than `total`, which nobody has counted. */
  readonly isMore?: boolean;
  readonly hasMore: boolean;
  readonly isBusy: boolean;
  readonly onMore: () => void;
}

export function LoadMore({
  shown,
  total,
  isMore = false,
  hasMore,
  isBusy,
  onMore,
}: LoadMoreProps): JSX.Element {
  const counts = { shown: formatCount(shown), total: formatCount(total) };
  return (
    <div class={styles.more}>
      <p class="muted small" role="status">
        {isMore ? m.common_shown_of_more(counts) : m.common_shown_of(counts)}
      </p>
      {hasMore && (
        <Button kind="secondary" isBusy={isBusy} onClick={onMore}>
          {m.common_load_more()}
        </Button>
      )}
    </div>
  );
}
