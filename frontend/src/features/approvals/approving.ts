/** The steps of giving an approval, and what each answer of the server leads to. */
import { useMutation } from "@urql/preact";
import { type FragmentOf, readFragment } from "gql.tada";
import { useState } from "preact/hooks";
import { type ApprovedOutcome, ApprovedOutcomeFragment } from "../../graphql/approvals";
import { graphql } from "../../graphql/graphql";
import { type IssuedReceipt, ReceiptFragment } from "../../graphql/receipts";
import { RefusalFragment, type Refused, refusalText } from "../../graphql/refusal";
import { renewing } from "../../graphql/tokenRenewal";
import { getPasskey } from "../../lib/passkeys";
import { m } from "../../paraglide/messages.js";

const RequestApprovalTanMutation = graphql(
  `
    mutation RequestApprovalTan($input: RequestApprovalTanInput!) {
      requestApprovalTan(input: $input) {
        __typename
        ... on ApprovalTanSent {
          maskedPhoneNumber
          expiresAt
        }
        ...Refusal
      }
    }
  `,
  [RefusalFragment],
);

const ApprovalPasskeyOptionsMutation = graphql(
  `
    mutation ApprovalPasskeyOptions($input: ApprovalPasskeyOptionsInput!) {
      approvalPasskeyOptions(input: $input) {
        __typename
        ... on ApprovalPasskeyOptions {
          options
        }
        ...Refusal
      }
    }
  `,
  [RefusalFragment],
);

const ApproveWithPasskeyMutation = graphql(
  `
    mutation ApproveWithPasskey($input: ApproveWithPasskeyInput!) {
      approveWithPasskey(input: $input) {
        __typename
        ... on Approved {
          viewer {
            id
          }
          outcome {
            ...ApprovedOutcome
          }
          receipt {
            ...Receipt
          }
        }
        ...Refusal
      }
    }
  `,
  [ApprovedOutcomeFragment, ReceiptFragment, RefusalFragment],
);

const ApproveWithTanMutation = graphql(
  `
    mutation ApproveWithTan($input: ApproveWithTanInput!) {
      approveWithTan(input: $input) {
        __typename
        ... on Approved {
          viewer {
            id
          }
          outcome {
            ...ApprovedOutcome
          }
          receipt {
            ...Receipt
          }
        }
        ... on WrongTan {
          attemptsLeft
        }
        ...Refusal
      }
    }
  `,
  [ApprovedOutcomeFragment, ReceiptFragment, RefusalFragment],
);

export interface SentTan {
  readonly maskedPhoneNumber: string;
  readonly expiresAt: string;
}

type Step =
  | { readonly name: "choose" }
  | { readonly name: "tan"; readonly sent: SentTan }
  | { readonly name: "ended"; readonly message: string };

export interface Approving {
  readonly step: Step;
  /** What went wrong with the last attempt; another one is possible. */
  readonly problem: string | null;
  /** What has just happened and needs no answer. */
  readonly notice: string | null;
  readonly isBusy: boolean;
  readonly approveWithPasskey: () => void;
  readonly requestTan: () => void;
  /** `digits` null: what was typed can't be a TAN; no attempt is spent on it. */
  readonly approveWithTan: (digits: string | null) => void;
}

/** Refusals after which this approval can't be given any more. */
const OVER = new Set(["ApprovalExpired", "ApprovalUsedUp", "Conflict", "NotFound"]);

interface Approved {
  readonly outcome: FragmentOf<typeof ApprovedOutcomeFragment>;
  readonly receipt: IssuedReceipt;
}

function approved({ outcome, receipt }: Approved): ApprovedOutcome {
  return { ...readFragment(ApprovedOutcomeFragment, outcome), receipt };
}

interface Answer {
  readonly __typename: string;
  /** Of a wrong TAN. */
  readonly attemptsLeft?: number;
}

/** Whether a refusal ends the approval, or leaves another attempt. */
export function isOver({ __typename, attemptsLeft }: Answer): boolean {
  return __typename === "WrongTan" ? attemptsLeft === 0 : OVER.has(__typename);
}

export function useApproving(
  approval: string,
  onClose: (outcome: ApprovedOutcome | null) => void,
): Approving {
  const [, askForTan] = useMutation(RequestApprovalTanMutation);
  const [, askForOptions] = useMutation(ApprovalPasskeyOptionsMutation);
  const [, sendPasskey] = useMutation(ApproveWithPasskeyMutation);
  const [, sendTan] = useMutation(ApproveWithTanMutation);
  const [step, setStep] = useState<Step>({ name: "choose" });
  const [problem, setProblem] = useState<string | null>(null);
  const [notice, setNotice] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);

  const refuse = (answer: (Answer & Refused) | undefined) => {
    if (!answer) setProblem(m.common_unreachable());
    else if (answer.__typename === "NotSignedIn") onClose(null);
    else if (isOver(answer)) setStep({ name: "ended", message: refusalText(answer) });
    else setProblem(refusalText(answer));
  };
  const withPasskey = async () => {
    const options = (await askForOptions({ input: { approval } })).data?.approvalPasskeyOptions;
    if (options?.__typename !== "ApprovalPasskeyOptions") return refuse(options);
    const credential = await getPasskey(options.options);
    if (!credential) return setProblem(m.approvals_passkey_cancelled());
    const answer = await renewing(sendPasskey({ input: { approval, credential } }));
    const result = answer.data?.approveWithPasskey;
    if (result?.__typename !== "Approved") return refuse(result);
    onClose(approved(result));
  };
  const forTan = async () => {
    const sent = (await askForTan({ input: { approval } })).data?.requestApprovalTan;
    if (sent?.__typename !== "ApprovalTanSent") return refuse(sent);
    if (step.name === "tan") setNotice(m.approvals_tan_again_sent());
    setStep({ name: "tan", sent });
  };
  const withTan = async (tan: string | null) => {
    if (!tan) return setProblem(m.account_tan_needed());
    const result = (await renewing(sendTan({ input: { approval, tan } }))).data?.approveWithTan;
    if (result?.__typename !== "Approved") return refuse(result);
    onClose(approved(result));
  };
  /** One attempt at a time; what the last one said goes first, so that its repetition is announced. */
  const attempt = async (act: () => Promise<void>, failed: string) => {
    if (isBusy) return;
    setBusy(true);
    setProblem(null);
    setNotice(null);
    await act().catch(() => setProblem(failed));
    setBusy(false);
  };
  return {
    step,
    problem,
    notice,
    isBusy,
    approveWithPasskey: () => void attempt(withPasskey, m.approvals_passkey_failed()),
    requestTan: () => void attempt(forTan, m.common_unreachable()),
    approveWithTan: (digits) => void attempt(() => withTan(digits), m.common_unreachable()),
  };
}
