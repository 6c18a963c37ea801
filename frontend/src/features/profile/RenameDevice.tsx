/** Calls a device something else. */
import { useMutation } from "@urql/preact";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { graphql } from "../../graphql/graphql";
import { problemsOf, RefusalFragment } from "../../graphql/refusal";
import { useFormProblems } from "../../lib/formProblems";
import { m } from "../../paraglide/messages.js";
import { Button } from "../../ui/Button";
import { Field } from "../../ui/Field";
import { Form } from "../../ui/Form";
import type { Outcome } from "../../ui/OutcomeMessage";
import { Section } from "../../ui/Section";

const RenameDeviceMutation = graphql(
  `
    mutation RenameDevice($input: RenameDeviceInput!) {
      renameDevice(input: $input) {
        __typename
        ... on Device {
          id
          name
        }
        ...Refusal
      }
    }
  `,
  [RefusalFragment],
);

interface RenameDeviceProps {
  readonly id: string;
  readonly name: string;
  readonly onOutcome: (outcome: Outcome | null) => void;
}

export function RenameDevice({ id, name: before, onOutcome }: RenameDeviceProps): JSX.Element {
  const [{ fetching }, rename] = useMutation(RenameDeviceMutation);
  const problems = useFormProblems();
  const [name, setName] = useState(before);
  const submit = async () => {
    onOutcome(null);
    problems.refuse([]);
    if (!name.trim()) return problems.refuse([{ field: "name", message: m.devices_name_needed() }]);
    const result = (await rename({ input: { device: id, name } })).data?.renameDevice;
    if (result?.__typename !== "Device") return problems.refuse(problemsOf(result));
    onOutcome({ kind: "success", text: m.devices_renamed({ name: result.name }) });
  };
  return (
    <Section title={m.devices_rename_title()}>
      <Form errors={problems.summary} isBusy={fetching} onSubmit={() => void submit()}>
        <Field
          name="name"
          label={m.devices_name()}
          hint={m.devices_name_hint()}
          value={name}
          onInput={setName}
          maxLength={60}
          error={problems.at("name")}
        />
        <div>
          <Button type="submit" kind="secondary" isBusy={fetching}>
            {m.devices_rename()}
          </Button>
        </div>
      </Form>
    </Section>
  );
}
