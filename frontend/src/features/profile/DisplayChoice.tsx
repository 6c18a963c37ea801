/** Language and appearance on this device. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { useLocale } from "../../lib/locale";
import { chooseTheme, chosenTheme, type Theme } from "../../lib/theme";
import { m } from "../../paraglide/messages.js";
import { Section } from "../../ui/Section";
import { SelectField } from "../../ui/SelectField";

export function DisplayChoice(): JSX.Element {
  const { locale, choose } = useLocale();
  const [theme, setTheme] = useState<Theme>(chosenTheme);
  return (
    <Section title={m.profile_display()}>
      <SelectField
        name="language"
        label={m.profile_language()}
        value={locale}
        onChange={(value) => choose(value === "en" ? "en" : "de")}
        options={[
          { value: "de", label: m.profile_language_de() },
          { value: "en", label: m.profile_language_en() },
        ]}
      />
      <SelectField
        name="theme"
        label={m.shell_theme()}
        value={theme}
        onChange={(value) => {
          const next = value === "light" || value === "dark" ? value : "system";
          chooseTheme(next);
          setTheme(next);
        }}
        options={[
          { value: "system", label: m.shell_theme_system() },
          { value: "light", label: m.shell_theme_light() },
          { value: "dark", label: m.shell_theme_dark() },
        ]}
      />
      <p class="muted small">{m.profile_device_only()}</p>
    </Section>
  );
}
