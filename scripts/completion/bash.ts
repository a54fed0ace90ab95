import { posixTable } from './posix.ts'
import type { CompletedCommand } from './tree.ts'

/** A completion script for bash 4 and later. */
export function bashScript(tree: CompletedCommand): string {
  return `# bash completion of ${tree.name}
${posixTable(tree)}

_starling() {
  local at=${tree.name} flags commands files kind values word i
  for ((i = 1; i <= COMP_CWORD; i++)); do
    word=\${COMP_WORDS[i]}
    _starling_at "$at" "\${COMP_WORDS[i - 1]}"
    if ((i < COMP_CWORD)) && [[ -z $kind && " $commands " == *" $word "* ]]; then at+=" $word"; fi
  done
  COMPREPLY=()
  case $kind in
    choices) mapfile -t COMPREPLY < <(compgen -W "$values" -- "$word") ;;
    folder)
      compopt -o filenames 2> /dev/null
      mapfile -t COMPREPLY < <(compgen -d -- "$word")
      ;;
    file) files=yes ;;
    other) ;;
    *)
      if [[ $word == -* ]]; then
        files=
        mapfile -t COMPREPLY < <(compgen -W "$flags" -- "$word")
      else
        mapfile -t COMPREPLY < <(compgen -W "$commands" -- "$word")
      fi
      ;;
  esac
  if [[ $files == yes ]]; then
    compopt -o filenames 2> /dev/null
    mapfile -t -O "\${#COMPREPLY[@]}" COMPREPLY < <(compgen -f -- "$word")
  fi
}
complete -F _starling ${tree.name}`
}
