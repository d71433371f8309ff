/** `openmolt completion bash|zsh|fish`: a script for the shell that completes the names of commands and their options. */
import { type Command, type Commands, optionsOf, wrongUsage } from "./command.js";

/** The command, for a table of commands. */
export function completionOf(commands: Commands): Command {
  return {
    summary: "print the completion script for a shell: bash, zsh or fish",
    parameters: ["SHELL"],
    details: [
      "bash: openmolt completion bash > ~/.local/share/bash-completion/completions/openmolt",
      "zsh:  openmolt completion zsh > a file named _openmolt in a folder of $fpath",
      "fish: openmolt completion fish > ~/.config/fish/completions/openmolt.fish",
    ],
    async run(options, [shell = ""]) {
      if (!isShell(shell)) throw wrongUsage(`SHELL is bash, zsh or fish, not ${JSON.stringify(shell)}.`);
      const script = await scriptFor(shell, commands);
      console.log(options.has("--json") ? JSON.stringify({ shell, script }) : script);
      return 0;
    },
  };
}

type Shell = keyof typeof SHELLS;

function isShell(name: string): name is Shell {
  return Object.hasOwn(SHELLS, name);
}

/** The completion script of a shell. */
export async function scriptFor(shell: Shell, commands: Commands): Promise<string> {
  const table = new Map<string, string[]>();
  for (const [name, load] of Object.entries(commands)) {
    table.set(name, [...optionsOf(await load()).map((option) => option.replace(/ .*/, "")), "--help"]);
  }
  return SHELLS[shell](table);
}

type Table = ReadonlyMap<string, readonly string[]>;

/** First words, and for the first words of a group the second ones. */
function wordsOf(table: Table): Map<string, string[]> {
  const words = new Map<string, string[]>([["", ["help"]]]);
  const add = (after: string, word: string) => {
    const list = words.get(after) ?? [];
    if (!list.includes(word)) list.push(word);
    words.set(after, list);
  };
  for (const name of table.keys()) {
    const [first = "", second] = name.split(" ");
    add("", first);
    if (second !== undefined) add(first, second);
  }
  return words;
}

/** What may come after the words given: by `word:FIRST`, and by `option:COMMAND`. */
function choices(table: Table): [string, readonly string[]][] {
  const words = [...wordsOf(table)].map(([after, list]): [string, readonly string[]] => [`word:${after}`, list]);
  return [...words, ...[...table].map(([name, list]): [string, readonly string[]] => [`option:${name}`, list])];
}

/** Branches of a `case` that put it into `found`. */
const branches = (table: Table) =>
  choices(table)
    .map(([asked, words]) => `    "${asked}") found="${words.join(" ")}" ;;`)
    .join("\n");

/** Cases of a `switch` of fish that print it. */
const cases = (table: Table) =>
  choices(table)
    .map(([asked, words]) => `    case '${asked}'\n      printf '%s\\n' ${words.join(" ")}`)
    .join("\n");

const SHELLS = {
  bash: (table: Table) => `# completion of openmolt for bash
_openmolt_words() {
  local found=""
  case "$1" in
${branches(table)}
  esac
  printf '%s' "$found"
}
_openmolt() {
  local current="\${COMP_WORDS[COMP_CWORD]}" first="" second="" found=""
  [ "$COMP_CWORD" -gt 1 ] && first="\${COMP_WORDS[1]}"
  [ "$COMP_CWORD" -gt 2 ] && second="\${COMP_WORDS[2]}"
  if [[ "$current" == -* ]]; then
    found="$(_openmolt_words "option:$first $second")"
    [ -z "$found" ] && found="$(_openmolt_words "option:$first")"
  elif [ "$COMP_CWORD" -le 2 ]; then
    found="$(_openmolt_words "word:$first")"
  fi
  [ -n "$found" ] && COMPREPLY=($(compgen -W "$found" -- "$current"))
}
complete -o default -F _openmolt openmolt`,

  zsh: (table: Table) => `#compdef openmolt
# completion of openmolt for zsh
_openmolt_words() {
  local found=""
  case "$1" in
${branches(table)}
  esac
  print -rn -- "$found"
}
_openmolt() {
  local current="\${words[CURRENT]}" first="" second="" found=""
  (( CURRENT > 2 )) && first="\${words[2]}"
  (( CURRENT > 3 )) && second="\${words[3]}"
  if [[ "$current" == -* ]]; then
    found="$(_openmolt_words "option:$first $second")"
    [[ -z "$found" ]] && found="$(_openmolt_words "option:$first")"
  elif (( CURRENT <= 3 )); then
    found="$(_openmolt_words "word:$first")"
  fi
  if [[ -n "$found" ]]; then compadd -- \${=found}; else _files; fi
}
_openmolt "$@"`,

  fish: (table: Table) => `# completion of openmolt for fish
function __openmolt_words
  set -l before (commandline -opc)
  set -l first $before[2]
  set -l second $before[3]
  if string match -q -- '-*' (commandline -ct)
    __openmolt_known "option:$first $second"; or __openmolt_known "option:$first"
  else if test (count $before) -le 2
    __openmolt_known "word:$first"
  end
end
function __openmolt_known
  switch "$argv[1]"
${cases(table)}
    case '*'
      return 1
  end
end
complete -c openmolt -f -n 'count (__openmolt_words) >/dev/null' -a '(__openmolt_words)'`,
} as const;
