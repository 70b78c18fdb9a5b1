#compdef leprechaun
# Completion of leprechaun for zsh: source it behind compinit, or put it as _leprechaun into a folder of $fpath.
# The program itself tells what may follow: candidates, each with a tab and what it is, and ":files" where a file may.

_leprechaun() {
    local -a candidates
    local candidate description files
    while IFS=$'\t' read -r candidate description; do
        if [[ $candidate == :files ]]; then
            files=yes
        else
            candidates+=("${candidate//:/\\:}:$description")
        fi
    done < <("${(Q)words[1]/#\~/$HOME}" __complete "${(@Q)words[2,CURRENT]}" 2> /dev/null)
    (( $#candidates )) && _describe leprechaun candidates
    [[ -n $files ]] && _files
}

if [[ $funcstack[1] == _leprechaun ]]; then
    _leprechaun "$@"
else
    compdef _leprechaun leprechaun
fi
