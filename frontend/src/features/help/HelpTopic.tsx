/** One topic of the help: its questions fold open. */
import { type FragmentOf, readFragment } from "gql.tada";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { graphql } from "../../graphql/graphql";
import { Disclosure } from "../../ui/Disclosure";
import { Section } from "../../ui/Section";

export const HelpTopicFragment = graphql(`
  fragment HelpTopic on HelpTopic {
    title
    entries {
      key
      question
      answer
    }
  }
`);

export function HelpTopic({
  topic,
}: {
  readonly topic: FragmentOf<typeof HelpTopicFragment>;
}): JSX.Element {
  const { title, entries } = readFragment(HelpTopicFragment, topic);
  const [open, setOpen] = useState<readonly string[]>([]);
  const toggle = (key: string) =>
    setOpen(open.includes(key) ? open.filter((other) => other !== key) : [...open, key]);
  return (
    <Section title={title}>
      {entries.map(({ key, question, answer }) => (
        <Disclosure
          key={key}
          title={question}
          isOpen={open.includes(key)}
          onToggle={() => toggle(key)}
        >
          <div class="stack">
            {answer.split("\n\n").map((paragraph) => (
              <p key={paragraph}>{paragraph}</p>
            ))}
          </div>
        </Disclosure>
      ))}
    </Section>
  );
}
