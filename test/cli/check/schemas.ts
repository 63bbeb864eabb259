/** What two formats allow, of all that they have the part that `check` writes. */

const text = { type: 'string', minLength: 1 };
const message = object({ text });
const level = { enum: ['none', 'note', 'warning', 'error'] };

/** Nothing but these keys, and each of them unless it is optional. */
function object(properties: Record<string, object>, optional: readonly string[] = []) {
  const required = Object.keys(properties).filter((key) => !optional.includes(key));
  return { type: 'object', properties, required, additionalProperties: false };
}

function list(items: object, minItems = 0) {
  return { type: 'array', items, minItems };
}

/** Source: OASIS, SARIF Version 2.1.0, 3.13 to 3.59; what GitHub asks for besides: docs.github.com, "SARIF support for code scanning". */
export const SARIF = object({
  $schema: text,
  version: { const: '2.1.0' },
  runs: list(
    object({
      tool: object({
        driver: object({
          name: text,
          version: text,
          rules: list(
            object({
              id: text,
              shortDescription: message,
              fullDescription: message,
              help: message,
              defaultConfiguration: object({ level }),
            }),
          ),
        }),
      }),
      columnKind: { enum: ['utf16CodeUnits', 'unicodeCodePoints'] },
      results: list(
        object({
          ruleId: text,
          ruleIndex: { type: 'integer', minimum: 0 },
          level,
          message,
          locations: list(
            object(
              {
                physicalLocation: object({
                  // A URI reference, RFC 3986: nothing that has to be encoded.
                  artifactLocation: object({
                    uri: { type: 'string', pattern: "^(?:[\\w./:!~*'()-]|%[0-9A-F]{2})+$" },
                  }),
                  region: object(
                    {
                      startLine: { type: 'integer', minimum: 1 },
                      startColumn: { type: 'integer', minimum: 1 },
                    },
                    ['startColumn'],
                  ),
                }),
                logicalLocations: list(object({ fullyQualifiedName: text })),
              },
              ['logicalLocations'],
            ),
            1,
          ),
          partialFingerprints: { type: 'object', additionalProperties: text },
        }),
      ),
    }),
    1,
  ),
});

/** Source: docs.gitlab.com/ci/testing/code_quality, "Code Quality report format". */
export const GITLAB = list(
  object({
    description: text,
    check_name: text,
    fingerprint: text,
    severity: { enum: ['info', 'minor', 'major', 'critical', 'blocker'] },
    location: object({
      // Relative, without `./`.
      path: { type: 'string', minLength: 1, pattern: '^(?!\\./)' },
      lines: object({ begin: { type: 'integer', minimum: 1 } }),
    }),
  }),
);
