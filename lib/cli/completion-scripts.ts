/** What a shell sources, so that it asks varve what a word may become: `varve completion SHELL -- WORDS`. */

export const shells = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof shells)[number];

const bash = `# eval "$(varve completion bash)"   in ~/.bashrc
_varve() {
  local line=\${COMP_LINE:0:COMP_POINT} word IFS=$' \\t\\n'
  local -a words
  read -ra words <<<"$line"
  [[ $line == *[[:space:]] ]] && words+=('')
  word=\${words[-1]}
  IFS=$'\\n'
  COMPREPLY=($("\${words[0]}" completion bash -- "\${words[@]:1}" 2>/dev/null))
  # bash completes only the end of a word, from the last of : @ = on, or after it: $2.
  COMPREPLY=("\${COMPREPLY[@]#"\${word%"$2"}"}")
  [[ \${#COMPREPLY[@]} == 1 && \${COMPREPLY[0]} == *[:@] ]] && compopt -o nospace
}
complete -o default -F _varve varve
`;

const zsh = `#compdef varve
# eval "$(varve completion zsh)"   in ~/.zshrc, after compinit
_varve() {
  local -a found
  found=(\${(f)"$("\${words[1]}" completion zsh -- "\${(@)words[2,CURRENT]}" 2>/dev/null)"})
  if (( \${#found} )); then compadd -- "\${found[@]}"; else _files; fi
}
compdef _varve varve
`;

const fish = `# varve completion fish | source   in ~/.config/fish/config.fish
function __varve_complete
    varve completion fish -- (commandline -opc)[2..] (commandline -ct) 2>/dev/null
end
complete -c varve -a '(__varve_complete)'
`;

/** The script of each shell. */
export const completionScripts: Readonly<Record<Shell, string>> = { bash, zsh, fish };
