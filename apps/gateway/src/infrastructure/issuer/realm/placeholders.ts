type Values = Readonly<Record<string, string>>;

/** Fills `${NAME}` and `${NAME:default}` in every text, as Keycloak does on import. A name without value or default stays as it is. */
export function filled(value: unknown, values: Values): unknown {
  if (typeof value === 'string') return filledText(value, values);
  if (Array.isArray(value)) return value.map((each) => filled(each, values));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, filled(each, values)]));
}

function filledText(text: string, values: Values): string {
  return text.replace(/\$\{([A-Z][A-Z0-9_]*)(?::([^}]*))?\}/g, (whole, name: string, fallback: string | undefined) =>
    Object.hasOwn(values, name) ? (values[name] ?? whole) : (fallback ?? whole),
  );
}
