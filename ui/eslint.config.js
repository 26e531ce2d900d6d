// The rules that TypeScript and svelte-check do not know. The walls of the interface stand here:
// the desktop's API has one door, a feature never imports a feature, text is never markup.
import js from '@eslint/js';
import svelte from 'eslint-plugin-svelte';
import globals from 'globals';
import ts from 'typescript-eslint';
import svelteConfig from './svelte.config.js';

const DESKTOP = {
  group: ['@tauri-apps/*'],
  message: 'Only lib/host/tauri.ts speaks to the desktop shell.',
};
const FAKE = {
  regex: '/fake/',
  message: 'Design data is never part of the product; host.ts imports it in fake builds alone.',
};
const OUTWARD = {
  regex: '(^|/)(features|shell)/',
  message: 'lib is below the features and the shell.',
};
const SIBLING = {
  regex: '(^|/)(features|shell)/|^\\.\\./(stack|clusters|settings)/',
  message: 'A feature never imports a feature; what is shared moves down to lib.',
};

const walls = (...patterns) => ({ 'no-restricted-imports': ['error', { patterns }] });

export default ts.config(
  { ignores: ['dist', 'dist-fake', 'src/bindings'] },
  js.configs.recommended,
  ts.configs.strictTypeChecked,
  svelte.configs.recommended,
  {
    languageOptions: {
      globals: globals.browser,
      parserOptions: {
        projectService: { allowDefaultProject: ['*.js', 'public/*.js'] },
        extraFileExtensions: ['.svelte'],
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      'no-console': 'error',
      eqeqeq: 'error',
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      // Errors of the contract are plain objects, as they cross the wire.
      '@typescript-eslint/only-throw-error': 'off',
      '@typescript-eslint/prefer-promise-reject-errors': 'off',
      // Numbers say themselves.
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      ...walls(DESKTOP, FAKE),
    },
  },
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    languageOptions: { parserOptions: { parser: ts.parser, svelteConfig } },
    rules: {
      // In templates the parser sees `any` where svelte-check, which knows better, sees types.
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      'svelte/no-at-html-tags': 'error',
      'svelte/require-each-key': 'error',
      'svelte/button-has-type': 'error',
      'svelte/no-inspect': 'error',
      'svelte/no-target-blank': 'error',
      'svelte/prefer-const': 'error',
      'prefer-const': 'off',
      'no-restricted-syntax': [
        'error',
        {
          selector: "SvelteAttribute[key.name='style']",
          message: 'The Content-Security-Policy blocks style attributes; use a style: directive.',
        },
      ],
    },
  },
  { files: ['src/lib/**'], rules: walls(DESKTOP, FAKE, OUTWARD) },
  { files: ['src/features/**'], rules: walls(DESKTOP, FAKE, SIBLING) },
  { files: ['src/lib/host/tauri.ts'], rules: walls(FAKE, OUTWARD) },
  {
    files: ['src/lib/host/choose.ts', 'src/lib/host/fake/**', '**/*.test.ts'],
    rules: walls(DESKTOP),
  },
  { files: ['*.js', 'public/*.js'], extends: [ts.configs.disableTypeChecked] },
);
