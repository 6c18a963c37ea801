/** How somebody who wrote learns of the answer: by mail, unless mails come back from them (X7). */
import { useQuery } from "@urql/preact";
import type { JSX } from "preact";
import { graphql } from "../graphql/graphql";
import { paths } from "../lib/paths";
import { m } from "../paraglide/messages.js";

const AnswerNoticeQuery = graphql(`
  query AnswerNotice {
    viewer {
      id
      emailAddress
      noticeFailedAt
    }
  }
`);

export function AnswerNotice(): JSX.Element | null {
  const [{ data }] = useQuery({ query: AnswerNoticeQuery });
  if (!data?.viewer) return null;
  const { emailAddress: address, noticeFailedAt } = data.viewer;
  if (!noticeFailedAt) return <p>{m.common_answer_notice({ address })}</p>;
  return (
    <>
      <p>{m.common_answer_unreached({ address })}</p>
      <p>
        <a href={paths.changeEmailAddress}>{m.common_answer_reach()}</a>
      </p>
    </>
  );
}
