import js from "@eslint/js";
import reactHooks from "eslint-plugin-react-hooks";
import { defineConfig } from "eslint/config";
import tseslint from "typescript-eslint";

export default defineConfig(
  { ignores: ["dist", "node_modules", "src/api/schema.ts"] },
  js.configs.recommended,
  {
    files: ["**/*.{ts,tsx}"],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      // Numbers read naturally inside template strings.
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      // `onClick={() => void copy()}` says that the promise is left on purpose.
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
      "max-lines": ["error", { max: 300, skipBlankLines: true, skipComments: true }],
      "max-lines-per-function": ["error", { max: 80, skipBlankLines: true, skipComments: true }],
    },
  },
  { files: ["src/**/*.{ts,tsx}"], extends: [reactHooks.configs.flat.recommended] },
  {
    files: ["src/**/*.tsx"],
    rules: {
      // Commands are the same in every language, and stand in <code>.
      "no-restricted-syntax": [
        "error",
        {
          selector: "JSXElement:not([openingElement.name.name='code']) > JSXText[value=/[a-z]/i]",
          message: "Words stand in src/messages, in every language.",
        },
        {
          selector:
            "JSXAttribute[name.name=/^(title|alt|placeholder|aria-(label|description))$/] > Literal[value=/\\S/]",
          message: "Words stand in src/messages, in every language.",
        },
      ],
    },
  },
  { files: ["tests/**"], rules: { "max-lines-per-function": "off" } },
);
