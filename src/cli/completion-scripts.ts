/** The completion scripts of three shells, from the same description of the verbs. */
import type { CompletedVerb, Words } from './completion.ts';

/** bash 3.2, which macOS has, and later. */
export function bashScript(verbs: readonly CompletedVerb[]): string {
  const cases = verbs.map(({ name, options, argument }) => {
    const flags = options.flatMap((option) => option.flags).join(' ');
    const values = options
      .filter(({ value }) => value !== undefined)
      .map(({ flags, value }) => `        ${flags.join('|')}) ${bashWords(value)}; return ;;\n`)
      .join('');
    return `    ${name})
      case "$previous" in
${values}      esac
      if [[ "$word" == -* ]]; then COMPREPLY=($(compgen -W '${flags}' -- "$word"))
      else ${bashWords(argument)}; fi
      ;;
`;
  });
  return `# bash completion for ma-overlays
_ma_overlays_overlays() {
  local file
  for file in overlays/*/kustomization.y*ml overlays/*/Kustomization; do
    if [[ -f "$file" ]]; then printf '%s\\n' "\${file%/*}"; fi
  done
}
_ma_overlays() {
  local word="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}"
  local IFS=$' \\t\\n'
  COMPREPLY=()
  if ((COMP_CWORD == 1)); then
    COMPREPLY=($(compgen -W '${verbs.map(({ name }) => name).join(' ')} --help --version' -- "$word"))
    return
  fi
  case "\${COMP_WORDS[1]}" in
${cases.join('')}  esac
}
complete -F _ma_overlays ma-overlays
`;
}

function bashWords(words: Words | undefined): string {
  const offer = (source: string) => `COMPREPLY=($(compgen ${source} -- "$word"))`;
  if (words?.kind === 'choices') return offer(`-W '${words.choices.join(' ')}'`);
  if (words?.kind === 'overlays') return offer('-W "$(_ma_overlays_overlays)"');
  if (words?.kind === 'files') return offer('-f');
  if (words?.kind === 'folders') return offer('-d');
  return ':';
}

/** zsh, through its own `_arguments`. */
export function zshScript(verbs: readonly CompletedVerb[]): string {
  const cases = verbs.map(({ name, options, argument }) => {
    const lines = options.flatMap(({ flags, description, value }) =>
      flags.map((flag) => {
        const rest = value === undefined ? '' : `: :${zshWords(value)}`;
        return `        ${shellQuoted(`*${flag}[${description.replaceAll(/[[\]:\\]/g, '\\$&')}]${rest}`)} \\\n`;
      }),
    );
    return `    (${name})\n      _arguments \\\n${lines.join('')}        ${shellQuoted(`*: :${zshWords(argument)}`)}\n      ;;\n`;
  });
  const rows = verbs.map(
    ({ name, description }) =>
      `    ${shellQuoted(`${name}:${description.replaceAll(':', '\\:')}`)}\n`,
  );
  return `#compdef ma-overlays
_ma_overlays_overlays() {
  local -a found
  found=(overlays/*/kustomization.y*ml(N:h) overlays/*/Kustomization(N:h))
  compadd -a found
}
_ma_overlays() {
  local -a verbs
  verbs=(
${rows.join('')}  )
  if ((CURRENT == 2)); then
    _describe verb verbs
    return
  fi
  local verb="$words[2]"
  shift words
  ((CURRENT--))
  case "$verb" in
${cases.join('')}  esac
}
if [[ "$funcstack[1]" == _ma-overlays ]]; then _ma_overlays "$@"; else compdef _ma_overlays ma-overlays; fi
`;
}

function zshWords(words: Words): string {
  if (words.kind === 'choices') return `(${words.choices.join(' ')})`;
  if (words.kind === 'overlays') return '_ma_overlays_overlays';
  if (words.kind === 'files') return '_files';
  if (words.kind === 'folders') return '_files -/';
  return ' ';
}

/** fish. */
export function fishScript(verbs: readonly CompletedVerb[]): string {
  const lines = verbs.flatMap(({ name, description, options, argument }) => {
    const condition = shellQuoted(`__fish_seen_subcommand_from ${name}`);
    const start = `complete -c ma-overlays -n ${condition}`;
    return [
      `complete -c ma-overlays -n __fish_use_subcommand -a ${name} -d ${fishQuoted(description)}`,
      ...options.map(({ flags, description: what, value }) => {
        const names = flags.map((flag) =>
          flag.startsWith('--') ? `-l ${flag.slice(2)}` : `-s ${flag.slice(1)}`,
        );
        const words =
          value === undefined
            ? ''
            : ` ${value.kind === 'files' ? '-r' : '-x'} ${fishWords(value)}`.trimEnd();
        return `${start} ${names.join(' ')}${words} -d ${fishQuoted(what)}`;
      }),
      ...(argument.kind === 'text' ? [] : [`${start} ${fishWords(argument)}`]),
    ];
  });
  return `# fish completion for ma-overlays
function __ma_overlays_overlays
  for file in overlays/*/kustomization.yaml overlays/*/kustomization.yml overlays/*/Kustomization
    string replace -r '/[^/]*$' '' -- $file
  end
end
complete -c ma-overlays -f
complete -c ma-overlays -n __fish_use_subcommand -l version -d 'print the version'
${lines.join('\n')}
`;
}

function fishWords(words: Words): string {
  if (words.kind === 'choices') return `-a ${fishQuoted(words.choices.join(' '))}`;
  if (words.kind === 'overlays') return "-a '(__ma_overlays_overlays)'";
  if (words.kind === 'files') return '-F';
  if (words.kind === 'folders') return "-a '(__fish_complete_directories)'";
  return '';
}

function shellQuoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

function fishQuoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
