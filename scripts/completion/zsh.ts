import { posixTable } from './posix.ts'
import type { CompletedCommand } from './tree.ts'

/** A completion script for zsh, as a file in $fpath or to be sourced. */
export function zshScript(tree: CompletedCommand): string {
  return `#compdef ${tree.name}
${posixTable(tree)}

_starling() {
  local at=${tree.name} flags commands files kind values word i
  for ((i = 2; i <= CURRENT; i++)); do
    word=\${words[i]}
    _starling_at "$at" "\${words[i-1]}"
    if ((i < CURRENT)) && [[ -z $kind && " $commands " == *" $word "* ]]; then at+=" $word"; fi
  done
  case $kind in
    choices) compadd -- \${=values} ;;
    folder) _files -/ ;;
    file) _files ;;
    other) ;;
    *)
      if [[ $word == -* ]]; then
        compadd -- \${=flags}
      else
        [[ -n $commands ]] && compadd -- \${=commands}
        [[ $files == yes ]] && _files
      fi
      ;;
  esac
  return 0
}
if [[ $funcstack[1] == _${tree.name} ]]; then _starling "$@"; else compdef _starling ${tree.name}; fi`
}
