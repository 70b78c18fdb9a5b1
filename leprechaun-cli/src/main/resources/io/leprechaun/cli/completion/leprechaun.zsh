#compdef leprechaun
# Completion of leprechaun for zsh: source it after compinit, or copy it as _leprechaun to a folder of $fpath.
# The program prints the candidates, each with a tab and a description, and ":files" for file names.

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
