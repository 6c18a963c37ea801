/** Goes on with a long list; tells how far one has come. */
import type { JSX } from "preact";
import { formatCount } from "../lib/format";
import { m } from "../paraglide/messages.js";
import { Button } from "./Button";
import styles from "./LoadMore.module.css";

interface LoadMoreProps {
  readonly shown: number;
  readonly total: number;
  readonly hasMore: boolean;
  readonly isBusy: boolean;
  readonly onMore: () => void;
}

export function LoadMore({ shown, total, hasMore, isBusy, onMore }: LoadMoreProps): JSX.Element {
  return (
    <div class={styles.more}>
      <p class="muted small" role="status">
        {m.common_shown_of({ shown: formatCount(shown), total: formatCount(total) })}
      </p>
      {hasMore && (
        <Button kind="secondary" isBusy={isBusy} onClick={onMore}>
          {m.common_load_more()}
        </Button>
      )}
    </div>
  );
}
