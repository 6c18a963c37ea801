/** Writing, looking at exactly what will be sent, sent; what was typed stays when one goes back. */
import type { ResultOf } from "gql.tada";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { readDevice } from "../../lib/deviceFacts";
import { keptDraft } from "../../lib/drafts";
import {
  type DiagnosticsFragment,
  type DiagnosticsGroup,
  diagnosticsGroups,
  writtenGroups,
} from "./diagnostics";
import { type Reviewed, ReviewStep, type SentRequest } from "./ReviewStep";
import { SentStep } from "./SentStep";
import { WriteStep } from "./WriteStep";

interface SupportRequestStepsProps {
  readonly viewer: string;
  readonly desk: string;
  readonly known: ResultOf<typeof DiagnosticsFragment>;
}

export function SupportRequestSteps({
  viewer,
  desk,
  known,
}: SupportRequestStepsProps): JSX.Element {
  const place = `${viewer}:support`;
  const [groups] = useState(() => diagnosticsGroups(known, readDevice()));
  // What could not be sent is looked at and sent again as it was, under its own key.
  const [reviewed, setReviewed] = useState(() => keptDraft<Reviewed>(place));
  const [text, setText] = useState(reviewed?.text ?? "");
  const [chosen, setChosen] = useState<readonly DiagnosticsGroup["key"][]>([]);
  const [sent, setSent] = useState<SentRequest | null>(null);

  if (sent) return <SentStep key="sent" sent={sent} />;
  if (reviewed) {
    return (
      <ReviewStep
        key="review"
        place={place}
        desk={desk}
        reviewed={reviewed}
        onBack={() => setReviewed(null)}
        onSent={setSent}
      />
    );
  }
  const going = groups.filter(({ key }) => chosen.includes(key));
  return (
    <WriteStep
      key="write"
      desk={desk}
      text={text}
      groups={groups}
      chosen={chosen}
      onInput={setText}
      onChoose={setChosen}
      onReview={() =>
        setReviewed({
          text: text.trim(),
          diagnostics: going.length > 0 ? writtenGroups(going) : null,
        })
      }
    />
  );
}
