# Completion of leprechaun for bash: source it, or put it into /etc/bash_completion.d.
# The program itself tells what may follow: candidates, each with a tab and what it is, and ":files" where a file may.

_leprechaun() {
    local line=${COMP_LINE:0:COMP_POINT} current candidate
    local -a words
    read -ra words <<< "$line"
    [[ $line == *[[:space:]] ]] && words+=("")
    current=${words[-1]}
    COMPREPLY=()
    while IFS=$'\t' read -r candidate _; do
        if [[ $candidate == :files ]]; then
            compopt -o default
        else
            COMPREPLY+=("$candidate")
        fi
    done < <("${words[0]/#\~/$HOME}" __complete "${words[@]:1}" 2> /dev/null)
    # Where a colon parts words, bash puts in what stands behind the last one only.
    if [[ $current == *:* && $COMP_WORDBREAKS == *:* ]]; then
        COMPREPLY=("${COMPREPLY[@]#"${current%"${current##*:}"}"}")
    fi
}

complete -F _leprechaun leprechaun
